// munmap of the head, the tail, the middle, several at once, and holes.
// files: data.bin=64
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
	volatile char *p = mmap(NULL, 32 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	volatile char *q = mmap((void *)p - 16 * PAGE, 16 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
	int sum = p[0] + p[31 * PAGE] + q[0] + q[15 * PAGE];
	int r[8];
	r[0] = munmap((void *)p, 2 * PAGE);
	r[1] = munmap((void *)p + 30 * PAGE, 2 * PAGE);
	r[2] = munmap((void *)p + 10 * PAGE, 100);
	r[3] = munmap((void *)q + 14 * PAGE, 10 * PAGE);
	r[4] = munmap((void *)p, PAGE);
	r[5] = munmap((void *)q, 64 * PAGE);
	r[6] = munmap((void *)0x20000000, 0x10000000);
	r[7] = munmap((void *)q, 0xffffffff);
	for (int i = 0; i < 8; i++)
		sum += r[i];
	printf("%d\n", sum);
	fflush(stdout);
	sum += q[0];
	return 0;
}
