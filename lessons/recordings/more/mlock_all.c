// mlock2, mlockall and munlockall; MAP_LOCKED; what is mapped after MCL_FUTURE.
// files: data.bin=64
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	int fd = open("data.bin", O_RDONLY), sum = 0;
	char *p = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	printf("%d\n", mlock2(p, 4 * PAGE, MLOCK_ONFAULT));
	printf("%d", mlock2(p, 4 * PAGE, 2));
	printf(" %d\n", errno);
	printf("%d\n", mlock2(p + 6 * PAGE, PAGE, 0));
	sum += p[0] + p[7 * PAGE];
	char *l = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	l[0] = 1;
	printf("%d", mlockall(0));
	printf(" %d", errno);
	printf(" %d", mlockall(MCL_ONFAULT));
	printf(" %d", errno);
	printf(" %d", mlockall(8));
	printf(" %d\n", errno);
	printf("%d\n", mlockall(MCL_FUTURE));
	char *f = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE, fd, 32 * PAGE);
	sum += f[0] + f[5 * PAGE];
	char *g = mremap(f, 8 * PAGE, 12 * PAGE, MREMAP_MAYMOVE);
	sum += g[11 * PAGE];
	printf("%d\n", mlockall(MCL_FUTURE | MCL_ONFAULT));
	char *o = mmap(NULL, 8 * PAGE, PROT_READ, MAP_PRIVATE, fd, 48 * PAGE);
	sum += o[3 * PAGE];
	printf("%d\n", munlockall());
	char *u = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 60 * PAGE);
	sum += u[0];
	munmap(g, 12 * PAGE);
	printf("%d\n", sum);
	return 0;
}
