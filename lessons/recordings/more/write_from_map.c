// write(2) from mappings that have not been touched: the source is faulted in before the page is locked.
// files: data.bin=64, other.bin=64
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
	int fd = open("data.bin", O_RDWR), other = open("other.bin", O_RDONLY);
	char *source = mmap(NULL, 32 * PAGE, PROT_READ, MAP_PRIVATE, other, 0);
	char *same = mmap(NULL, 16 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	char *zeros = mmap(NULL, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *none = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("%d\n", pwrite(fd, source, PAGE, 40 * PAGE));
	printf("%d\n", pwrite(fd, source + 20 * PAGE + 100, 2 * PAGE, 42 * PAGE));
	printf("%d\n", pwrite(fd, same, PAGE, 0));
	printf("%d\n", pwrite(fd, same + 5 * PAGE, PAGE, 5 * PAGE + 50));
	printf("%d\n", pwrite(fd, zeros, 2 * PAGE, 50 * PAGE));
	printf("%d %s\n", pwrite(fd, none, 10, 50 * PAGE), strerror(errno));
	printf("%d %s\n", pwrite(fd, (char *)0x20000000, 10, 50 * PAGE), strerror(errno));
	munmap(source + 30 * PAGE, PAGE);
	printf("%d\n", pwrite(fd, source + 29 * PAGE, 2 * PAGE, 54 * PAGE));
	printf("%d\n", pwrite(fd, source + 30 * PAGE - 10, 20, 56 * PAGE));
	printf("%d %d\n", same[PAGE], same[5 * PAGE + 60]);
	return 0;
}
