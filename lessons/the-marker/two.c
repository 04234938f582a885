// Touch two pages.
// files: data.bin=256
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap((void *)0x40000000, 256 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = p[0];
	sum += p[1 * PAGE];
	printf("%d\n", sum);
	return 0;
}
