// Blocks of 128 KiB and more are mappings of their own.
// files: data.bin=4
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	char *big = malloc(131072), *other = malloc(1 << 20);
	printf("%d %d\n", (int)((unsigned long)big & 4095), (int)((unsigned long)other & 4095));
	big[0] = 1;
	big[70000] = 2;
	other[500000] = 3;
	free(big);
	char *next = malloc(131072);
	next[0] = 4;
	char *more = malloc(200000);
	more[150000] = 5;
	printf("%d\n", next[0] + more[150000] + other[500000]);
	free(other);
	char *zero = calloc(300, 1024);
	printf("%d\n", zero[100000]);
	zero[100000] = 1;
	zero = realloc(zero, 600 * 1024);
	printf("%d\n", zero[100000]);
	return 0;
}
