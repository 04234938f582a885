// MADV_SEQUENTIAL, read backwards.
// files: data.bin=64
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
	volatile char *p = mmap(NULL, 64 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	madvise((void *)p, 64 * PAGE, MADV_SEQUENTIAL);
	int sum = 0;
	for (int i = 63; i >= 0; i -= 3) {
		sum += p[i * PAGE];
		usleep(2000);
	}
	printf("%d\n", sum);
	return 0;
}
