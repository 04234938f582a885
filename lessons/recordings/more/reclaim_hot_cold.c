// A small hot set is used again and again while a long cold file streams past it.
// files: hot.bin=64, cold.bin=1024
// machine: memcg_pages=300
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	volatile char *hot = mmap(NULL, 64 * PAGE, PROT_READ, MAP_SHARED, open("hot.bin", O_RDONLY), 0);
	volatile char *cold = mmap(NULL, 1024 * PAGE, PROT_READ, MAP_SHARED, open("cold.bin", O_RDONLY), 0);
	int sum = 0;
	for (int i = 0; i < 1024; i++) {
		sum += cold[i * PAGE];
		for (int j = 0; j < 8; j++)
			sum += hot[(i * 8 + j) % 64 * PAGE];
	}
	printf("%d\n", sum);
	return 0;
}
