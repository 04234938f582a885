// Touch one page of a file.
// files: data.bin=512
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 512 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int value = p[256 * PAGE];
	printf("%d\n", value);
	return 0;
}
