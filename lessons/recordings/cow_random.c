// Private writes with MADV_RANDOM and MADV_SEQUENTIAL, over a mapping without fault-around.
// files: data.bin=64
// machine: fault_around_bytes=4096
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile unsigned char *p = mmap(NULL, 64 * PAGE, RW, MAP_PRIVATE, fd, 0);
	int i, sum = 0;
	madvise((void *)p, 32 * PAGE, MADV_RANDOM);
	madvise((void *)(p + 32 * PAGE), 32 * PAGE, MADV_SEQUENTIAL);
	for (i = 3; i < 32; i += 7)
		p[i * PAGE] += i;
	sum += p[4 * PAGE];
	p[4 * PAGE] = 1;
	p[40 * PAGE] = 2;
	p[41 * PAGE] = 3;
	sum += p[42 * PAGE];
	p[42 * PAGE] = 4;
	for (i = 0; i < 64; i += 3)
		sum = sum * 3 + p[i * PAGE];
	printf("%d\n", sum);
	munmap((void *)p, 32 * PAGE);
	return 0;
}
