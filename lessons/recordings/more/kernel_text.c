// Reading the kernel's text.
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
	volatile char *p = (char *)0xc0301234;
	int sum = p[0];
	printf("%d\n", sum);
	return 0;
}
