// Words of several sizes, inside a page and across two.
// files: data.bin=40
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
	volatile char *p = mmap(NULL, 40 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	volatile int *w = (volatile int *)(p + PAGE);
	volatile short *s = (volatile short *)(p + 20 * PAGE + 2);
	int x = w[0] + s[0];
	volatile int *across = (volatile int *)(p + 37 * PAGE - 2);
	x += *across;
	printf("%d\n", x);
	return 0;
}
