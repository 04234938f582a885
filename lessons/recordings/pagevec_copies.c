// Copies and reuse after mprotect: a page that still waits in a pagevec is copied once more.
// files: data.bin=1, small.bin=1
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDONLY), other = open("small.bin", O_RDONLY);
	volatile unsigned char *p = mmap(NULL, 24 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i, sum = 0;
	for (i = 0; i < 20; i++)
		p[i * PAGE] = i;
	mprotect((void *)p, 24 * PAGE, PROT_READ);
	mprotect((void *)p, 24 * PAGE, RW);
	for (i = 0; i < 20; i++)
		p[i * PAGE] += 1;
	for (i = 0; i < 20; i++)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
