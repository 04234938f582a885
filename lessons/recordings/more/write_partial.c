// Writes of whole and partial pages that are not cached, near and beyond the end, and reading them back.
// files: data.bin=16+1000
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

static char buf[4 * PAGE];

int main(void)
{
	memset(buf, 'w', sizeof(buf));
	int fd = open("data.bin", O_RDWR);
	printf("%d\n", pwrite(fd, buf, 100, 2 * PAGE + 50));
	printf("%d\n", pwrite(fd, buf, PAGE, 4 * PAGE));
	printf("%d\n", pwrite(fd, buf, PAGE, 6 * PAGE + 10));
	printf("%d\n", pwrite(fd, buf, 3 * PAGE, 9 * PAGE - 10));
	printf("%d\n", pwrite(fd, buf, 10, 2 * PAGE));
	printf("%d\n", pwrite(fd, buf, 500, 16 * PAGE + 900));
	printf("%d\n", pwrite(fd, buf, 500, 17 * PAGE));
	printf("end %d\n", (int)lseek(fd, 0, SEEK_END));
	printf("%d\n", pread(fd, buf, 4 * PAGE, 2 * PAGE));
	printf("%d %d %d %d %d\n", buf[9], buf[10], buf[49], buf[50], buf[150]);
	printf("%d\n", fsync(fd));
	printf("%d\n", posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED));
	printf("%d\n", pread(fd, buf, 3 * PAGE, 15 * PAGE));
	printf("%d %d %d %d\n", buf[PAGE + 899], buf[PAGE + 900], buf[PAGE + 1400], buf[2 * PAGE]);
	return 0;
}
