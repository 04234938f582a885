// Copy only the byte that is wanted.
// files: data.bin=48
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 48

int main(void)
{
	char byte;
	int fd = open("data.bin", O_RDONLY);
	int sum = 0;
	for (int i = 0; i < PAGES; i++) {
		pread(fd, &byte, 1, i * PAGE);
		sum += byte;
	}
	printf("%d\n", sum);
	return 0;
}
