// PROT_READ | PROT_EXEC: the page table entries lack XN.
// files: data.bin=24
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
	volatile char *p = mmap(NULL, 24 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	int sum = p[0] + p[20 * PAGE];
	printf("%d\n", sum);
	return 0;
}
