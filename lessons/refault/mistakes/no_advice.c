// Leave the advice out.
// files: data.bin=128
// machine: memcg_pages=96
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 128

int main(void)
{
	static char buffer[PAGE];
	int fd = open("data.bin", O_RDONLY);
	int sum = 0;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < PAGES; i++) {
			pread(fd, buffer, PAGE, i * PAGE);
			sum += buffer[0];
		}
	printf("%d\n", sum);
	return 0;
}
