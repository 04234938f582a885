// PROT_EXEC without PROT_READ: a read is refused on ARM.
// files: data.bin=512
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
	volatile char *p = mmap(NULL, 8 * PAGE, PROT_EXEC, MAP_PRIVATE, fd, 0);
	int sum = p[0];
	printf("%d\n", sum);
	return 0;
}
