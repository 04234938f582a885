// A SIGSEGV handler that makes the page writable and returns: the store is tried again.
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

static char *base;
static volatile int faults;

static void on_segv(int sig, siginfo_t *info, void *context)
{
	faults++;
	char *page = (char *)((unsigned long)info->si_addr & ~4095ul);
	mprotect(page, PAGE, PROT_READ | PROT_WRITE);
}

int main(void)
{
	struct sigaction action = {0};
	action.sa_sigaction = on_segv;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGSEGV, &action, NULL);
	int fd = open("data.bin", O_RDONLY);
	base = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	volatile char *p = base;
	int sum = p[0];
	for (int i = 0; i < 4; i++)
		p[i * PAGE + i] = i;
	for (int i = 0; i < 8; i++)
		sum += p[i * PAGE + i];
	printf("%d %d\n", faults, sum);
	return 0;
}
