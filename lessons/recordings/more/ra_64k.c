// In order with read_ahead_kb=64.
// files: data.bin=512
// machine: read_ahead_kb=64
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
	volatile char *p = mmap(NULL, 220 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 220; i++) {
		sum += p[i * PAGE];
		if (i % 16 == 0)
			usleep(3000);
	}
	printf("%d\n", sum);
	return 0;
}
