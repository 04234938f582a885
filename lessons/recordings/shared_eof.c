// Shared writes around the end of a file: the last page may be written to its end, the next one is SIGBUS.
// files: data.bin=6+100
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
	volatile unsigned char *p = mmap(NULL, 8 * PAGE, RW, MAP_SHARED, fd, 0);
	p[6 * PAGE + 99] = 1;
	p[6 * PAGE + 100] = 2;
	p[7 * PAGE - 1] = 3;
	p[5 * PAGE] = 4;
	msync((void *)p, 8 * PAGE, MS_SYNC);
	printf("%d %d %d\n", p[6 * PAGE + 99], p[6 * PAGE + 100], p[7 * PAGE - 1]);
	p[6 * PAGE] = 5;
	munmap((void *)p, 8 * PAGE);
	p = mmap(NULL, 8 * PAGE, RW, MAP_PRIVATE, fd, 0);
	p[6 * PAGE + 1] += 1;
	printf("%d %d %d %d\n", p[6 * PAGE], p[6 * PAGE + 99], p[6 * PAGE + 100], p[5 * PAGE]);
	fflush(stdout);
	p[7 * PAGE] = 6;
	return 0;
}
