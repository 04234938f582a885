// Touching a mapping of an empty file is SIGBUS.
// files: empty.bin=0
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
	int b = open("empty.bin", O_RDONLY);
	volatile char *q = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, b, 0);
	int sum = q[0];
	printf("%d\n", sum);
	return 0;
}
