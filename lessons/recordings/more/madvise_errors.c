// madvise: which advice this kernel takes, and what it says to the rest.
// files: data.bin=16
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

static void try(char *at, unsigned long length, int advice)
{
	errno = 0;
	int r = madvise(at, length, advice);
	printf("%d:%d/%d ", advice, r, errno);
}

int main(void)
{
	int fd = open("data.bin", O_RDWR), ro = open("data.bin", O_RDONLY);
	char *p = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *s = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *r = mmap(NULL, 8 * PAGE, PROT_READ, MAP_SHARED, ro, 0);
	char *a = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *h = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *where[5];
	where[0] = p, where[1] = s, where[2] = r, where[3] = a, where[4] = h;
	for (int i = 0; i < 5; i++) {
		for (int advice = 10; advice < 20; advice++)
			if (advice != 12 && advice != 13)
				try(where[i] + PAGE, 2 * PAGE, advice);
		try(where[i], PAGE, 12);
		try(where[i], PAGE, 13);
		try(where[i], PAGE, 8);
		try(where[i], PAGE, 20);
		printf("\n");
	}
	try(p, PAGE, 9), try(r, PAGE, 9), try(a, PAGE, 9);
	try(p, PAGE, 5), try(p, PAGE, 7), try(p, PAGE, 22), try(p, PAGE, 23), try(p, PAGE, -1), try(p, PAGE, 100), try(p, PAGE, 101);
	printf("\n");
	try(p + 1, PAGE, 0), try(p, 0, 0), try(p, 0xffffffff, 0), try(p, 0, 77), try(p, 0xf0000000, 4), try(a - 64 * PAGE, PAGE, 0);
	try((char *)0xb6fff000, PAGE, 4), try((char *)0xb6fff000, PAGE, 16), try((char *)0xb6fff000, PAGE, 17);
	try((char *)0xb6fff000, PAGE, 20), try((char *)0xb6fff000, PAGE, 18);
	printf("\n");
	mlock(p, PAGE);
	try(p, PAGE, 4), try(p, PAGE, 8), try(p, PAGE, 20), try(p, PAGE, 21), try(p, PAGE, 3);
	mlock(s, PAGE);
	try(s, PAGE, 9);
	printf("\n");
	return 0;
}
