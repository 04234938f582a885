// Read one byte of each of four pages, far from each other, as if in order.
// files: data.bin=512
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 512 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	madvise((void *)p, 512 * PAGE, MADV_SEQUENTIAL);
	int sum = p[{{a}} * PAGE] + p[{{b}} * PAGE] + p[{{c}} * PAGE] + p[{{d}} * PAGE];
	printf("%d\n", sum);
	return 0;
}
