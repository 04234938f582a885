// A SIGSEGV handler that jumps back into main.
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

static sigjmp_buf again;
static volatile int caught;

static void on_segv(int sig, siginfo_t *info, void *context)
{
	caught++;
	printf("%d %d %p\n", sig, info->si_code, info->si_addr);
	siglongjmp(again, 1);
}

int main(void)
{
	struct sigaction action;
	memset(&action, 0, sizeof action);
	action.sa_sigaction = on_segv;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGSEGV, &action, NULL);
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 16 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	for (int i = 0; i < 3; i++) {
		if (sigsetjmp(again, 1) == 0) {
			p[i * PAGE] = 1;
			printf("not reached\n");
		} else
			printf("back %d\n", i);
	}
	if (sigsetjmp(again, 1) == 0)
		return *(volatile int *)4096;
	printf("%d %d\n", caught, p[0]);
	return 0;
}
