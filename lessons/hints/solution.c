// Advise the two parts of the mapping differently.
// files: data.bin=512
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 512

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	madvise((void *)p, 32 * PAGE, MADV_WILLNEED);
	madvise((void *)(p + 32 * PAGE), (PAGES - 32) * PAGE, MADV_RANDOM);
	usleep(20000);
	int sum = 0;
	for (int i = 0; i < 32; i++)
		sum += p[i * PAGE];
	for (int i = 1; i <= 8; i++)
		sum += p[(32 + i * 53) * PAGE];
	printf("%d\n", sum);
	return 0;
}
