// Writable anonymous memory, only read.
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
	volatile char *p = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int sum = p[0] + p[7 * PAGE] + p[3 * PAGE + 4095];
	madvise((void *)p, 8 * PAGE, MADV_DONTNEED);
	sum += p[0];
	printf("%d\n", sum);
	return 0;
}
