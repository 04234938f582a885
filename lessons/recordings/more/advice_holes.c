// madvise across a hole does what it can and returns ENOMEM.
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
	munmap((void *)p + 20 * PAGE, 10 * PAGE);
	int a = madvise((void *)p, 64 * PAGE, MADV_WILLNEED);
	int b = madvise((void *)p + 10 * PAGE, 30 * PAGE, MADV_DONTNEED);
	int c = madvise((void *)p + 20 * PAGE, 10 * PAGE, MADV_DONTNEED);
	int d = madvise((void *)p + 10 * PAGE, 30 * PAGE, MADV_SEQUENTIAL);
	usleep(10000);
	int sum = p[0] + p[19 * PAGE] + p[30 * PAGE] + p[63 * PAGE];
	printf("%d %d %d %d %d\n", a, b, c, d, sum);
	return 0;
}
