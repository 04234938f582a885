// O_APPEND: every write goes to the end, wherever the position was; pwrite too.
// files: data.bin=2+5
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

static char buf[PAGE + 20];

int main(void)
{
	memset(buf, 'a', sizeof(buf));
	int fd = open("data.bin", O_RDWR | O_APPEND), other = open("data.bin", O_RDWR);
	printf("%d at %d\n", write(fd, buf, 10), (int)lseek(fd, 0, SEEK_CUR));
	printf("%d at %d\n", read(fd, buf, 10), (int)lseek(fd, 0, SEEK_CUR));
	lseek(fd, 3, SEEK_SET);
	printf("%d at %d\n", write(fd, buf, PAGE), (int)lseek(fd, 0, SEEK_CUR));
	printf("%d at %d\n", pwrite(fd, buf, 5, 0), (int)lseek(fd, 0, SEEK_CUR));
	lseek(other, 0, SEEK_END);
	printf("%d at %d\n", write(other, buf, 7), (int)lseek(other, 0, SEEK_CUR));
	printf("%d at %d\n", write(fd, buf, 20), (int)lseek(fd, 0, SEEK_CUR));
	printf("%d\n", pread(other, buf, 40, 2 * PAGE));
	printf("%d %d %d %d\n", buf[4], buf[5], buf[14], buf[15]);
	return 0;
}
