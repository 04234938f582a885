// Locked pages stay, whatever streams past them.
// files: kept.bin=100, stream.bin=800
// machine: memcg_pages=300
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	volatile char *kept = mmap(NULL, 100 * PAGE, PROT_READ, MAP_SHARED, open("kept.bin", O_RDONLY), 0);
	volatile char *p = mmap(NULL, 800 * PAGE, PROT_READ, MAP_SHARED, open("stream.bin", O_RDONLY), 0);
	int sum = mlock((void *)kept, 100 * PAGE);
	for (int i = 0; i < 800; i++)
		sum += p[i * PAGE];
	for (int i = 0; i < 100; i++)
		sum += kept[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
