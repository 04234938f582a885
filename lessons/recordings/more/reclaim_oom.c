// Private memory cannot be reclaimed without swap: at the limit of its group the program is killed.
// files: data.bin=64
// machine: memcg_pages=300
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	volatile char *p = mmap(NULL, 64 * PAGE, PROT_READ, MAP_SHARED, open("data.bin", O_RDONLY), 0);
	volatile char *q = mmap(NULL, 512 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int sum = 0;
	for (int i = 0; i < 64; i++)
		sum += p[i * PAGE];
	for (int i = 0; i < 512; i++)
		q[i * PAGE] = 1;
	printf("%d\n", sum);
	return 0;
}
