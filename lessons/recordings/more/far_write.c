// Writing to an address without a page table.
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
	volatile char *p = (char *)0x60000004;
	p[0] = 2;
	return 0;
}
