// MAP_POPULATE on writable mappings: private pages are copied at once, shared ones only read.
// files: data.bin=20
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	volatile unsigned char *p = mmap(NULL, 12 * PAGE, RW, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	volatile unsigned char *s = mmap(NULL, 20 * PAGE, RW, MAP_SHARED | MAP_POPULATE, fd, 0);
	volatile unsigned char *a = mmap(NULL, 6 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	volatile unsigned char *z = mmap(NULL, 6 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	p[0] += 1;
	s[0] += 2;
	s[15 * PAGE] = 3;
	a[PAGE] = 4;
	z[PAGE] = 5;
	p[11 * PAGE] = 6;
	printf("%d %d %d %d %d\n", p[0], s[0], a[PAGE] + a[2 * PAGE], z[PAGE] + z[2 * PAGE], s[11 * PAGE]);
	return 0;
}
