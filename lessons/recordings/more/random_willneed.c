// WILLNEED under RANDOM advice, then touches.
// files: data.bin=64
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
	volatile char *p = mmap(NULL, 64 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	madvise((void *)p, 64 * PAGE, MADV_RANDOM);
	madvise((void *)p + 8 * PAGE, 8 * PAGE, MADV_WILLNEED);
	usleep(10000);
	int sum = p[9 * PAGE] + p[17 * PAGE] + p[3 * PAGE] + p[60 * PAGE] + p[61 * PAGE];
	printf("%d\n", sum);
	return 0;
}
