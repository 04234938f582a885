// ftruncate takes pages away from under shared, private and copied mappings; the tail of the last page becomes zero.
// files: data.bin=32
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf back;

static void on_fault(int sig)
{
	siglongjmp(back, sig);
}

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	char *s = mmap(NULL, 32 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *c = mmap(NULL, 32 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	signal(SIGBUS, on_fault);
	s[9 * 4096 + 2000] = 'q';
	s[20 * 4096] = 'r';
	c[9 * 4096 + 2000] = 'p';
	c[21 * 4096] = 'o';
	int sum = c[10 * 4096];
	ftruncate(fd, 9 * 4096 + 1000);
	printf("%d\n", s[9 * 4096 + 2000]);
	printf("%c\n", c[9 * 4096 + 2000]);
	if (sigsetjmp(back, 1) == 0)
		sum += s[20 * 4096];
	else
		puts("SIGBUS shared");
	if (sigsetjmp(back, 1) == 0)
		sum += c[21 * 4096];
	else
		puts("SIGBUS private");
	ftruncate(fd, 24 * 4096);
	printf("%d %d\n", s[20 * 4096], c[21 * 4096]);
	s[23 * 4096] = 'w';
	fsync(fd);
	return sum & 0;
}
