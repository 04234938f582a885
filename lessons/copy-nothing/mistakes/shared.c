// A child reads eight pages while its parent writes to them: every write makes a copy.
// files: data.bin=1
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 8

int main(void)
{
	volatile char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = i;
	int pid = fork();
	if (pid == 0) {
		int sum = 0;
		for (int i = 0; i < PAGES; i++)
			sum += p[i * PAGE];
		_exit(sum);
	}
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = 1;
	int status;
	waitpid(pid, &status, 0);
	printf("%d %d\n", WEXITSTATUS(status), p[7 * PAGE]);
	return 0;
}
