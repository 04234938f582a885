// What a child inherits: all, nothing (MADV_DONTFORK) or empty pages (MADV_WIPEONFORK).
// files: data.bin=8
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	char *p = mmap(NULL, 12 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *f = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	for (int i = 0; i < 12; i++)
		p[i * 4096] = 'a' + i;
	printf("%d\n", madvise(p + 4 * 4096, 4 * 4096, MADV_WIPEONFORK));
	printf("%d\n", madvise(p + 8 * 4096, 4 * 4096, MADV_DONTFORK));
	printf("%d %d\n", madvise(f, 4 * 4096, MADV_WIPEONFORK), errno);
	int pid = fork();
	if (pid == 0) {
		printf("%c %d\n", p[0], p[4 * 4096]);
		p[5 * 4096] = 'z';
		_exit(p[5 * 4096] == 'z' ? 3 : 4);
	}
	int status;
	waitpid(pid, &status, 0);
	printf("%d %c%c%c\n", WEXITSTATUS(status), p[0], p[5 * 4096], p[11 * 4096]);
	printf("%d\n", madvise(p + 4 * 4096, 4 * 4096, MADV_KEEPONFORK));
	printf("%d\n", madvise(p + 8 * 4096, 4 * 4096, MADV_DOFORK));
	pid = fork();
	if (pid == 0)
		_exit(p[4 * 4096] == 'e' && p[8 * 4096] == 'i');
	waitpid(pid, &status, 0);
	printf("%d\n", WEXITSTATUS(status));
	return 0;
}
