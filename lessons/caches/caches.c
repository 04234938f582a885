// Use three files, let two of them go, and ask the kernel to empty its caches.
// files: a.bin=16, b.bin=8, c.bin=8
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int first_byte(char *name)
{
	int fd = open(name, O_RDONLY);
	volatile char *p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int byte = p[0];
	munmap((void *)p, PAGE);
	close(fd);
	return byte;
}

void drop(char *what)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	write(fd, what, 1);
	close(fd);
}

int main(void)
{
	int fd = open("a.bin", O_RDONLY);
	volatile char *a = mmap(NULL, 16 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = a[0] + first_byte("b.bin") + first_byte("c.bin");
	sum += first_byte("b.bin");
	drop("1");
	drop("2");
	drop("2");
	printf("%d\n", sum + first_byte("b.bin"));
	return 0;
}
