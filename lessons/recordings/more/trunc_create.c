// A file made, filled, emptied with O_TRUNC while it is mapped, and grown again.
// files: data.bin=16
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	char text[100];
	int fd = open("made.txt", O_CREAT | O_RDWR | O_EXCL, 0644);
	printf("%d\n", fd >= 0);
	memset(text, 'm', 100);
	printf("%d\n", (int)write(fd, text, 100));
	char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	printf("%c%d\n", p[99], p[100]);
	int again = open("made.txt", O_CREAT | O_EXCL | O_RDWR, 0644);
	printf("%d %d\n", again, errno);
	again = open("made.txt", O_WRONLY | O_TRUNC);
	printf("%d\n", (int)lseek(again, 0, SEEK_END));
	printf("%d\n", ftruncate(again, 5000));
	printf("%d\n", p[50]);
	p[51] = 'n';
	printf("%d\n", (int)pread(fd, text, 100, 0));
	printf("%d%c\n", text[50], text[51]);
	close(again);
	close(fd);
	return 0;
}
