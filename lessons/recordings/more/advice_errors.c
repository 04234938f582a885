// The errno table of madvise.
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
	char *p = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	char *anon = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int r[12];
	r[0] = madvise(p, 0, MADV_NORMAL);
	r[1] = madvise(p + 1, 0, MADV_RANDOM);
	r[2] = madvise(p, 100, MADV_RANDOM);
	r[3] = madvise(p, 0xffffffff, MADV_NORMAL);
	r[4] = madvise(p, 0xfffff000, MADV_NORMAL);
	r[5] = madvise(p, PAGE, -1);
	r[6] = madvise(anon, 4 * PAGE, MADV_WILLNEED);
	r[7] = madvise(anon, 4 * PAGE, MADV_DONTNEED);
	r[8] = madvise(p, 0, 4321);
	r[9] = madvise((void *)0xc0000000, PAGE, MADV_NORMAL);
	r[10] = madvise(p, 12 * PAGE, MADV_SEQUENTIAL);
	r[11] = madvise((void *)0, PAGE, MADV_DONTNEED);
	for (int i = 0; i < 12; i++)
		printf("%d ", r[i]);
	return 0;
}
