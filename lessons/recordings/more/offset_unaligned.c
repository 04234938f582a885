// mmap with an offset inside a page never reaches the kernel; a length inside a page does.
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
	void *r[5];
	r[0] = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 100);
	r[1] = mmap(NULL, 5000, PROT_READ, MAP_PRIVATE, fd, PAGE);
	r[2] = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0);
	int none = open("none.bin", O_RDONLY);
	r[3] = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, none, 0);
	close(fd);
	r[4] = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int n = 0;
	for (int i = 0; i < 5; i++)
		n = n * 2 + (r[i] == MAP_FAILED);
	volatile char *p = r[1];
	printf("%d %d %d\n", n, none, p[4999]);
	return 0;
}
