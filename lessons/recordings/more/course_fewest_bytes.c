// Read one byte of each of four pages, far from each other.
// files: data.bin=512
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 512 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = p[70 * PAGE] + p[174 * PAGE] + p[247 * PAGE] + p[345 * PAGE];
	printf("%d\n", sum);
	return 0;
}
