// Touch a few pages of a small file: a major fault, the marker, a neighbour that is mapped already.
// files: data.bin=12
// machine: read_ahead_kb=16 fault_around_bytes=8192
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	volatile char *p = mmap(NULL, 12 * 4096, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), 0);
	int sum = p[0] + p[3 * 4096] + p[2 * 4096];
	printf("%d\n", sum);
	munmap((void *)p, 12 * 4096);
	return 0;
}
