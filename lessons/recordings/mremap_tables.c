// mremap carries PTEs from page table to page table, over holes, to addresses that lie differently in 2 MiB.
// files: data.bin=600
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY), sum = 0;
	char *p = mmap((void *)0x60000000, 1200 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *f = mmap((void *)0x50000000, 600 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	p[0] = 1, p[300 * PAGE] = 2, p[1199 * PAGE] = 3;
	sum += p[5 * PAGE];
	sum += f[0] + f[510 * PAGE] + f[599 * PAGE];
	char *q = mremap(p, 1200 * PAGE, 1200 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0x70000000);
	printf("%d %d %d %d\n", q[0], q[300 * PAGE], q[1199 * PAGE], q[5 * PAGE]);
	q = mremap(q, 1200 * PAGE, 1200 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0x600ff000);
	printf("%d %d %d %d\n", q[0], q[300 * PAGE], q[1199 * PAGE], q[5 * PAGE]);
	q[400 * PAGE] = 4;
	char *g = mremap(f, 600 * PAGE, 600 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0x40123000);
	sum += g[0] + g[510 * PAGE] + g[599 * PAGE] + g[520 * PAGE];
	munmap(q + 100 * PAGE, 100 * PAGE);
	q = mremap(q + 200 * PAGE, 1000 * PAGE, 1100 * PAGE, MREMAP_MAYMOVE);
	printf("%d %d %d %d\n", q != MAP_FAILED, q[100 * PAGE], q[200 * PAGE], q[999 * PAGE]);
	printf("%d\n", sum);
	return 0;
}
