// MAP_POPULATE over pages which are in the cache already, and over a fixed address in use.
// files: data.bin=40
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
	volatile char *p = mmap(NULL, 40 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 40; i += 8)
		sum += p[i * PAGE];
	usleep(5000);
	volatile char *q = mmap(NULL, 40 * PAGE, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	sum += q[39 * PAGE];
	volatile char *r = mmap((void *)p, 16 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd, 16 * PAGE);
	sum += r[3 * PAGE] + p[20 * PAGE];
	printf("%d\n", sum);
	return 0;
}
