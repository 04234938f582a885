// The C library writes to mappings: memset, memcpy from one mapping to another, strcpy; each page faults in turn.
// files: data.bin=24
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096
#define RW (PROT_READ | PROT_WRITE)

struct record {
	int key;
	char name[60];
};

int main(void)
{
	int fd = open("data.bin", O_RDWR);
	char *s = mmap(NULL, 24 * PAGE, RW, MAP_SHARED, fd, 0);
	char *p = mmap(NULL, 12 * PAGE, RW, MAP_PRIVATE, fd, 4 * PAGE);
	struct record *r = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i, sum = 0;
	memset(s + 100, 7, 2 * PAGE);
	memcpy(p + PAGE, s + 10 * PAGE, 2 * PAGE);
	for (i = 0; i < 128; i++) {
		r[i].key = i * i;
		strcpy(r[i].name, "record");
	}
	memcpy(s + 20 * PAGE + 512, r, 128 * sizeof(struct record));
	fsync(fd);
	r[127].key = -1;
	s[20 * PAGE]++;
	for (i = 0; i < 128; i++)
		sum += r[i].key + (int)strlen(r[i].name);
	printf("%d %d %d %d\n", sum, s[PAGE], p[PAGE + 1], s[20 * PAGE + 512 + 64]);
	munmap(s, 24 * PAGE);
	munmap(r, 4 * PAGE);
	return 0;
}
