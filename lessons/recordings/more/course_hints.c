// The same loop over five files, each with another hint.
// files: plain.bin=32, random.bin=32, sequential.bin=32, willneed.bin=32, populate.bin=32
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 32
#define STEP 4

volatile char *map(const char *name, int flags)
{
	return mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE | flags, open(name, O_RDONLY), 0);
}

int sum_of(volatile char *p)
{
	int sum = 0;
	for (int i = 0; i < PAGES; i += STEP)
		sum += p[i * PAGE];
	return sum;
}

int main(void)
{
	volatile char *p = map("plain.bin", 0);
	printf("%d ", sum_of(p));

	p = map("random.bin", 0);
	madvise((void *)p, PAGES * PAGE, MADV_RANDOM);
	printf("%d ", sum_of(p));

	p = map("sequential.bin", 0);
	madvise((void *)p, PAGES * PAGE, MADV_SEQUENTIAL);
	printf("%d ", sum_of(p));

	p = map("willneed.bin", 0);
	madvise((void *)p, PAGES * PAGE, MADV_WILLNEED);
	usleep(20000);
	printf("%d ", sum_of(p));

	p = map("populate.bin", MAP_POPULATE);
	printf("%d\n", sum_of(p));
	return 0;
}
