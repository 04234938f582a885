// Every advice of posix_fadvise, and what each does to the next reads.
// files: data.bin=512
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char byte;
	int fd = open("data.bin", O_RDONLY);
	printf("%d\n", posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM));
	pread(fd, &byte, 1, 10 * 4096);
	printf("%d\n", posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
	pread(fd, &byte, 1, 100 * 4096);
	printf("%d\n", posix_fadvise(fd, 0, 0, POSIX_FADV_NORMAL));
	pread(fd, &byte, 1, 300 * 4096);
	printf("%d\n", posix_fadvise(fd, 400 * 4096, 20 * 4096, POSIX_FADV_WILLNEED));
	usleep(20000);
	pread(fd, &byte, 1, 405 * 4096);
	printf("%d\n", posix_fadvise(fd, 0, 0, POSIX_FADV_NOREUSE));
	printf("%d\n", posix_fadvise(fd, 100 * 4096 + 1, 10 * 4096, POSIX_FADV_DONTNEED));
	printf("%d\n", posix_fadvise(fd, 400 * 4096, 0, POSIX_FADV_DONTNEED));
	printf("%d\n", posix_fadvise(fd, 0, 0, 99));
	printf("%d\n", posix_fadvise(fd, 0, -1, POSIX_FADV_NORMAL));
	printf("%d\n", posix_fadvise(77, 0, 0, POSIX_FADV_NORMAL));
	return 0;
}
