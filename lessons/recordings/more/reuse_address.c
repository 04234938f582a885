// An address is given out again after munmap, for another file.
// files: data.bin=20, other.bin=33
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	int other = open("other.bin", O_RDONLY);
	int sum = 0;
	for (int i = 0; i < 3; i++) {
		volatile char *p = mmap(NULL, 20 * PAGE, PROT_READ, MAP_PRIVATE, i == 1 ? other : fd, 0);
		sum += p[3 * PAGE] + p[19 * PAGE];
		munmap((void *)p, 20 * PAGE);
	}
	printf("%d\n", sum);
	return 0;
}
