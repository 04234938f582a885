// Single pages all over a file four times the size of memory.
// files: data.bin=1024
// machine: memcg_pages=256
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	volatile char *p = mmap(NULL, 1024 * PAGE, PROT_READ, MAP_SHARED, open("data.bin", O_RDONLY), 0);
	int sum = 0, page = 0;
	madvise((void *)p, 1024 * PAGE, MADV_RANDOM);
	for (int i = 0; i < 800; i++) {
		page = (page * 5 + 211) % 1024;
		sum += p[page * PAGE];
		if (i % 4 == 0)
			sum += p[(i / 4) % 40 * PAGE];
	}
	printf("%d\n", sum);
	return 0;
}
