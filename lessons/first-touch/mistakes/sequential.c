// Advise sequential reading.
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
	madvise((void *)p, PAGES * PAGE, MADV_SEQUENTIAL);
	int sum = 0;
	for (int i = 0; i < PAGES; i++)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	munmap((void *)p, PAGES * PAGE);
	close(fd);
	return 0;
}
