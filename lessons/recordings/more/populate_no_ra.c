// MAP_POPULATE without readahead.
// files: data.bin=40
// machine: read_ahead_kb=0
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
	volatile char *p = mmap(NULL, 10 * PAGE, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 2 * PAGE);
	int sum = p[9 * PAGE];
	printf("%d\n", sum);
	return 0;
}
