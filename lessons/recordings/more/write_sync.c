// write(2), stores to a shared mapping and read(2) see the same pages; fsync, fdatasync, sync, O_SYNC and O_DSYNC.
// files: data.bin=32
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
	memset(buf, 'w', sizeof(buf));
	int fd = open("data.bin", O_RDWR), sync_fd = open("data.bin", O_RDWR | O_SYNC), data_fd = open("data.bin", O_WRONLY | O_DSYNC);
	char *p = mmap(NULL, 32 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	printf("%d\n", p[3 * PAGE]);
	printf("%d\n", pwrite(fd, buf, PAGE, 3 * PAGE));
	printf("%d\n", p[3 * PAGE]);
	p[3 * PAGE + 1] = 'm';
	printf("%d\n", pread(fd, buf, 2, 3 * PAGE));
	printf("%d %d\n", buf[0], buf[1]);
	printf("%d\n", fsync(fd));
	p[3 * PAGE + 2] = 'n';
	printf("%d\n", fdatasync(fd));
	printf("%d\n", pwrite(sync_fd, buf, 100, 5 * PAGE));
	printf("%d\n", pwrite(data_fd, buf, PAGE, 6 * PAGE));
	printf("%d\n", pwrite(fd, buf, 100, 7 * PAGE));
	sync();
	printf("%d\n", pwrite(fd, buf, 100, 7 * PAGE + 50));
	printf("%d\n", sync_file_range(fd, 7 * PAGE, PAGE, SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER));
	printf("%d %d %d\n", p[5 * PAGE], p[6 * PAGE], p[7 * PAGE + 140]);
	return 0;
}
