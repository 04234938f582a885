// A long random phase, then a sequence over the same pages.
// files: data.bin=200
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
	volatile char *p = mmap(NULL, 200 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0, at = 17;
	for (int i = 0; i < 25; i++) {
		sum += p[at * PAGE];
		at = (at * 61 + 29) % 200;
	}
	for (int i = 0; i < 200; i++)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
