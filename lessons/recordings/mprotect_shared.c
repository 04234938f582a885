// mprotect on dirty shared pages: a page that is dirty already becomes writable at once, a clean one faults.
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
	int fd = open("data.bin", O_RDWR);
	volatile unsigned char *p = mmap(NULL, 16 * PAGE, RW, MAP_SHARED, fd, 0);
	int a = p[0];
	p[0] = 1;
	p[3 * PAGE] = 2;
	mprotect((void *)p, 16 * PAGE, PROT_READ);
	a += p[0] + p[3 * PAGE];
	mprotect((void *)p, 16 * PAGE, RW);
	p[0] = 3;
	p[4 * PAGE] = 4;
	mprotect((void *)p, 4 * PAGE, PROT_READ);
	msync((void *)p, 16 * PAGE, MS_SYNC);
	mprotect((void *)p, 4 * PAGE, RW);
	p[0] = 5;
	p[4 * PAGE] = 6;
	mprotect((void *)(p + 4 * PAGE), PAGE, PROT_READ);
	printf("%d %d %d\n", a, p[0], p[4 * PAGE]);
	fflush(stdout);
	p[4 * PAGE] = 7;
	return 0;
}
