// More dirty pages than the limit: the writer is put to sleep until the disk has caught up.
// files: data.bin=1024
// machine: dirty_background_bytes=131072 dirty_bytes=262144
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	char *p = mmap(NULL, 1024 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	for (int i = 0; i < 300; i++)
		p[i * 4096] = 'd';
	printf("%c\n", p[299 * 4096]);
	return fsync(fd);
}
