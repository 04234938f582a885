// madvise FREE: pages that may be dropped unless they are written to again.
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
	char *a = mmap(NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *s = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *f = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	for (int i = 0; i < 20; i++)
		a[i * PAGE] = i;
	sum += a[25 * PAGE];
	s[0] = 1, f[0] = 1;
	printf("%d\n", madvise(a, 32 * PAGE, MADV_FREE));
	sum += a[3 * PAGE];
	a[4 * PAGE] = 44;
	a[25 * PAGE] = 25;
	printf("%d ", madvise(s, PAGE, MADV_FREE));
	printf("%d\n", errno);
	printf("%d ", madvise(f, PAGE, MADV_FREE));
	printf("%d\n", errno);
	printf("%d\n", madvise(a, 8 * PAGE, MADV_FREE));
	sum += a[4 * PAGE] + a[5 * PAGE];
	printf("%d\n", madvise(a + 8 * PAGE, 4 * PAGE, MADV_DONTNEED));
	a[9 * PAGE] = 9;
	munmap(a, 8 * PAGE);
	printf("%d\n", sum);
	return 0;
}
