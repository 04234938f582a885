// Read all pages with one system call, then add up.
// files: data.bin=48
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 48

int main(void)
{
	static char buffer[PAGES * PAGE];
	int fd = open("data.bin", O_RDONLY);
	int sum = 0;
	read(fd, buffer, sizeof buffer);
	for (int i = 0; i < PAGES; i++)
		sum += buffer[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
