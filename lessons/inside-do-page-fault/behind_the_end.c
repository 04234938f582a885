// Read a page that the mapping covers and the file does not.
// files: data.bin=7+100
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 9 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int last = p[8 * PAGE];
	printf("%d\n", last);
	return 0;
}
