// The vector page can be read, the page after it not.
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
	volatile char *p = (char *)0xffff0000;
	int sum = p[0xfe0];
	printf("ok\n");
	fflush(stdout);
	sum += p[0x1000];
	printf("%d\n", sum);
	return 0;
}
