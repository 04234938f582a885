// Touch a page in the middle of a file, and then one a little below.
// files: data.bin=512
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap((void *)0x40000000, 512 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = p[196 * PAGE];
	sum += p[179 * PAGE];
	printf("%d\n", sum);
	return 0;
}
