// Read a file that is larger than the memory of the program's group, page by page, twice.
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
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < PAGES; i++) {
			pread(fd, buffer, PAGE, i * PAGE);
			sum += buffer[0];
		}
	printf("%d\n", sum);
	return 0;
}
