// Read a long stretch of a file, page by page.
// files: data.bin=256
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 160

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap((void *)0x40000000, 256 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < PAGES; i++)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
