// read(2) and a mapping of the same open file share one readahead state: streams, context, oversized reads.
// files: data.bin=2048
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

static char buf[200 * PAGE];

int main(void)
{
	memset(buf, 0, sizeof(buf));
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 2048 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	printf("%d\n", p[10 * PAGE]);
	usleep(20000);
	printf("%d\n", pread(fd, buf, PAGE, 27 * PAGE));
	printf("%d\n", pread(fd, buf, PAGE, 32 * PAGE));
	usleep(20000);
	printf("%d\n", p[36 * PAGE]);
	usleep(20000);
	for (int i = 0; i < 4; i++) {
		printf("%d\n", pread(fd, buf, 2 * PAGE, (500 + 2 * i) * PAGE));
		printf("%d\n", pread(fd, buf, 2 * PAGE, (700 + 2 * i) * PAGE));
		usleep(20000);
	}
	printf("%d\n", pread(fd, buf, 190 * PAGE, 900 * PAGE));
	usleep(20000);
	printf("%d\n", pread(fd, buf, 10 * PAGE, 1200 * PAGE));
	usleep(20000);
	printf("%d\n", p[1220 * PAGE]);
	usleep(20000);
	printf("%d\n", pread(fd, buf, 200 * PAGE, 1500 * PAGE));
	usleep(20000);
	printf("%d\n", pread(fd, buf, 100, 2047 * PAGE + 4000));
	return 0;
}
