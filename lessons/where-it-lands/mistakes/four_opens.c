// Map a file in four quarters, with a descriptor for each.
// files: data.bin=16
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define QUARTER (4 * 4096)

int main(void)
{
	int failed = 0;
	for (int i = 3; i >= 0; i--)
		failed += mmap(NULL, QUARTER, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), i * QUARTER) == MAP_FAILED;
	printf("%d\n", failed);
	return 0;
}
