// Small blocks of malloc lie on the heap, which grows by brk.
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
	char *first = malloc(100), *second = malloc(100);
	printf("%d %d\n", (int)(second - first), first != NULL);
	char *blocks[8];
	for (int i = 0; i < 8; i++) {
		blocks[i] = malloc(60000);
		memset(blocks[i], i, 60000);
	}
	int sum = 0;
	for (int i = 0; i < 8; i++)
		sum += blocks[i][59999];
	free(first);
	char *again = malloc(90);
	printf("%d %d\n", again == first, sum);
	int *zeros = calloc(1000, sizeof(int));
	for (int i = 0; i < 1000; i++)
		sum += zeros[i];
	second = realloc(second, 5000);
	printf("%d %d\n", sum, second != NULL);
	for (int i = 0; i < 8; i++)
		free(blocks[i]);
	return 0;
}
