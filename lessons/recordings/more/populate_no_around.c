// MAP_POPULATE with fault_around_bytes=4096.
// files: data.bin=40
// machine: fault_around_bytes=4096
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
	int sum = p[9 * PAGE];
	printf("%d\n", sum);
	return 0;
}
