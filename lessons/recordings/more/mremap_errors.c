// What mremap refuses, and with which error.
// files: data.bin=16
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

static void *try(void *at, unsigned long old, unsigned long new, int flags, void *to)
{
	errno = 0;
	void *got = mremap(at, old, new, flags, to);
	printf("%d %d\n", got == MAP_FAILED, errno);
	return got;
}

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	char *p = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *s = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	char *a = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *none = a - 64 * PAGE;
	try(p, PAGE, PAGE, 8, 0);
	try(p, PAGE, PAGE, MREMAP_FIXED, p + 64 * PAGE);
	try(p + 1, PAGE, PAGE, 0, 0);
	try(p, PAGE, 0, 0, 0);
	try(none, PAGE, 2 * PAGE, MREMAP_MAYMOVE, 0);
	try(none, 2 * PAGE, PAGE, 0, 0);
	try(p, 17 * PAGE, 18 * PAGE, MREMAP_MAYMOVE, 0);
	try(p, 0, PAGE, MREMAP_MAYMOVE, 0);
	try(p, 0xf0000000, 0xffffffff, MREMAP_MAYMOVE, 0);
	try(p, PAGE, 0xfffff001, MREMAP_MAYMOVE, 0);
	try(p, PAGE, 0xf0000000, MREMAP_MAYMOVE, 0);
	try(a, 8 * PAGE, 0xb0000000, MREMAP_MAYMOVE, 0);
	try(a, 8 * PAGE, 0x30000000, MREMAP_MAYMOVE, 0);
	try(a, PAGE, PAGE, MREMAP_DONTUNMAP, 0);
	try(a, PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
	try(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
	try(s, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
	try(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + 1);
	try(p, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + PAGE);
	try(p, 2 * PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0xbf000000);
	try(p, 2 * PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0x1000);
	try(none, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, none - 64 * PAGE);
	try(p + 12 * PAGE, 8 * PAGE, 8 * PAGE, 0, 0);
	try(p + 12 * PAGE, 8 * PAGE, 2 * PAGE, 0, 0);
	try((void *)0xb6fff000, PAGE, 2 * PAGE, MREMAP_MAYMOVE, 0);
	return 0;
}
