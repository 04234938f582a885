// MAP_FIXED over existing mappings; MAP_FIXED_NOREPLACE beside and over them.
// files: data.bin=64
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
	volatile char *p = mmap((void *)0x40000000, 16 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
	int sum = p[0] + p[8 * PAGE];
	void *r[8];
	r[0] = mmap((void *)0x40004000, 4 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 40 * PAGE);
	r[1] = mmap((void *)0x40004000, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 40 * PAGE);
	r[2] = mmap((void *)0x40010000, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 16 * PAGE);
	r[3] = mmap((void *)0x3ffff000, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 0);
	r[4] = mmap((void *)0x40000000, 32 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
	r[5] = mmap((void *)0, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
	r[6] = mmap((void *)0x10000000, PAGE, PROT_NONE, MAP_PRIVATE | MAP_FIXED, fd, 0);
	r[7] = mmap((void *)0xb0000000, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0x7ffff000);
	sum += p[4 * PAGE] + p[31 * PAGE];
	printf("%d\n", sum);
	return 0;
}
