// read(2) near the end of a file: short reads, 0 at the end, small reads within one page, a position of one's own.
// files: data.bin=5+100
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define PAGE 4096

static char buf[5 * PAGE];

int main(void)
{
	memset(buf, 1, sizeof(buf));
	int fd = open("data.bin", O_RDONLY);
	for (int i = 0; i < 6; i++)
		printf("%d %d\n", read(fd, buf, 700), buf[699]);
	printf("at %d\n", (int)lseek(fd, 0, SEEK_CUR));
	printf("%d\n", read(fd, buf, 3 * PAGE));
	printf("%d\n", read(fd, buf, 2 * PAGE));
	printf("%d %d\n", buf[99], buf[100]);
	printf("%d\n", read(fd, buf, PAGE));
	printf("%d\n", pread(fd, buf, PAGE, 5 * PAGE));
	printf("%d\n", pread(fd, buf, PAGE, 5 * PAGE + 100));
	printf("%d\n", pread(fd, buf, PAGE, 100 * PAGE));
	printf("%d\n", pread(fd, buf, 0, 0));
	printf("at %d\n", (int)lseek(fd, 0, SEEK_CUR));
	lseek(fd, -50, SEEK_END);
	printf("%d\n", read(fd, buf, 200));
	int other = dup(fd);
	lseek(other, 10, SEEK_SET);
	printf("%d %d\n", read(fd, buf, 1), buf[0]);
	printf("at %d\n", (int)lseek(other, 0, SEEK_CUR));
	return 0;
}
