// Truncation to 0, to the same size, within a page that is not cached, and longer again: what is read afterwards.
// files: data.bin=32, other.bin=8
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

static char buf[2 * PAGE];

int main(void)
{
	memset(buf, 't', sizeof(buf));
	int fd = open("data.bin", O_RDWR), other = open("other.bin", O_RDWR);
	printf("%d\n", ftruncate(fd, 20 * PAGE + 10));
	printf("%d\n", ftruncate(fd, 20 * PAGE + 10));
	printf("%d\n", ftruncate(fd, 24 * PAGE));
	printf("%d\n", pread(fd, buf, 2 * PAGE, 20 * PAGE));
	printf("%d %d %d\n", buf[9], buf[10], buf[PAGE]);
	printf("%d\n", pread(fd, buf, 2 * PAGE, 0));
	printf("%d\n", ftruncate(fd, PAGE));
	printf("%d\n", pread(fd, buf, 2 * PAGE, 0));
	printf("%d\n", ftruncate(fd, 0));
	printf("%d\n", pread(fd, buf, 2 * PAGE, 0));
	printf("%d\n", write(fd, buf, 100));
	printf("%d\n", ftruncate(fd, 50));
	printf("%d\n", fsync(fd));
	printf("%d\n", truncate("other.bin", 3 * PAGE + 1));
	printf("end %d\n", (int)lseek(other, 0, SEEK_END));
	printf("%d\n", pread(other, buf, 2 * PAGE, 2 * PAGE));
	printf("%d\n", pwrite(other, buf, 10, 3 * PAGE + 1));
	printf("%d\n", ftruncate(other, 3 * PAGE + 5));
	printf("%d\n", ftruncate(other, 3 * PAGE + 500));
	printf("%d\n", pread(other, buf, 20, 3 * PAGE));
	printf("%d %d %d\n", buf[0], buf[4], buf[5]);
	return 0;
}
