// Map two parts of a file, the first part once more, and then mend a hole.
// files: data.bin=32
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 6

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	char *a = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	char *b = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, PAGES * PAGE);
	char *c = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	munmap(b + PAGE, PAGE);
	char *d = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, (PAGES + 1) * PAGE);
	printf("%d %d %d\n", (int)(a - b) / PAGE, (int)(b - c) / PAGE, (int)(d - b) / PAGE);
	return 0;
}
