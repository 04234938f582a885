// The parent writes while the child still lives: it copies, and the child has the page alone.
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
	volatile char *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile char *a = mmap(NULL, 24 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 20; i++)
		a[i * PAGE] = i;
	pid_t pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 4; i++)
			a[i * PAGE] += 100;
		*shared = a[3 * PAGE];
		_exit(0);
	}
	for (int i = 0; i < 2; i++)
		a[i * PAGE] += 50;
	waitpid(pid, NULL, 0);
	printf("%d %d %d %d\n", a[0], a[PAGE], a[2 * PAGE], *shared);
	return 0;
}
