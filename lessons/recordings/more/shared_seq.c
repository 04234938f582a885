// A shared read mapping, read in order.
// files: data.bin=100
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 100 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	int sum = 0;
	for (int i = 0; i < 100; i++)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	munmap((void *)p, 100 * PAGE);
	return 0;
}
