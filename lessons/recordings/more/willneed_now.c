// MADV_WILLNEED followed at once by touches.
// files: data.bin=256
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
	volatile char *p = mmap(NULL, 256 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	madvise((void *)p, 256 * PAGE, MADV_WILLNEED);
	int sum = 0;
	for (int i = 0; i < 256; i += 10)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
