// More dirty pages than the background limit: the flusher writes while the program goes on.
// files: data.bin=512
// machine: dirty_background_bytes=262144 dirty_bytes=67108864
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char buf[16384];

int main(void)
{
	int fd = open("data.bin", O_WRONLY);
	memset(buf, 'd', sizeof buf);
	for (int i = 0; i < 64; i++)
		write(fd, buf, sizeof buf);
	usleep(300000);
	printf("%d\n", (int)lseek(fd, 0, SEEK_CUR));
	return fsync(fd);
}
