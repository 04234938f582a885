// Map a file and read one byte of each of its pages.
// files: data.bin=8
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 8 * 4096, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 8; i++)
		sum += p[i * 4096];
	printf("%d\n", sum);
	return 0;
}
