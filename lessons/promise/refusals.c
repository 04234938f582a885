// Three mappings, and the kernel grants them all.
// files: data.bin=4
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	void *a = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	void *b = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	void *c = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	printf("%d\n", (a == MAP_FAILED) + (b == MAP_FAILED) + (c == MAP_FAILED));
	return 0;
}
