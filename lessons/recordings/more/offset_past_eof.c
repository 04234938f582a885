// A mapping which begins past the end of the file.
// files: data.bin=10
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
	volatile char *p = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 100 * PAGE);
	int sum = p[0];
	printf("%d\n", sum);
	return 0;
}
