// madvise PAGEOUT reclaims pages at once; what others map, or what was written to, stays longer.
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
	char *q = mmap(NULL, 8 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	char *a = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("start\n");
	fflush(stdout);
	for (int i = 0; i < 24; i++)
		sum += p[i * PAGE];
	sum += q[0];
	a[0] = 1, a[1 * PAGE] = 1;
	printf("%d\n", madvise(p, 16 * PAGE, MADV_PAGEOUT));
	sum += p[12 * PAGE] + p[2 * PAGE];
	printf("%d\n", madvise(a, 8 * PAGE, MADV_PAGEOUT));
	a[0] = 2, sum += a[1 * PAGE];
	printf("%d\n", sum);
	return 0;
}
