// Thirty mappings of one file, every second one removed, and the holes used again.
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
	void *r[30];
	int sum = 0;
	for (int i = 0; i < 30; i++)
		r[i] = mmap(NULL, (1 + i % 4) * PAGE, PROT_READ, i % 3 ? MAP_PRIVATE : MAP_SHARED, fd, i * PAGE);
	for (int i = 0; i < 30; i += 2)
		munmap(r[i], (1 + i % 4) * PAGE);
	for (int i = 0; i < 10; i++) {
		volatile char *p = mmap(NULL, (1 + i % 3) * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
		sum += p[0] + ((volatile char *)r[2 * i + 1])[0];
	}
	printf("%d\n", sum);
	return 0;
}
