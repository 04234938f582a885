// msync and fsync clean what was written; the next write to each page faults again.
// files: data.bin=24
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	volatile unsigned char *p = mmap(NULL, 24 * PAGE, RW, MAP_SHARED, fd, 0);
	volatile unsigned char *q = mmap(NULL, 8 * PAGE, RW, MAP_SHARED, fd, 4 * PAGE);
	int i, a;
	a = msync((void *)p, 24 * PAGE, MS_SYNC);
	for (i = 0; i < 12; i++)
		p[i * PAGE] = i;
	q[PAGE] = 50;
	a += q[2 * PAGE];
	a += msync((void *)p, 24 * PAGE, MS_ASYNC);
	p[0] = 60;
	a += msync((void *)(p + 2 * PAGE), 6 * PAGE, MS_SYNC);
	p[0] = 61;
	p[5 * PAGE] = 62;
	q[2 * PAGE] = 63;
	a += fsync(fd);
	q[PAGE] = 64;
	p[12 * PAGE] = 65;
	a += fdatasync(fd);
	a += msync((void *)p, 24 * PAGE, MS_SYNC);
	p[12 * PAGE] = 66;
	printf("%d %d %d %d\n", a, p[0], p[5 * PAGE], p[6 * PAGE]);
	return 0;
}
