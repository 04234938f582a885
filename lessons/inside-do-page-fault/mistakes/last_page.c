// Read behind the last byte of the file.
// files: data.bin=7+100
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int last = p[7 * PAGE + 200];
	printf("%d\n", last);
	return 0;
}
