// Three touches: one in a mapping, one far below the stack, one in a hole.
// files: data.bin=32
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define HOLE 26

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 32 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	munmap((void *)(p + HOLE * PAGE), PAGE);
	int sum = p[0];
	volatile char *deep = (volatile char *)0xbf000000 - 0x300000;
	*deep = 1;
	printf("%d\n", sum + *deep);
	fflush(stdout);
	return p[HOLE * PAGE];
}
