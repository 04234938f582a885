// Touch the only page of a mapping of a file.
// files: data.bin=512
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 256 * PAGE);
	int value = p[0];
	printf("%d\n", value);
	return 0;
}
