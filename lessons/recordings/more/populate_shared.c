// MAP_POPULATE of a shared mapping larger than two readahead windows.
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
	volatile char *p = mmap(NULL, 150 * PAGE, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 10 * PAGE);
	int sum = 0;
	for (int i = 0; i < 150; i += 7)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
