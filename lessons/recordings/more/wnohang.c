// waitpid that does not wait, for children that run, have ended, and are not one's own.
// files: data.bin=64
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int status = 0;
	printf("%d %d\n", waitpid(-1, &status, WNOHANG), errno);
	int fd = open("data.bin", O_RDONLY);
	char *p = mmap(NULL, 64 * 4096, PROT_READ, MAP_SHARED, fd, 0);
	int pid = fork();
	if (pid == 0) {
		usleep(200000);
		_exit(p[0] + 7);
	}
	printf("%d\n", waitpid(pid, &status, WNOHANG));
	printf("%d %d\n", waitpid(1, &status, 0), errno);
	printf("%d %d\n", waitpid(pid, &status, 0x1000), errno);
	printf("%d\n", waitpid(pid, &status, 0) == pid);
	printf("%d\n", WEXITSTATUS(status));
	printf("%d %d\n", waitpid(pid, &status, WNOHANG), errno);
	status = p[40 * 4096];
	return 0;
}
