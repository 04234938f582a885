// Read the same byte ten times.
// files: data.bin=16
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 16 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 10; i++) {
		sum += p[5 * PAGE];
	}
	printf("%d\n", sum);
	return 0;
}
