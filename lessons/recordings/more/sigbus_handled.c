// SIGBUS beyond the end of the file, handled: by a jump, then ignored, which does not help.
// files: data.bin=4, small.bin=1+100
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

static sigjmp_buf out;
static volatile int code;
static volatile char *where;

static void on_bus(int sig, siginfo_t *info, void *context)
{
	code = sig * 10 + info->si_code;
	where = info->si_addr;
	siglongjmp(out, sig);
}

int main(void)
{
	struct sigaction action;
	memset(&action, 0, sizeof action);
	action.sa_sigaction = on_bus;
	action.sa_flags = SA_SIGINFO;
	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
	int fd = open("small.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	int sum = p[0] + p[PAGE + 99] + p[PAGE + 100];
	int how = sigsetjmp(out, 1);
	if (how == 0)
		sum += p[2 * PAGE + 5];
	printf("%d %d %d %d\n", how, code, (int)(where - p), sum);
	pid_t pid = fork();
	if (pid == 0) {
		signal(SIGBUS, SIG_IGN);
		sum += p[3 * PAGE];
		_exit(0);
	}
	int status;
	waitpid(pid, &status, 0);
	printf("%d %d\n", WIFSIGNALED(status), WTERMSIG(status));
	return 0;
}
