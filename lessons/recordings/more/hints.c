// Hints, taken and refused, and a page-unaligned one.
// files: data.bin=40
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	void *r[10];
	r[0] = mmap((void *)0x30000000, 3 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	r[1] = mmap((void *)0x30001000, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	r[2] = mmap((void *)0x30003123, PAGE + 1, PROT_READ, MAP_SHARED, fd, PAGE);
	r[3] = mmap((void *)0x1000, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	r[4] = mmap((void *)0xbf000000, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	r[5] = mmap((void *)0xbefde000, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	r[6] = mmap((void *)0xbf800000, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	r[7] = mmap((void *)0xbef00000, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	r[8] = mmap((void *)0xb8000001, 70000, PROT_READ, MAP_PRIVATE, fd, 2 * PAGE);
	r[9] = mmap((void *)0x2fffe000, 3 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	volatile char *a = r[0], *b = r[2], *c = r[8];
	int sum = a[0] + b[0] + c[16 * PAGE];
	printf("%d\n", sum);
	return 0;
}
