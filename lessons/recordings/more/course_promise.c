// Ask for more than there is, close the file, and only then read.
// files: data.bin=24
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define LENGTH 20479000
#define READ_WRITE (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	void *shared = mmap(NULL, LENGTH, READ_WRITE, MAP_SHARED, fd, 0);
	volatile char *p = mmap(NULL, LENGTH, READ_WRITE, MAP_PRIVATE, fd, 0);
	close(fd);
	printf("%d %d\n", shared == MAP_FAILED, p[0]);
	return 0;
}
