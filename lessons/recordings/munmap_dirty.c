// munmap of written pages: the file keeps what a shared mapping wrote, and nothing of a private one.
// files: data.bin=40
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
	volatile unsigned char *s = mmap(NULL, 20 * PAGE, RW, MAP_SHARED, fd, 10 * PAGE);
	volatile unsigned char *p;
	int i, sum = 0;
	for (i = 0; i < 20; i += 3)
		s[i * PAGE] = i;
	sum += s[PAGE];
	munmap((void *)(s + 6 * PAGE), 4 * PAGE);
	s[3 * PAGE] = 77;
	munmap((void *)s, 20 * PAGE);
	p = mmap(NULL, 40 * PAGE, RW, MAP_PRIVATE, fd, 0);
	for (i = 0; i < 40; i += 5)
		p[i * PAGE + 1] = i;
	for (i = 0; i < 40; i++)
		sum = sum * 3 + p[i * PAGE] + p[i * PAGE + 1];
	munmap((void *)p, 40 * PAGE);
	p = mmap(NULL, 40 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
	for (i = 0; i < 40; i++)
		sum = sum * 3 + p[i * PAGE] + p[i * PAGE + 1];
	printf("%d\n", sum);
	munmap((void *)p, 40 * PAGE);
	return 0;
}
