// MAP_FIXED cuts into what is mapped; MAP_FIXED_NOREPLACE does not.
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
	char *p = mmap(NULL, 48 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	sum += p[0] + p[17 * PAGE] + p[40 * PAGE];
	char *q = mmap(p + 16 * PAGE, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	printf("%d %d\n", q == p + 16 * PAGE, q[PAGE]);
	q[PAGE] = 5;
	q = mmap(p + 14 * PAGE, 4 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 60 * PAGE);
	printf("%d %d\n", q == p + 14 * PAGE, q[0]);
	q = mmap(p + 10 * PAGE, 12 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 10 * PAGE);
	printf("%d\n", q == p + 10 * PAGE);
	sum += p[15 * PAGE] + p[17 * PAGE];
	q = mmap(p + 40 * PAGE, 16 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	printf("%d %d\n", q == MAP_FAILED, errno);
	q = mmap(p + 48 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	printf("%d %d\n", q == MAP_FAILED, errno);
	q = mmap(p - 4 * PAGE, 8 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 20 * PAGE);
	printf("%d\n", q == p - 4 * PAGE);
	sum += p[3 * PAGE] + p[4 * PAGE];
	q = mmap(p - 8 * PAGE, 2 * PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_FIXED_NOREPLACE, fd, 0);
	printf("%d %d\n", q == MAP_FAILED, errno);
	q = mmap(p - 8 * PAGE, 2 * PAGE, PROT_READ, MAP_SHARED_VALIDATE, fd, 0);
	printf("%d\n", q == p - 8 * PAGE);
	munmap(p, 48 * PAGE);
	printf("%d\n", sum);
	return 0;
}
