// A one-byte file, an empty one, and one of exactly a page.
// files: one.bin=0+1, empty.bin=0, page.bin=1
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
	int a = open("one.bin", O_RDONLY), b = open("empty.bin", O_RDONLY), c = open("page.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, a, 0);
	volatile char *q = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, b, 0);
	volatile char *r = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, c, 0);
	printf("%d %d %d %d\n", p[0], p[1], p[4095], r[4095]);
	fflush(stdout);
	int sum = r[PAGE];
	printf("%d\n", sum);
	return 0;
}
