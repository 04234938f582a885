// Advise sequential reading.
// files: data.bin=48
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 48

int main(void)
{
	static char buffer[PAGE];
	int fd = open("data.bin", O_RDONLY);
	int sum = 0;
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	for (int i = 0; i < PAGES; i++) {
		read(fd, buffer, PAGE);
		sum += buffer[0];
	}
	printf("%d\n", sum);
	return 0;
}
