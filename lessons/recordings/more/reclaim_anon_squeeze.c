// Private memory takes most of the group; the file has to make do with what is left.
// files: data.bin=512
// machine: memcg_pages=300
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096

int main(void)
{
	volatile char *q = mmap(NULL, 160 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile char *p = mmap(NULL, 512 * PAGE, PROT_READ, MAP_SHARED, open("data.bin", O_RDONLY), 0);
	int sum = 0;
	for (int i = 0; i < 160; i++)
		q[i * PAGE] = i;
	for (int i = 0; i < 512; i++)
		sum += p[i * PAGE];
	for (int i = 0; i < 160; i++)
		sum += q[i * PAGE];
	printf("%d\n", sum);
	return 0;
}
