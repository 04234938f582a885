// What waitpid tells: exit, signal, nothing yet, no child.
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

static pid_t child(int how)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (how == 1)
			*(volatile int *)16 = 1;
		if (how == 2)
			raise(SIGTERM);
		if (how == 3)
			abort();
		_exit(40 + how);
	}
	return pid;
}

int main(void)
{
	int status = -1;
	for (int how = 0; how < 4; how++) {
		pid_t pid = child(how);
		int early = waitpid(pid, &status, WNOHANG);
		pid_t got = waitpid(pid, &status, 0);
		printf("%d %d %d: %d %d %d %d\n", how, early, got == pid, WIFEXITED(status), WEXITSTATUS(status), WIFSIGNALED(status), WTERMSIG(status));
	}
	printf("%d %d\n", waitpid(-1, &status, 0), errno == ECHILD);
	return 0;
}
