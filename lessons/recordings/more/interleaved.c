// Two streams through one mapping disturb each other's readahead.
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
	int sum = 0;
	for (int i = 0; i < 60; i++) {
		sum += p[i * PAGE];
		sum += p[(200 + i) * PAGE];
		if (i % 10 == 0)
			usleep(2000);
	}
	printf("%d\n", sum);
	return 0;
}
