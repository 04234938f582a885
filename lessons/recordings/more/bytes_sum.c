// Every byte of the first pages, then words.
// files: data.bin=13
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
	volatile char *p = mmap(NULL, 10 * PAGE, PROT_READ, MAP_PRIVATE, fd, 3 * PAGE);
	int sum = 0;
	for (int i = 0; i < 3 * PAGE; i += 7)
		sum += p[i];
	volatile unsigned *w = (unsigned *)p;
	unsigned x = 0;
	for (int i = 0; i < 10 * PAGE / 4; i += 33)
		x ^= w[i];
	printf("%d %u\n", sum, x);
	return 0;
}
