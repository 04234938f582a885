// What stands in a buffer when fork copies the memory is printed twice.
// files: data.bin=4
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static int make(int depth)
{
	if (depth > 0)
		return make(depth - 1) + 1;
	switch (fork()) {
	case -1:
		return -100;
	case 0:
		printf("child ");
		return 10;
	default:
		wait(NULL);
		printf("parent ");
	}
	return 20;
}

int main(void)
{
	int mine = getpid();
	printf("before ");
	int got = make(2) + make(1);
	printf("%d\n", got);
	if (getpid() != mine) {
		fflush(stdout);
		_exit(0);
	}
	return 0;
}
