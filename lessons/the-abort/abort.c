// Touch a mapping of 4 MiB here and there.
// files: data.bin=1024
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define MIB (1024 * 1024)

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	void *where = (void *){{base:hex}};
	volatile char *p = mmap(where, 4 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	int sum = p[0];
	sum += p[MIB];
	sum += p[2 * MIB];
	p[0] = 1;
	printf("%d %d\n", sum, p[0]);
	return 0;
}
