// Leave the loop out.
// files: data.bin=64
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 64

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	(void)p;
	printf("%d\n", sum);
	munmap((void *)p, PAGES * PAGE);
	close(fd);
	return 0;
}
