// Advice on overlapping ranges: splits at both ends, merges with neighbours on either side.
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
	char *q = (char *)p;
	int a = madvise(q + 10 * PAGE, 10 * PAGE, MADV_RANDOM);
	a += madvise(q + 5 * PAGE, 5 * PAGE, MADV_RANDOM);
	a += madvise(q + 20 * PAGE, 5 * PAGE, MADV_SEQUENTIAL);
	a += madvise(q + 8 * PAGE, 14 * PAGE, MADV_SEQUENTIAL);
	a += madvise(q, 40 * PAGE, MADV_RANDOM);
	a += madvise(q + 1 * PAGE, 1 * PAGE, MADV_NORMAL);
	a += madvise(q + 3 * PAGE, 1 * PAGE, MADV_NORMAL);
	a += madvise(q + 2 * PAGE, 1 * PAGE, MADV_NORMAL);
	int sum = q[0] + q[2 * PAGE] + q[39 * PAGE];
	printf("%d %d\n", a, sum);
	return 0;
}
