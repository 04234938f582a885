// MAP_POPULATE with MAP_NONBLOCK fills nothing.
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
	volatile char *p = mmap(NULL, 20 * PAGE, PROT_READ, MAP_SHARED | MAP_POPULATE | MAP_NONBLOCK, fd, 0);
	int sum = p[0] + p[19 * PAGE];
	printf("%d\n", sum);
	return 0;
}
