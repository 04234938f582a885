// What msync refuses, and a clean mapping synchronised.
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
	char *p = mmap(NULL, 8 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	munmap(p + 4 * PAGE, PAGE);
	int r[8];
	r[0] = msync(p, PAGE, MS_SYNC | MS_ASYNC);
	r[1] = msync(p + 1, PAGE, MS_SYNC);
	r[2] = msync(p, 8 * PAGE, MS_ASYNC);
	r[3] = msync(p, PAGE, 64);
	r[4] = msync(p, 0, MS_SYNC);
	r[5] = msync(p, 4 * PAGE, MS_ASYNC);
	r[6] = msync(p, 2 * PAGE, MS_SYNC);
	r[7] = msync(p, 0xffffffff, MS_ASYNC);
	for (int i = 0; i < 8; i++)
		printf("%d ", r[i]);
	return 0;
}
