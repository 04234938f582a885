// fault_around_bytes=8192: how far one minor fault reaches.
// files: data.bin=80
// machine: fault_around_bytes=8192
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
	volatile char *p = mmap(NULL, 70 * PAGE, PROT_READ, MAP_PRIVATE, fd, 5 * PAGE);
	int sum = 0;
	for (int i = 0; i < 70; i += 2)
		sum += p[i * PAGE];
	usleep(5000);
	for (int i = 1; i < 70; i += 2)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
