// Add up one byte of each of 64 pages.
// files: data.bin=64
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int sum;

void take(volatile char *p, int from, int to)
{
	for (int i = from; i < to; i++)
		sum += p[i * PAGE];
}

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 64 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	take(p, 0, 64);
	printf("%d\n", sum);
	return 0;
}
