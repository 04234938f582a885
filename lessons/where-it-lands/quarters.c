// Map a file in four quarters, one after the other.
// files: data.bin=16
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define QUARTER (4 * 4096)

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	int failed = 0;
	for (int i = 0; i < 4; i++)
		failed += mmap(NULL, QUARTER, PROT_READ, MAP_PRIVATE, fd, i * QUARTER) == MAP_FAILED;
	printf("%d\n", failed);
	return 0;
}
