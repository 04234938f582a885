// mincore beyond files: the program's own code, the pages that the kernel gives to every program, and a hole.
// files: data.bin=12
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

unsigned char vec[64];

int main(void)
{
	int fd = open("data.bin", O_RDONLY), sum = 0;
	char *m = mmap(NULL, 12 * 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	int r = mincore(m + 11 * 4096, 13 * 4096, vec);
	for (int i = 0; i < 20; i++)
		sum += vec[i];
	printf("%d %d %d\n", r, r ? errno : 0, sum);
	r = mincore((char *)0x1f000, 9 * 4096, vec);
	for (int i = 0; i < 9; i++)
		printf("%d", vec[i]);
	printf(" %d\n", r);
	r = mincore((char *)0x66000, 4 * 4096, vec);
	for (int i = 0; i < 4; i++)
		printf("%d", vec[i]);
	printf(" %d\n", r);
	return 0;
}
