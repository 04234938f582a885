// Read a small file, read a long one, and read the small one again. There is not room for both.
// files: hot.bin=8, cold.bin=192
// machine: memcg_pages=100
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define PAGE 4096
#define HOT 8
#define COLD 192

static char buffer[PAGE];

int add(int fd, int pages)
{
	int sum = 0;
	lseek(fd, 0, SEEK_SET);
	for (int i = 0; i < pages; i++) {
		read(fd, buffer, PAGE);
		sum += buffer[0];
	}
	return sum;
}

int main(void)
{
	int hot = open("hot.bin", O_RDONLY), cold = open("cold.bin", O_RDONLY);
	int sum = add(hot, HOT);
	add(hot, HOT);
	sum += add(cold, COLD);
	sum += add(hot, HOT);
	printf("%d\n", sum);
	return 0;
}
