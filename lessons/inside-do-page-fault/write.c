// Write to a mapping that may only be read.
// files: data.bin=7+100
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	p[0] = 1;
	printf("still alive\n");
	return 0;
}
