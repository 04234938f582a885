// Share memory that belongs to no file.
// files: data.bin=32
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 32
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	volatile char *shared = mmap(NULL, PAGES * PAGE, RW, MAP_SHARED, fd, 0);
	volatile char *private = mmap(NULL, PAGES * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int sum = shared[0] + private[0];
	private[PAGE] = 1;
	int pid = fork();
	if (pid == 0) {
		sum += shared[0] + private[PAGE];
		shared[2 * PAGE] = 9;
		private[PAGE] = 2;
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	printf("%d %d\n", shared[2 * PAGE], private[PAGE]);
	return 0;
}
