// Holes: writing far behind the end, reading zeros that no disk has, looking for data and holes.
// files: data.bin=4+10
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
	memset(buf, 's', sizeof(buf));
	int fd = open("data.bin", O_RDWR);
	lseek(fd, 20 * PAGE + 5, SEEK_SET);
	printf("%d\n", write(fd, buf, 10));
	printf("%d\n", pwrite(fd, buf, PAGE, 40 * PAGE));
	printf("data %d\n", (int)lseek(fd, 0, SEEK_DATA));
	printf("hole %d\n", (int)lseek(fd, 0, SEEK_HOLE));
	printf("data %d\n", (int)lseek(fd, 6 * PAGE, SEEK_DATA));
	printf("hole %d\n", (int)lseek(fd, 20 * PAGE, SEEK_HOLE));
	printf("data %d\n", (int)lseek(fd, 21 * PAGE, SEEK_DATA));
	printf("hole %d\n", (int)lseek(fd, 40 * PAGE, SEEK_HOLE));
	printf("none %d %d\n", (int)lseek(fd, 41 * PAGE, SEEK_DATA), errno);
	printf("%d\n", pread(fd, buf, 2 * PAGE, 10 * PAGE));
	printf("%d %d\n", buf[0], buf[PAGE]);
	printf("%d\n", pread(fd, buf, 2 * PAGE, 4 * PAGE));
	printf("%d %d %d\n", buf[9], buf[10], buf[PAGE]);
	printf("%d\n", fsync(fd));
	printf("data %d\n", (int)lseek(fd, 6 * PAGE, SEEK_DATA));
	printf("hole %d\n", (int)lseek(fd, 20 * PAGE, SEEK_HOLE));
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	printf("%d\n", pread(fd, buf, 2 * PAGE, 19 * PAGE));
	printf("%d %d %d %d\n", buf[0], buf[PAGE + 4], buf[PAGE + 5], buf[PAGE + 15]);
	char *p = mmap(NULL, 41 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	printf("%d %d\n", p[30 * PAGE], p[40 * PAGE]);
	p[35 * PAGE] = 'm';
	printf("data %d\n", (int)lseek(fd, 30 * PAGE, SEEK_DATA));
	printf("%d\n", msync(p, 41 * PAGE, MS_SYNC));
	printf("data %d\n", (int)lseek(fd, 30 * PAGE, SEEK_DATA));
	return 0;
}
