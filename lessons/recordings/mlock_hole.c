// mlock reads pages in and keeps them; a hole in the range is an error after the part before it is locked.
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
	int fd = open("data.bin", O_RDONLY), sum = 0;
	char *p = mmap(NULL, 32 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	sum += p[3 * PAGE];
	munmap(p + 12 * PAGE, 4 * PAGE);
	int r = mlock(p + 2 * PAGE, 20 * PAGE);
	printf("%d %d\n", r, errno);
	r = mlock(p + 5, 10 * PAGE);
	printf("%d\n", r);
	r = mlock(p + 20 * PAGE, 8 * PAGE);
	printf("%d\n", r);
	r = madvise(p, 4 * PAGE, MADV_DONTNEED);
	printf("%d %d\n", r, errno);
	r = msync(p + 20 * PAGE, PAGE, MS_INVALIDATE);
	printf("%d %d\n", r, errno);
	sum += p[0] + p[24 * PAGE] + p[31 * PAGE];
	r = munlock(p + 4 * PAGE, 2 * PAGE);
	printf("%d\n", r);
	r = munlock(p + 10 * PAGE, 10 * PAGE);
	printf("%d %d\n", r, errno);
	r = madvise(p + 4 * PAGE, 2 * PAGE, MADV_DONTNEED);
	printf("%d\n", r);
	sum += p[4 * PAGE];
	munmap(p, 8 * PAGE);
	printf("%d\n", sum);
	return 0;
}
