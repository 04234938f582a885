// Four first touches, and each takes another way through the kernel.
// files: data.bin=64
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define FAR {{far}}
#define SIZE (64 * PAGE)
#define READ_WRITE (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	volatile char *own = mmap((void *)0x40000000, SIZE, READ_WRITE, MAP_PRIVATE, fd, 0);
	volatile char *shared = mmap((void *)0x50000000, SIZE, READ_WRITE, MAP_SHARED, fd, 0);
	volatile char *none = mmap((void *)0x60000000, SIZE, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int sum = own[0];
	own[FAR * PAGE] = 1;
	none[0] = 2;
	shared[FAR * PAGE] = 3;
	printf("%d %d %d %d\n", sum, own[FAR * PAGE], none[0], shared[FAR * PAGE]);
	return 0;
}
