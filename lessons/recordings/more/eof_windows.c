// Readahead and fault-around at the end of a file with a partial last page.
// files: data.bin=50+77
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
	volatile char *p = mmap(NULL, 60 * PAGE, PROT_READ, MAP_SHARED, fd, 16 * PAGE);
	int sum = 0;
	for (int i = 0; i < 35; i += 2) {
		sum += p[i * PAGE];
		usleep(2000);
	}
	printf("%d\n", sum);
	fflush(stdout);
	sum += p[35 * PAGE];
	return 0;
}
