// Two mappings of one open file share its readahead state and the cache.
// files: data.bin=128
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
	volatile char *p = mmap(NULL, 64 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	volatile char *q = mmap(NULL, 64 * PAGE, PROT_READ, MAP_SHARED, fd, 64 * PAGE);
	int sum = 0;
	for (int i = 0; i < 64; i += 4) {
		sum += p[i * PAGE] + q[i * PAGE];
		usleep(1000);
	}
	printf("%d\n", sum);
	return 0;
}
