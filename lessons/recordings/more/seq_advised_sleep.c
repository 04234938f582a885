// MADV_SEQUENTIAL with a pause after every page.
// files: data.bin=512
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
	madvise((void *)p, 200 * PAGE, MADV_SEQUENTIAL);
	int sum = 0;
	for (int i = 0; i < 200; i++) {
		sum += p[i * PAGE];
		usleep(3000);
	}
	printf("%d\n", sum);
	return 0;
}
