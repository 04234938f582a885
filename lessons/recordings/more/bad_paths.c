// open, unlink and close with paths and numbers that lead nowhere.
// files: data.bin=4
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	printf("%d %d\n", open("", O_RDONLY), errno);
	printf("%d %d\n", open("none.bin", O_RDONLY), errno);
	printf("%d %d\n", open("data.bin/x", O_RDONLY), errno);
	printf("%d %d\n", open("nodir/x", O_CREAT | O_RDWR, 0644), errno);
	printf("%d %d\n", open(".", O_WRONLY), errno);
	printf("%d %d\n", open("data.bin", O_CREAT | O_EXCL | O_RDONLY, 0644), errno);
	printf("%d %d\n", open("data.bin", O_DIRECTORY), errno);
	printf("%d %d\n", open((char *)16, O_RDONLY), errno);
	printf("%d %d\n", unlink("none.bin"), errno);
	printf("%d %d\n", close(55), errno);
	return 0;
}
