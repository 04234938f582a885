// MADV_SEQUENTIAL with a jump: the ondemand algorithm's random and context branches.
// files: data.bin=512
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 400 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	madvise((void *)p, 400 * PAGE, MADV_SEQUENTIAL);
	int at[] = {0, 1, 2, 100, 101, 102, 3, 4, 103, 104, 300, 5, 6, 7, 8, 105, 301, 399, 398};
	int sum = 0;
	for (int i = 0; i < 19; i++) {
		sum += p[at[i] * PAGE];
		usleep(4000);
	}
	printf("%d\n", sum);
	return 0;
}
