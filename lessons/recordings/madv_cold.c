// madvise COLD makes pages old: the next touch faults, and reclaim takes them first.
// files: data.bin=64
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
	char *p = mmap(NULL, 32 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	char *a = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 24; i++)
		sum += p[i * PAGE];
	for (int i = 0; i < 8; i++)
		a[i * PAGE] = i;
	printf("%d\n", madvise(p, 16 * PAGE, MADV_COLD));
	sum += p[2 * PAGE] + p[20 * PAGE];
	printf("%d\n", madvise(a, 16 * PAGE, MADV_COLD));
	sum += a[2 * PAGE];
	a[3 * PAGE] = 3;
	char *q = mmap(NULL, 8 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	sum += q[0];
	printf("%d\n", madvise(p, 8 * PAGE, MADV_COLD));
	sum += p[4 * PAGE] + q[4 * PAGE];
	printf("%d\n", mlock(q, PAGE));
	printf("%d ", madvise(q, 8 * PAGE, MADV_COLD));
	printf("%d\n", errno);
	munmap(p, 32 * PAGE);
	printf("%d\n", sum);
	return 0;
}
