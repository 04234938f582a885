// MADV_WILLNEED of the last pages, then touched from the last backwards.
// files: data.bin=230+17
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
	madvise((void *)p + 200 * PAGE, 56 * PAGE, MADV_WILLNEED);
	int sum = p[255 * PAGE] + p[199 * PAGE] + p[200 * PAGE];
	printf("%d\n", sum);
	return 0;
}
