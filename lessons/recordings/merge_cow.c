// Merging after private copies: parts of one mapping join again, and so do neighbours that wrote one after the other.
// files: data.bin=16
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
	volatile unsigned char *p = mmap(NULL, 8 * PAGE, RW, MAP_PRIVATE, fd, 0), *a, *b, *q;
	p[0] = 1;
	p[5 * PAGE] = 2;
	mprotect((void *)(p + 2 * PAGE), 2 * PAGE, PROT_READ);
	mprotect((void *)(p + 2 * PAGE), 2 * PAGE, RW);
	q = mmap((void *)(p - 8 * PAGE), 4 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, fd, 8 * PAGE);
	q[0] = 3;
	a = mmap((void *)0x50000000, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	a[0] = 4;
	b = mmap((void *)0x50002000, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b[0] = 5;
	b = mmap((void *)0x50006000, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b[0] = 6;
	b = mmap((void *)0x50004000, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b[0] = 7;
	a = mmap((void *)0x60000000, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b = mmap((void *)0x60002000, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b[0] = 8;
	mprotect((void *)a, 2 * PAGE, RW);
	a[0] = 9;
	a = mmap((void *)0x70000000, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b = mmap((void *)0x70002000, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	b[0] = 8;
	mprotect((void *)a, PAGE, RW);
	a[0] = 9;
	mprotect((void *)(a + PAGE), PAGE, RW);
	printf("%d %d\n", p[0] + p[5 * PAGE] + q[0], a[0] + b[0]);
	return 0;
}
