// Read the first pages of a file with read(2), then map it and go on.
// files: data.bin=512
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	char buffer[PAGE];
	for (int i = 0; i < 40; i++)
		read(fd, buffer, PAGE);
	usleep(20000);
	volatile char *p = mmap(NULL, 128 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 128; i++)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
