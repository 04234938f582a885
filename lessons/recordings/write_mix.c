// Read-modify-write on two views of one file: shared writes are seen by both, private ones by neither other.
// files: data.bin=48
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
	volatile unsigned char *s = mmap(NULL, 48 * PAGE, RW, MAP_SHARED, fd, 0);
	volatile unsigned char *p = mmap(NULL, 48 * PAGE, RW, MAP_PRIVATE, fd, 0);
	int i, sum = 0;
	for (i = 0; i < 6; i++)
		s[i * PAGE + 5] += i + 1;
	for (i = 2; i < 8; i++)
		p[i * PAGE + 5] ^= 0x55;
	*(volatile int *)(s + 4 * PAGE - 2) = 0x01020304;
	s[2 * PAGE + 5] = 200;
	s[9 * PAGE + 5] = 201;
	for (i = 0; i < 10; i++)
		sum = sum * 3 + s[i * PAGE + 5] + p[i * PAGE + 5];
	printf("%d %d %d %d %d\n", sum, p[2 * PAGE + 5], p[9 * PAGE + 5], p[4 * PAGE], s[4 * PAGE]);
	return 0;
}
