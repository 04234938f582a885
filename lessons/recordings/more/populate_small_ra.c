// MAP_POPULATE with read_ahead_kb=16.
// files: data.bin=40
// machine: read_ahead_kb=16
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
	volatile char *p = mmap(NULL, 40 * PAGE, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	int sum = p[39 * PAGE];
	printf("%d\n", sum);
	return 0;
}
