// Two files, two descriptors of one of them: each open file has its own readahead state.
// files: data.bin=128, other.bin=60+5
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
	int fd2 = open("data.bin", O_RDONLY), other = open("other.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 128 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	volatile char *q = mmap(NULL, 128 * PAGE, PROT_READ, MAP_SHARED, fd2, 0);
	volatile char *r = mmap(NULL, 60 * PAGE, PROT_READ, MAP_PRIVATE, other, 0);
	int sum = 0;
	for (int i = 0; i < 128; i += 5) {
		sum += p[i * PAGE] + q[(127 - i) * PAGE] + r[i % 60 * PAGE];
		usleep(2000);
	}
	printf("%d\n", sum);
	close(fd);
	close(fd2);
	sum += p[PAGE];
	return 0;
}
