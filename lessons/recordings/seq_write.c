// Writing every page of a shared mapping in order: no fault-around, and readahead goes on by the marker.
// files: data.bin=72
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	volatile unsigned char *p = mmap(NULL, 72 * PAGE, RW, MAP_SHARED, fd, 0);
	int i, sum = 0;
	for (i = 0; i < 72; i++)
		p[i * PAGE + i] = i;
	for (i = 0; i < 72; i++)
		sum += p[i * PAGE + i] * (i + 1) + p[i * PAGE];
	printf("%d\n", sum);
	munmap((void *)p, 72 * PAGE);
	return 0;
}
