// Touching a PROT_NONE mapping is SIGSEGV (ACCERR).
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
	volatile char *p = mmap(NULL, 8 * PAGE, PROT_NONE, MAP_PRIVATE, fd, 0);
	int sum = p[0];
	printf("%d\n", sum);
	return 0;
}
