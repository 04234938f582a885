// MAP_FIXED replaces the middle of a touched mapping by another file, again and again.
// files: data.bin=48, other.bin=30+9
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
	int other = open("other.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 48 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int round = 0; round < 3; round++) {
		mmap((void *)p + (8 + 4 * round) * PAGE, 16 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, round & 1 ? fd : other, round * PAGE);
		for (int i = 0; i < 48; i += 5)
			sum += p[i * PAGE];
	}
	printf("%d\n", sum);
	return 0;
}
