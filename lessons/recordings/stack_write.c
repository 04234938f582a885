// A write far below the stack makes it grow, within its limits; 8 MiB below the top it is SIGSEGV.
// files: data.bin=1
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
	volatile unsigned char *top = (volatile unsigned char *)0xbf000000;
	top[-0x100000] = 1;
	top[-0x100000 - 0x2fff] = 2;
	printf("%d %d %d\n", top[-0x100000], top[-0x100000 - 0x2fff], top[-0x100000 - 0x1000]);
	top[-0x700000] = 3;
	printf("%d\n", top[-0x700000]);
	fflush(stdout);
	top[-0x800001] = 4;
	return 0;
}
