// mincore: what is in memory, for files, private memory and holes; and its errors.
// files: data.bin=64, other.bin=8
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

static void show(unsigned char *vec, int n)
{
	for (int i = 0; i < n; i++)
		printf("%d", vec[i]);
	printf("\n");
}

int main(void)
{
	unsigned char vec[64];
	int fd = open("data.bin", O_RDONLY), other = open("other.bin", O_RDWR), sum = 0;
	char *p = mmap(NULL, 64 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	printf("%d ", mincore(p, 64 * PAGE, vec)), show(vec, 64);
	sum += p[0];
	printf("%d ", mincore(p, 64 * PAGE, vec)), show(vec, 64);
	char *a = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	a[PAGE] = 1, sum += a[2 * PAGE];
	printf("%d ", mincore(a, 8 * PAGE, vec)), show(vec, 8);
	char *o = mmap(NULL, 12 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, other, 0);
	o[3 * PAGE] = 1;
	printf("%d ", mincore(o, 12 * PAGE, vec)), show(vec, 12);
	char *h = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	h[2 * PAGE] = 1;
	printf("%d ", mincore(h, 3 * PAGE + 1, vec)), show(vec, 4);
	madvise(p, 64 * PAGE, MADV_DONTNEED);
	printf("%d ", mincore(p, 40 * PAGE, vec)), show(vec, 40);
	munmap(p + 8 * PAGE, 2 * PAGE);
	for (int i = 0; i < 16; i++)
		vec[i] = 7;
	printf("%d ", mincore(p, 16 * PAGE, vec));
	printf("%d ", errno), show(vec, 16);
	printf("%d ", mincore(p + 1, PAGE, vec)), printf("%d\n", errno);
	printf("%d ", mincore(p, 0, vec)), printf("%d\n", errno);
	printf("%d ", mincore(p, PAGE, (unsigned char *)0xc0000000)), printf("%d\n", errno);
	printf("%d ", mincore(p, PAGE, (unsigned char *)0x100)), printf("%d\n", errno);
	printf("%d ", mincore((void *)0xbf000000, PAGE, vec)), printf("%d\n", errno);
	printf("%d ", mincore(p, 0xf0000000, vec)), printf("%d\n", errno);
	printf("%d\n", sum);
	return 0;
}
