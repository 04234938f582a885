// write(2) under a limit: the file grows beyond what the group may use.
// files: data.bin=1, other.bin=64
// machine: memcg_pages=120
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define PAGE 4096

static char buffer[PAGE];

int main(void)
{
	int fd = open("data.bin", O_RDWR), other = open("other.bin", O_RDONLY);
	int sum = 0;
	for (int i = 0; i < 64; i++) {
		pread(other, buffer, PAGE, i * PAGE);
		sum += buffer[0];
	}
	for (int i = 0; i < 160; i++) {
		write(fd, buffer, PAGE);
		if (i % 20 == 19)
			fsync(fd);
	}
	printf("%d\n", sum);
	return 0;
}
