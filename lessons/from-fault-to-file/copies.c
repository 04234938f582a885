// Write to four pages of a private mapping.
// files: data.bin=16
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	volatile char *p = mmap((void *)0x40000000, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < 4; i++)
		p[i * PAGE] = 50;
	for (int i = 0; i < 4; i++)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
