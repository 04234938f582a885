// Reading anonymous memory maps the zero page, one page a fault.
// files: data.bin=512
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	volatile char *p = mmap(NULL, 1200 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int sum = 0;
	for (int i = 0; i < 1200; i += 99)
		sum += p[i * PAGE];
	printf("%d\n", sum);
	munmap((void *)p, 1200 * PAGE);
	return 0;
}
