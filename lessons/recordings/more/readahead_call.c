// readahead(2): at most one request of the device, no window, no marker; and what it refuses.
// files: data.bin=512
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

static char buf[PAGE];

int main(void)
{
	memset(buf, 0, sizeof(buf));
	int fd = open("data.bin", O_RDONLY), out = open("data.bin", O_WRONLY);
	printf("%d\n", readahead(fd, 0, 10 * PAGE));
	printf("%d\n", readahead(fd, 5 * PAGE + 1, 10 * PAGE));
	usleep(20000);
	printf("%d\n", pread(fd, buf, PAGE, 8 * PAGE));
	printf("%d\n", pread(fd, buf, PAGE, 16 * PAGE));
	printf("%d\n", readahead(fd, 100 * PAGE, 400 * PAGE));
	usleep(50000);
	printf("%d\n", readahead(fd, 500 * PAGE, 100 * PAGE));
	printf("%d %s\n", readahead(out, 0, PAGE), strerror(errno));
	printf("%d %s\n", readahead(99, 0, PAGE), strerror(errno));
	printf("%d %s\n", readahead(open(".", O_RDONLY), 0, PAGE), strerror(errno));
	printf("%d\n", readahead(fd, 490 * PAGE, 0));
	return 0;
}
