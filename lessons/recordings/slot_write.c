// The first touch of a 2 MiB slot is a write: private file, shared file and anonymous memory.
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
	volatile unsigned char *p = mmap((void *)0x40000000, 8 * PAGE, RW, MAP_PRIVATE, fd, 0);
	volatile unsigned char *s = mmap((void *)0x50000000, 8 * PAGE, RW, MAP_SHARED, fd, 8 * PAGE);
	volatile unsigned char *a = mmap((void *)0x60000000, 8 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile unsigned char *z = mmap((void *)0x70000000, 8 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile unsigned char *x = mmap((void *)0x80000000, 8 * PAGE, RW | PROT_EXEC, MAP_PRIVATE, fd, 0);
	p[PAGE] = 1;
	s[PAGE] = 2;
	a[PAGE] = 3;
	z[PAGE] = 4;
	x[PAGE] = 5;
	p[2 * PAGE] = 6;
	s[2 * PAGE] = 7;
	a[2 * PAGE] = 8;
	z[2 * PAGE] = 9;
	x[2 * PAGE] = 10 + x[3 * PAGE];
	x[3 * PAGE] = 11;
	printf("%d\n", p[PAGE] + s[PAGE] + a[PAGE] + z[PAGE] + x[PAGE] + p[2 * PAGE] + s[2 * PAGE] + a[2 * PAGE] + z[2 * PAGE] + x[2 * PAGE]);
	return 0;
}
