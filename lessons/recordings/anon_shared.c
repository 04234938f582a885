// Shared anonymous memory: a page that was read is writable and clean; writing marks it dirty, writing first is major.
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
	volatile unsigned int *p = mmap(NULL, 8 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i;
	unsigned int sum = p[0];
	p[0] = 1;
	p[1024] = 2;
	p[1024] += 3;
	sum += p[2048];
	sum += p[3 * 1024];
	for (i = 2; i < 6; i++)
		p[i * 1024 + i] += i;
	mprotect((void *)p, 4 * PAGE, PROT_READ);
	for (i = 0; i < 6; i++)
		sum = sum * 7 + p[i * 1024 + i];
	mprotect((void *)p, 4 * PAGE, RW);
	p[0] = 9;
	p[1] = 9;
	printf("%u %u\n", sum, p[0]);
	msync((void *)p, 8 * PAGE, MS_SYNC);
	madvise((void *)p, 8 * PAGE, MADV_DONTNEED);
	printf("%u %u\n", p[0], p[1024]);
	p[0] += 1;
	munmap((void *)p, 8 * PAGE);
	return 0;
}
