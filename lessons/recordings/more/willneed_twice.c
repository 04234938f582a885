// MADV_WILLNEED over cached, partly cached and absent pages.
// files: data.bin=200
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
	volatile char *p = mmap(NULL, 200 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = p[40 * PAGE];
	madvise((void *)p + 10 * PAGE, 60 * PAGE, MADV_WILLNEED);
	usleep(10000);
	madvise((void *)p + 30 * PAGE, 20 * PAGE, MADV_WILLNEED);
	madvise((void *)p + 100 * PAGE + 8, 5 * PAGE, MADV_WILLNEED);
	madvise((void *)p + 100 * PAGE, 5 * PAGE + 8, MADV_WILLNEED);
	usleep(10000);
	for (int i = 0; i < 120; i += 9)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
