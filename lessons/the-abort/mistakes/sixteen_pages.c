// Touch four pages, 64 KiB apart.
// files: data.bin=2048
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define KIB 1024
#define STRIDE (64 * KIB)

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap((void *)0x40000000, 8192 * KIB, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 4; i++)
		sum += p[i * STRIDE];
	printf("%d\n", sum);
	return 0;
}
