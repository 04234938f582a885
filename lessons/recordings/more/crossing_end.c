// A word that begins in the last mapped page and ends beyond it.
// files: data.bin=4
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
	volatile char *p = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	volatile int *w = (volatile int *)(p + 2 * PAGE - 4);
	printf("%d\n", *w);
	fflush(stdout);
	munmap((void *)p + PAGE, PAGE);
	w = (volatile int *)(p + PAGE - 2);
	printf("%d\n", *w);
	return 0;
}
