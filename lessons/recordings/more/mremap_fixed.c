// mremap to an address of one's own: over another mapping, over a hole, onto itself.
// files: data.bin=64
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	char *arena = mmap(NULL, 64 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *p = mmap(arena, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 8 * 4096);
	char *a = mmap(arena + 16 * 4096, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	a[0] = 'x';
	p[4096] = 'y';
	int sum = p[3 * 4096];
	char *q = mremap(p, 8 * 4096, 8 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, arena + 16 * 4096);
	printf("%d %c\n", q == arena + 16 * 4096, q[4096]);
	munmap(arena + 32 * 4096, 8 * 4096);
	char *r = mremap(q, 4 * 4096, 12 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, arena + 32 * 4096);
	printf("%d %c\n", r == arena + 32 * 4096, r[4096]);
	sum += r[10 * 4096];
	void *bad = mremap(r, 4 * 4096, 4 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, r + 4096);
	printf("%d %d\n", bad == MAP_FAILED, errno);
	bad = mremap(r, 4 * 4096, 4 * 4096, MREMAP_FIXED, arena);
	printf("%d %d\n", bad == MAP_FAILED, errno);
	bad = mremap(r, 4 * 4096, 4 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, arena + 100);
	printf("%d %d\n", bad == MAP_FAILED, errno);
	return sum & 0;
}
