// The errno table of munmap.
// files: data.bin=8
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
	char *p = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int r[8];
	r[0] = munmap(p, 0);
	r[1] = munmap(p + 1, PAGE);
	r[2] = munmap(p, 0xc0000000);
	r[3] = munmap((void *)0xc0000000, PAGE);
	r[4] = munmap((void *)0xbf001000, PAGE);
	r[5] = munmap((void *)0, PAGE);
	r[6] = munmap(p + 2 * PAGE, 1);
	r[7] = munmap(p, 4 * PAGE);
	for (int i = 0; i < 8; i++)
		printf("%d ", r[i]);
	return 0;
}
