// MADV_DONTFORK leaves a mapping out of the child, MADV_WIPEONFORK gives it zeros.
// files: data.bin=16
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

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	volatile char *keep = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile char *wipe = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile char *gone = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	printf("%d\n", madvise((void *)wipe, 4 * PAGE, 18));
	printf("%d\n", madvise((void *)gone, 4 * PAGE, MADV_DONTFORK));
	keep[0] = wipe[0] = 5;
	int here = gone[0];
	fflush(stdout);
	if (fork() == 0) {
		printf("%d %d\n", keep[0], wipe[0]);
		fflush(stdout);
		return gone[0];
	}
	int status;
	wait(&status);
	printf("%d %d %d\n", WTERMSIG(status), wipe[0], here);
	return 0;
}
