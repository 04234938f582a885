// MADV_SEQUENTIAL that starts in the middle of the file.
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
	volatile char *p = mmap(NULL, 200 * PAGE, PROT_READ, MAP_PRIVATE, fd, 100 * PAGE);
	madvise((void *)p, 200 * PAGE, MADV_SEQUENTIAL);
	int sum = 0;
	for (int i = 20; i < 140; i++) {
		sum += p[i * PAGE];
		if (i % 4 == 0)
			usleep(2000);
	}
	printf("%d\n", sum);
	return 0;
}
