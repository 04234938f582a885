// mprotect to PROT_NONE and back keeps the pages.
// files: data.bin=20
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
	volatile char *p = mmap(NULL, 20 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = p[0] + p[19 * PAGE];
	int a = mprotect((void *)p + 4 * PAGE, 4 * PAGE, PROT_NONE);
	int b = mprotect((void *)p + 4 * PAGE, 4 * PAGE, PROT_READ);
	sum += p[5 * PAGE];
	int c = mprotect((void *)p, 20 * PAGE, PROT_READ | PROT_EXEC);
	sum += p[6 * PAGE];
	int d = mprotect((void *)p + 1, PAGE, PROT_READ), e = mprotect((void *)p, 30 * PAGE, PROT_READ), f = mprotect((void *)p, 0, PROT_READ);
	printf("%d %d %d %d %d %d %d\n", a, b, c, d, e, f, sum);
	fflush(stdout);
	mprotect((void *)p + 8 * PAGE, PAGE, PROT_NONE);
	sum += p[8 * PAGE];
	return 0;
}
