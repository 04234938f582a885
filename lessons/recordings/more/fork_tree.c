// A child that has a child of its own, in one expression.
// files: data.bin=8
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
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	volatile int *seen = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status, mine = getpid();
	p[0] = 1;
	if (fork() == 0 && (p[0]++, fork() == 0)) {
		p[0]++;
		seen[2] = p[0];
		_exit(3);
	}
	int none = wait(&status);
	if (getpid() != mine) {
		seen[1] = p[0];
		_exit(WEXITSTATUS(status) + (getppid() == mine));
	}
	printf("%d %d %d %d %d\n", p[0], seen[1], seen[2], WEXITSTATUS(status), none > mine);
	return 0;
}
