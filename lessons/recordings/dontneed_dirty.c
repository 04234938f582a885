// MADV_DONTNEED on written memory: private copies are lost, what a shared mapping wrote stays.
// files: data.bin=16
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	volatile unsigned char *a = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile unsigned char *p = mmap(NULL, 16 * PAGE, RW, MAP_PRIVATE, fd, 0);
	volatile unsigned char *s = mmap(NULL, 16 * PAGE, RW, MAP_SHARED, fd, 0);
	int sum = 0;
	a[0] = 1;
	a[PAGE] = 2;
	p[0] = 3;
	p[PAGE] = 4;
	s[PAGE] = 5;
	s[2 * PAGE] = 6;
	sum = a[0] + 2 * p[0] + 4 * p[PAGE] + 8 * s[PAGE] + 16 * p[2 * PAGE];
	madvise((void *)a, PAGE, MADV_DONTNEED);
	madvise((void *)p, 2 * PAGE, MADV_DONTNEED);
	madvise((void *)s, 16 * PAGE, MADV_DONTNEED);
	printf("%d %d %d %d %d %d %d\n", sum, a[0], a[PAGE], p[0], p[PAGE], s[PAGE], s[2 * PAGE]);
	a[0] = 7;
	p[0] = 8;
	s[2 * PAGE] = 9;
	printf("%d %d %d\n", a[0], p[0], p[2 * PAGE]);
	return 0;
}
