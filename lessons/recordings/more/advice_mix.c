// RANDOM and SEQUENTIAL on parts of a mapping split it; NORMAL merges it again.
// files: data.bin=96
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
	volatile char *p = mmap(NULL, 96 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	madvise((void *)p + 32 * PAGE, 32 * PAGE, MADV_RANDOM);
	int sum = p[0] + p[40 * PAGE] + p[41 * PAGE] + p[70 * PAGE];
	madvise((void *)p + 64 * PAGE, 16 * PAGE, MADV_SEQUENTIAL);
	sum += p[64 * PAGE] + p[79 * PAGE] + p[90 * PAGE];
	madvise((void *)p + 32 * PAGE, 48 * PAGE, MADV_NORMAL);
	sum += p[33 * PAGE] + p[60 * PAGE];
	madvise((void *)p + 16 * PAGE, 64 * PAGE, MADV_RANDOM);
	madvise((void *)p, 16 * PAGE, MADV_RANDOM);
	usleep(5000);
	sum += p[20 * PAGE];
	printf("%d\n", sum);
	return 0;
}
