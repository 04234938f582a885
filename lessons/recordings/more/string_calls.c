// memcpy, memcmp, memchr and strlen read through a mapping.
// files: data.bin=64
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	char buf[9000];
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 64 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	memcpy(buf, (void *)p + 3 * PAGE + 100, 9000);
	int a = memcmp(buf, (void *)p + 3 * PAGE + 100, 9000);
	int b = memcmp((void *)p + 20 * PAGE, (void *)p + 40 * PAGE, 10) != 0;
	char *c = memchr((void *)p + 50 * PAGE, 0, 256);
	int d = strlen((char *)p + 50 * PAGE) == c - (char *)p - 50 * PAGE;
	printf("%d %d %d %d\n", buf[8999], a, b, d);
	return 0;
}
