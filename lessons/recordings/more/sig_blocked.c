// A blocked SIGSEGV cannot be put off: the child dies.
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

static void handler(int sig)
{
	_exit(9);
}

int main(void)
{
	int fd = open("data.bin", O_RDONLY), status;
	volatile char *p = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	sigset_t set;
	signal(SIGSEGV, handler);
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			sigemptyset(&set);
			sigaddset(&set, SIGSEGV);
			sigprocmask(i ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
			p[0] = 1;
			_exit(1);
		}
		waitpid(pid, &status, 0);
		printf("%d %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	}
	return 0;
}
