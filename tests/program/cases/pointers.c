// Pointers, arrays in several dimensions, address arithmetic.
#include <stdio.h>
#include <string.h>

int table[3][4] = {{1, 2, 3}, {4, 5}, [2][3] = 9};
char *words[] = {"zero", "one", "two", NULL};
const char text[] = "some text";
static long total;
int *const fixed = &table[1][1];

static void swap(int *a, int *b)
{
	int t = *a;
	*a = *b;
	*b = t;
}

static int length(char **list)
{
	char **p = list;
	while (*p)
		p++;
	return p - list;
}

static int sum(int m[][4], int rows)
{
	int s = 0;
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < 4; j++)
			s += m[i][j];
	return s;
}

int main(int argc, char **argv)
{
	int a = 1, b = 2;
	swap(&a, &b);
	printf("%d %d %d\n", a, b, *fixed);
	printf("%d %s %c\n", length(words), words[1], *words[2]);
	printf("%d %zu %zu\n", sum(table, 3), sizeof table, sizeof table[0]);
	int *p = &table[0][0], *q = &table[2][3];
	printf("%d %d %d\n", q - p, q > p, *(p + 5));
	p += 4;
	printf("%d %d %d\n", *p++, *p, p[-1]);
	printf("%d %d\n", *--p, ++*p);
	char buf[16];
	strcpy(buf, text);
	buf[4] = '\0';
	printf("%s %zu %s\n", buf, strlen(text), buf + 5);
	void *v = buf;
	printf("%c %d\n", *(char *)(v + 2), (int)((char *)(v + 8) - (char *)v));
	int x = 0x01020304;
	unsigned char *bytes = (unsigned char *)&x;
	for (int i = 0; i < 4; i++)
		printf("%d ", bytes[i]);
	*(short *)(bytes + 1) = -2;
	printf("%x\n", x);
	int **pp = &p;
	**pp = 77;
	printf("%d %d\n", table[1][0], 2[table[1]]);
	int local[2][3] = {1, 2, 3, 4};
	int (*row)[3] = local;
	printf("%d %d %d\n", row[1][0], (*row)[2], local[1][1]);
	printf("%d %d\n", argc, argv[1] == 0);
	total += 5;
	total *= total;
	printf("%ld %d\n", total, p == NULL || !p);
	long long wide[2] = {-1, 1LL << 33};
	long long *w = wide + 1;
	*w += 3;
	printf("%lld %lld\n", w[-1], *w);
	char *end = "abc";
	while (*end++) ;
	printf("%d\n", end[-2]);
	char grid[2][5] = {"ab", "cdef"};
	printf("%s %s %zu\n", grid[0], grid[1], sizeof grid);
	int unaligned[3] = {0x11223344, 0x55667788, 0};
	printf("%x\n", *(int *)((char *)unaligned + 3));
	return 0;
}
