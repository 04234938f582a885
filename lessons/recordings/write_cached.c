// Writes to pages that are cached but not mapped, shared and private, the readahead marker among them.
// files: data.bin=64
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDWR), other = open("data.bin", O_RDWR);
	volatile unsigned char *r = mmap(NULL, 64 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	volatile unsigned char *s = mmap(NULL, 64 * PAGE, RW, MAP_SHARED, fd, 0);
	volatile unsigned char *p = mmap(NULL, 64 * PAGE, RW, MAP_PRIVATE, other, 0);
	int a = r[10 * PAGE];
	s[10 * PAGE] = 1;
	s[11 * PAGE] = 2;
	s[12 * PAGE] = 3;
	p[11 * PAGE] = 4;
	p[13 * PAGE] = 5;
	a += s[13 * PAGE];
	s[40 * PAGE] = 6;
	p[41 * PAGE] = 7;
	p[56 * PAGE] = 8;
	s[56 * PAGE] = 9;
	printf("%d %d %d %d\n", a, r[11 * PAGE], p[10 * PAGE], r[56 * PAGE]);
	return 0;
}
