// Three children, each writing its own page of one private mapping, and their statuses.
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
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	int total = 0;
	p[0] = 1;
	for (int i = 0; i < 3; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			p[i * PAGE] += 20 + i;
			_exit(p[i * PAGE] & 127);
		}
		int status;
		if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
			return 1;
		total += WEXITSTATUS(status);
		p[0]++;
	}
	printf("%d %d\n", total, p[0]);
	return 0;
}
