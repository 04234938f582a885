// More of the errno table of mmap, and of length rounding.
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
	void *r[14];
	r[0] = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0);
	r[1] = mmap(NULL, PAGE + 1, PROT_READ, MAP_PRIVATE, fd, PAGE);
	r[2] = mmap(NULL, 0xfffff001, PROT_READ, MAP_PRIVATE, fd, 0);
	r[3] = mmap(NULL, 0xffffffff, PROT_READ, MAP_PRIVATE, fd, 0);
	r[4] = mmap(NULL, 0xc0000000, PROT_READ, MAP_PRIVATE, fd, 0);
	r[5] = mmap(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_PRIVATE, fd, 0);
	r[6] = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, 99, 0);
	r[7] = mmap((void *)0x8000, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
	r[8] = mmap((void *)0xbefff000, 2 * PAGE + 1, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
	r[9] = mmap(NULL, PAGE, PROT_NONE, MAP_SHARED, fd, 0);
	r[10] = mmap(NULL, PAGE, PROT_EXEC, MAP_PRIVATE, fd, 0);
	r[11] = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	r[12] = mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	r[13] = mmap(NULL, 0x60000000, PROT_READ, MAP_PRIVATE | MAP_NORESERVE, fd, 0x7f000000);
	int n = 0;
	for (int i = 0; i < 14; i++)
		n += r[i] == MAP_FAILED;
	printf("%d\n", n);
	return 0;
}
