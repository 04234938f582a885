// Leave munmap out.
// files: data.bin=40
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 40

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	int sum = 0;
	for (int round = 0; round < 3; round++) {
		volatile char *p = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
		for (int i = 0; i < PAGES; i++)
			sum += p[i * PAGE];
	}
	printf("%d\n", sum);
	return 0;
}
