// The vector page cannot be written.
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
	volatile char *p = (char *)0xffff0010;
	p[0] = 2;
	return 0;
}
