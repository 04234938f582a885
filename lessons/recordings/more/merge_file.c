// File mappings which continue each other merge; other offsets and files do not.
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
	char *a = mmap((void *)0x40000000, 4 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
	char *b = mmap((void *)0x40008000, 4 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 8 * PAGE);
	int sum = a[0] + b[PAGE];
	char *c = mmap((void *)0x40004000, 4 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 4 * PAGE);
	sum += c[0] + a[11 * PAGE];
	int fd2 = open("data.bin", O_RDONLY);
	char *d = mmap((void *)0x4000c000, 4 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd2, 12 * PAGE);
	mprotect(a + 2 * PAGE, 2 * PAGE, PROT_NONE);
	mprotect(a + 4 * PAGE, 2 * PAGE, PROT_NONE);
	mprotect(a + 2 * PAGE, 4 * PAGE, PROT_READ);
	munmap(a + 4 * PAGE, PAGE);
	sum += d[0];
	printf("%d\n", sum);
	return 0;
}
