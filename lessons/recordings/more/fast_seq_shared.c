// MADV_SEQUENTIAL, shared, with read_ahead_kb=32 and small fault-around.
// files: data.bin=512
// machine: read_ahead_kb=32 fault_around_bytes=16384
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
	volatile char *p = mmap(NULL, 100 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	madvise((void *)p, 100 * PAGE, MADV_SEQUENTIAL);
	int sum = 0;
	for (int i = 0; i < 100; i++) {
		sum += p[i * PAGE];
		usleep(1500);
	}
	printf("%d\n", sum);
	return 0;
}
