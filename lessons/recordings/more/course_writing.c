// Write to a page through a shared and through a private mapping of the same file.
// files: data.bin=16
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 16
#define AT (5 * PAGE)
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	volatile char *private = mmap(NULL, PAGES * PAGE, RW, MAP_PRIVATE, fd, 0);
	volatile char *shared = mmap(NULL, PAGES * PAGE, RW, MAP_SHARED, fd, 0);
	int before = shared[AT];
	shared[AT] = 42;
	private[AT] = 7;
	shared[AT] = 43;
	msync((void *)shared, PAGES * PAGE, MS_SYNC);
	shared[AT] = 44;
	printf("%d %d %d\n", before, shared[AT], private[AT]);
	munmap((void *)private, PAGES * PAGE);
	munmap((void *)shared, PAGES * PAGE);
	return 0;
}
