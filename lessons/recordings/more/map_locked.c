// MAP_LOCKED, MAP_POPULATE and MAP_NONBLOCK on mappings of every kind.
// files: data.bin=96
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDWR), sum = 0;
	char *p = mmap(NULL, 16 * PAGE, PROT_READ, MAP_PRIVATE | MAP_LOCKED, fd, 0);
	sum += p[0] + p[15 * PAGE];
	char *w = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_LOCKED, fd, 48 * PAGE);
	w[0] = 1;
	char *s = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 64 * PAGE);
	s[0] = 1, s[7 * PAGE] = 1;
	char *a = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	a[0] = 1;
	char *n = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE | MAP_POPULATE | MAP_NONBLOCK, fd, 80 * PAGE);
	sum += n[0];
	char *l = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE | MAP_LOCKED | MAP_NONBLOCK, fd, 32 * PAGE);
	sum += l[0];
	char *h = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	h[0] = 1, sum += h[PAGE];
	munmap(p + 4 * PAGE, 4 * PAGE);
	mmap(p, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	munmap(w, 8 * PAGE);
	printf("%d\n", mprotect(p + 8 * PAGE, 8 * PAGE, PROT_READ | PROT_WRITE));
	p[8 * PAGE] = 1;
	printf("%d\n", sum);
	return 0;
}
