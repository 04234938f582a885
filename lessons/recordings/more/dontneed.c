// MADV_DONTNEED drops the page table entries, not the cache.
// files: data.bin=48
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
	volatile char *p = mmap(NULL, 48 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 48; i++)
		sum += p[i * PAGE];
	madvise((void *)p + 4 * PAGE, 20 * PAGE, MADV_DONTNEED);
	for (int i = 0; i < 48; i++)
		sum += p[i * PAGE];
	madvise((void *)p, 48 * PAGE, MADV_DONTNEED);
	for (int i = 47; i >= 0; i -= 5)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
