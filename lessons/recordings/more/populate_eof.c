// MAP_POPULATE past the end of the file.
// files: data.bin=5+10
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
	volatile char *p = mmap(NULL, 12 * PAGE, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	int sum = p[0] + p[4 * PAGE] + p[5 * PAGE + 9];
	printf("%d\n", sum);
	fflush(stdout);
	sum += p[6 * PAGE];
	return 0;
}
