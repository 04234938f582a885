// Read one byte of each of 64 pages.
// files: data.bin=64
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 64

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < PAGES; i++)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
