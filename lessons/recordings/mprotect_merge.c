// mprotect meets each of the ways in which neighbours become one mapping.
// files: data.bin=64
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDWR), sum = 0;
	char *p = mmap(NULL, 48 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	sum += p[0] + p[20 * PAGE];
	printf("%d", mprotect(p + 8 * PAGE, 8 * PAGE, RW));
	p[9 * PAGE] = 1;
	printf(" %d", mprotect(p + 16 * PAGE, 4 * PAGE, RW));
	printf(" %d", mprotect(p + 6 * PAGE, 2 * PAGE, RW));
	printf(" %d", mprotect(p + 24 * PAGE, 8 * PAGE, RW));
	printf(" %d", mprotect(p + 20 * PAGE, 4 * PAGE, RW));
	p[25 * PAGE] = 2;
	printf(" %d", mprotect(p, 48 * PAGE, PROT_READ));
	sum += p[9 * PAGE] + p[25 * PAGE];
	printf(" %d", mprotect(p + 4 * PAGE, 30 * PAGE, PROT_NONE));
	printf(" %d", mprotect(p + 30 * PAGE, 10 * PAGE, RW));
	p[31 * PAGE] = 3;
	printf(" %d\n", mprotect(p, 48 * PAGE, PROT_READ));
	sum += p[9 * PAGE] + p[31 * PAGE];
	char *a = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *b = mmap(a - 8 * PAGE, 8 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b[0] = 1;
	printf("%d", mprotect(a, 4 * PAGE, RW));
	a[0] = 1;
	printf(" %d", mprotect(a + 4 * PAGE, 4 * PAGE, RW));
	printf(" %d\n", mprotect(b, 16 * PAGE, PROT_READ));
	printf("%d\n", sum);
	fflush(stdout);
	a[0] = 2;
	return 0;
}
