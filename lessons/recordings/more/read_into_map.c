// The buffer of read(2) lies in mappings that have not been touched: the kernel itself faults while it copies.
// files: data.bin=64, other.bin=16
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

int main(void)
{
	int fd = open("data.bin", O_RDONLY), other = open("other.bin", O_RDWR);
	char *anon = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *shared = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, other, 0);
	char *private = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, other, 8 * PAGE);
	char *readonly = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, other, 0);
	printf("%d\n", read(fd, anon + 100, 2 * PAGE));
	printf("%d\n", read(fd, shared + PAGE, PAGE));
	printf("%d\n", read(fd, private + 2 * PAGE - 8, 16));
	printf("%d %s\n", read(fd, readonly, 100), strerror(errno));
	printf("%d %s\n", read(fd, (char *)0x20000000, 100), strerror(errno));
	printf("%d %s\n", read(fd, (char *)0xc0000000, 100), strerror(errno));
	printf("at %d\n", (int)lseek(fd, 0, SEEK_CUR));
	munmap(anon + 4 * PAGE, PAGE);
	printf("%d\n", read(fd, anon + 3 * PAGE, 3 * PAGE));
	printf("at %d\n", (int)lseek(fd, 0, SEEK_CUR));
	printf("%d\n", pread(fd, anon + 4 * PAGE - 10, 20, 0));
	printf("%d %d %d\n", anon[100], shared[PAGE], private[2 * PAGE]);
	return 0;
}
