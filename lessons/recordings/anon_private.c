// Private anonymous memory: the zero page, its copy, and a write that comes first; tables of two slots.
// files: data.bin=1
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	volatile unsigned int *p = mmap(NULL, 600 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile unsigned char *r;
	unsigned int sum = p[0];
	int i;
	p[0] = 1;
	p[1024] = 2;
	p[599 * 1024] = 3;
	p[1024 + 1023] = 7;
	for (i = 0; i < 600; i += 100)
		p[i * 1024 + 1] += i;
	for (i = 0; i < 600; i += 50)
		sum = sum * 5 + p[i * 1024] + p[i * 1024 + 1];
	munmap((void *)(p + 100 * 1024), 400 * PAGE);
	r = mmap(NULL, 2 * PAGE, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	r[PAGE] = 4;
	r[0] += 5;
	printf("%u %u %d %d\n", sum, p[599 * 1024], r[0], r[PAGE]);
	munmap((void *)p, 600 * PAGE);
	return 0;
}
