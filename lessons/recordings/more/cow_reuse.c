// After the child has ended its pages are the parent's alone: the first write needs no copy.
// files: data.bin=32
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
	volatile char *q = mmap(NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	volatile char *a = mmap(NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 24; i++)
		a[i * PAGE] = q[i * PAGE] = i;
	pid_t pid = fork();
	if (pid == 0) {
		a[0] = q[0] = 50;
		_exit(a[0] + q[PAGE]);
	}
	int status;
	waitpid(pid, &status, 0);
	for (int i = 0; i < 4; i++)
		a[i * PAGE] = q[i * PAGE] += 1;
	printf("%d %d %d\n", WEXITSTATUS(status), a[0], q[3 * PAGE]);
	return 0;
}
