// Store to eight pages of a file, and save each at once.
// files: data.bin=16
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 16

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	volatile char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	for (int i = 0; i < 8; i++) {
		p[i * PAGE] = i;
		msync((void *)(p + i * PAGE), PAGE, MS_SYNC);
	}
	printf("%d\n", p[0] + p[7 * PAGE]);
	return 0;
}
