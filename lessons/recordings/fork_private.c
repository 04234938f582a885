// The child writes to private, shared and anonymous pages; the parent sees the shared ones only.
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
	volatile char *priv = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	volatile char *shar = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4 * PAGE);
	volatile char *anon = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile char *both = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 3; i++)
		priv[i * PAGE] = shar[i * PAGE] = anon[i * PAGE] = both[i * PAGE] = i + 1;
	if (fork() == 0) {
		for (int i = 1; i < 4; i++)
			priv[i * PAGE] = shar[i * PAGE] = anon[i * PAGE] = both[i * PAGE] = 10 + i;
		_exit(7);
	}
	int status;
	pid_t gone = wait(&status);
	for (int i = 0; i < 4; i++)
		printf("%d %d %d %d\n", priv[i * PAGE], shar[i * PAGE], anon[i * PAGE], both[i * PAGE]);
	printf("%d %d %d\n", gone > 0, WIFEXITED(status), WEXITSTATUS(status));
	return 0;
}
