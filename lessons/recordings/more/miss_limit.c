// More than a hundred scattered misses switch read-around off; hits bring it back.
// files: data.bin=4000
// machine: fault_around_bytes=4096
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
	volatile char *p = mmap(NULL, 4000 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 115; i++)
		sum += p[(i * 33 % 120) * 33 * PAGE];
	for (int i = 0; i < 40; i++)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
