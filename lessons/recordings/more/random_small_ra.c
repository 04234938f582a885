// RANDOM advice with read_ahead_kb=8 and small fault-around.
// files: data.bin=64
// machine: read_ahead_kb=8 fault_around_bytes=16384
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
	int sum = p[9 * PAGE];
	madvise((void *)p, 64 * PAGE, MADV_RANDOM);
	for (int i = 0; i < 64; i += 7)
		sum += p[i * PAGE];
	madvise((void *)p, 64 * PAGE, MADV_NORMAL);
	for (int i = 63; i >= 0; i -= 6) {
		sum += p[i * PAGE];
		usleep(3000);
	}
	printf("%d\n", sum);
	return 0;
}
