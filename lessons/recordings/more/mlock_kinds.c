// mlock on memory of every kind, written pages, and what munlock and munmap make of them.
// files: data.bin=64, other.bin=8
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDWR), other = open("other.bin", O_RDONLY), sum = 0;
	char *a = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *r = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *s = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *c = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 16 * PAGE);
	char *h = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *n = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE, other, 0);
	char *past = mmap(NULL, 16 * PAGE, PROT_READ, MAP_SHARED, other, 0);
	a[3 * PAGE] = 3;
	c[2 * PAGE] = 2;
	sum += s[0];
	printf("%d", mlock(a, 16 * PAGE));
	printf(" %d", mlock(r, 4 * PAGE));
	printf(" %d", mlock(s, 8 * PAGE));
	printf(" %d", mlock(c, 8 * PAGE));
	printf(" %d", mlock(h, 4 * PAGE));
	printf(" %d", mlock(n, 4 * PAGE));
	printf(" %d", errno);
	printf(" %d", mlock(past, 16 * PAGE));
	printf(" %d\n", errno);
	a[4 * PAGE] = 4;
	s[1 * PAGE] = 1;
	c[1 * PAGE] = 1;
	h[1 * PAGE] = 1;
	sum += r[0] + past[PAGE];
	printf("%d ", munlock(a, 8 * PAGE));
	printf("%d\n", munlock(c, 8 * PAGE));
	printf("%d\n", madvise(a, 8 * PAGE, MADV_DONTNEED));
	munmap(s, 4 * PAGE);
	munmap(c, 8 * PAGE);
	munmap(h, 4 * PAGE);
	printf("%d %d %d\n", a[3 * PAGE], a[9 * PAGE], sum);
	return 0;
}
