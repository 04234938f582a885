// Read a long file once, and look at a small one all the time. There is not room for both.
// files: hot.bin=8, cold.bin=192
// machine: memcg_pages=100
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define HOT 8
#define COLD 192

int main(void)
{
	static char buffer[PAGE];
	volatile char *hot = mmap(NULL, HOT * PAGE, PROT_READ, MAP_SHARED, open("hot.bin", O_RDONLY), 0);
	int cold = open("cold.bin", O_RDONLY);
	int sum = 0;
	for (int i = 0; i < COLD; i++) {
		read(cold, buffer, PAGE);
		sum += buffer[0] + hot[i % HOT * PAGE];
	}
	printf("%d\n", sum);
	return 0;
}
