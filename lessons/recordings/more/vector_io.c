// readv and writev, with and without a position: several buffers, one of them in a mapping.
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

#include <sys/uio.h>
static char a[PAGE], b[2 * PAGE];

int main(void)
{
	memset(a, 'a', sizeof(a));
	memset(b, 'b', sizeof(b));
	int fd = open("data.bin", O_RDWR);
	char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iovec v[3];
	v[0].iov_base = a;
	v[0].iov_len = 1000;
	v[1].iov_base = p + 100;
	v[1].iov_len = PAGE;
	v[2].iov_base = b;
	v[2].iov_len = sizeof(b);
	printf("%d\n", readv(fd, v, 3));
	printf("%d %d %d\n", a[999], p[100], b[2 * PAGE - 1]);
	printf("%d\n", writev(fd, v, 3));
	printf("%d\n", preadv(fd, v, 2, 10 * PAGE + 5));
	printf("%d\n", pwritev(fd, v, 2, 20 * PAGE));
	printf("at %d\n", (int)lseek(fd, 0, SEEK_CUR));
	printf("%d\n", readv(fd, v, 0));
	printf("%d %s\n", readv(fd, v, -1), strerror(errno));
	printf("%d %s\n", readv(fd, v, 2000), strerror(errno));
	v[1].iov_len = -1;
	printf("%d %s\n", readv(fd, v, 3), strerror(errno));
	v[1].iov_len = 10;
	v[1].iov_base = (char *)0x20000000;
	printf("%d\n", preadv(fd, v, 3, 0));
	printf("%d\n", pwritev(fd, v, 3, 0));
	return 0;
}
