// MADV_WILLNEED of 1024 pages, touched after a pause.
// files: data.bin=1024
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
	volatile char *p = mmap(NULL, 1024 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	madvise((void *)p, 1024 * PAGE, MADV_WILLNEED);
	usleep(50000);
	int sum = 0;
	for (int i = 0; i < 1024; i += 50)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
