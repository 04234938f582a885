// Nothing to map, writing to a file that was opened for reading, and a directory.
// files: data.bin=4
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	void *a = mmap(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0);
	void *b = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	void *c = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, open(".", O_RDONLY), 0);
	printf("%d\n", (a == MAP_FAILED) + (b == MAP_FAILED) + (c == MAP_FAILED));
	return 0;
}
