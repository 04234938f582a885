// SIGBUS at the end of a file which is cached and mapped around.
// files: data.bin=20+1
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
	volatile char *p = mmap(NULL, 40 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	int sum = 0;
	for (int i = 0; i < 21; i++)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	fflush(stdout);
	sum += p[21 * PAGE];
	return 0;
}
