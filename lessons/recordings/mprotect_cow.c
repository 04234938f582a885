// mprotect around private copies: what was copied is written again after one fault, without a second copy.
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
	volatile unsigned char *p = mmap(NULL, 16 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int a = p[0];
	mprotect((void *)p, 8 * PAGE, RW);
	p[0] = 1;
	p[2 * PAGE] = 2;
	mprotect((void *)p, 8 * PAGE, PROT_READ);
	a += p[0] + p[2 * PAGE];
	mprotect((void *)p, 16 * PAGE, RW);
	p[0] = 3;
	p[3 * PAGE] = 4;
	p[9 * PAGE] = 5;
	mprotect((void *)(p + 2 * PAGE), PAGE, PROT_NONE);
	mprotect((void *)(p + 2 * PAGE), PAGE, RW);
	p[2 * PAGE] += 6;
	printf("%d %d %d %d %d\n", a, p[0], p[2 * PAGE], p[3 * PAGE], p[9 * PAGE]);
	return 0;
}
