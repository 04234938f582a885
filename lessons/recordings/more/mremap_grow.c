// A mapping grows: in place where there is room, elsewhere where there is none, and not at all if it may not move.
// files: data.bin=64
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	char *p = mmap(NULL, 8 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	p[0] = 'a';
	p[7 * 4096] = 'b';
	char *q = mremap(p, 8 * 4096, 16 * 4096, 0);
	printf("%d %d\n", q == MAP_FAILED, q == MAP_FAILED ? errno : 0);
	q = mremap(p, 8 * 4096, 16 * 4096, MREMAP_MAYMOVE);
	printf("%d %c%c\n", q == p, q[0], q[7 * 4096]);
	q[15 * 4096] = 'c';
	char *r = mremap(q, 16 * 4096, 4 * 4096, 0);
	printf("%d\n", r == q);
	r = mremap(q, 4 * 4096, 12 * 4096, 0);
	printf("%d %c\n", r == q, r[8 * 4096] + 'a');
	char *m = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 4; i++)
		m[i * 4096] = 'A' + i;
	char *n = mremap(m, 4 * 4096, 600 * 4096, MREMAP_MAYMOVE);
	for (int i = 0; i < 4; i++)
		putchar(n[i * 4096]);
	putchar('\n');
	n[599 * 4096] = 1;
	munmap(n, 600 * 4096);
	munmap(r, 12 * 4096);
	return 0;
}
