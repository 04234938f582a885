// Reading through NULL.
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
	volatile char *p = NULL;
	int sum = p[8];
	printf("%d\n", sum);
	return 0;
}
