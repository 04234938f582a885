// The same stream under MADV_SEQUENTIAL: its references do not count, so its pages go at once.
// files: data.bin=1024
// machine: memcg_pages=300
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	volatile char *p = mmap(NULL, 1024 * PAGE, PROT_READ, MAP_SHARED, open("data.bin", O_RDONLY), 0);
	int sum = 0;
	madvise((void *)p, 1024 * PAGE, MADV_SEQUENTIAL);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 1024; i++)
			sum += p[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
