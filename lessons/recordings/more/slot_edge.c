// Fault-around stops at the end of a page table (2 MiB).
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
	volatile char *p = mmap((void *)0x401f0000, 40 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
	int sum = p[15 * PAGE] + p[16 * PAGE] + p[0] + p[39 * PAGE];
	printf("%d\n", sum);
	return 0;
}
