// MAP_POPULATE of a PROT_NONE mapping fills nothing.
// files: data.bin=8
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
	volatile char *p = mmap(NULL, 8 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	int a = mprotect((void *)p, 4 * PAGE, PROT_READ);
	int sum = p[3 * PAGE];
	printf("%d %d\n", a, sum);
	return 0;
}
