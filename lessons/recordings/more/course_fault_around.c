// Read a file three times: from the disk, from the page cache, and at another address.
// files: data.bin=64
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES 64

int sum_at(int fd, void *where)
{
	volatile char *p = mmap(where, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < PAGES; i++)
		sum += p[i * PAGE];
	munmap((void *)p, PAGES * PAGE);
	return sum;
}

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	int cold = sum_at(fd, NULL);
	int warm = sum_at(fd, NULL);
	int moved = sum_at(fd, (void *)0x40000000);
	printf("%d %d %d\n", cold, warm - cold, moved - cold);
	return 0;
}
