// Twenty megabytes in five places, each in its own first-level slot.
// files: data.bin=5120
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
	volatile char *p = mmap(NULL, 5120 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	int sum = p[0] + p[5119 * PAGE] + p[2500 * PAGE] + p[1024 * PAGE] + p[1023 * PAGE];
	printf("%d\n", sum);
	munmap((void *)p + 1000 * PAGE, 3000 * PAGE);
	sum += p[10 * PAGE] + p[4100 * PAGE];
	munmap((void *)p, 5120 * PAGE);
	return 0;
}
