// The string and memory functions, and rand().
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

int main(void)
{
	char a[64] = "hello", b[64];
	memset(b, 'x', sizeof b);
	b[10] = 0;
	printf("%zu %s\n", strlen(b), b);
	strcat(strcpy(b, a), ", world");
	printf("%s %d %d %d\n", b, sign(strcmp(a, b)), sign(strcmp("b", "a")), strcmp("", ""));
	printf("%d %d\n", sign(strncmp(a, b, 5)), sign(strncmp(a, b, 6)));
	memmove(b + 2, b, 5);
	printf("%s\n", b);
	memcpy(b, "XY", 2);
	printf("%s %d\n", b, sign(memcmp("ab\0c", "ab\0d", 4)));
	printf("%s %d %s\n", strchr(b, 'o'), strchr(b, 'q') == NULL, (char *)memchr(a, 'l', 5));
	printf("%d %d %d\n", atoi("  -42x"), atoi("2147483647"), abs(-5));
	for (int i = 0; i < 5; i++)
		printf("%d ", rand());
	srand(42);
	printf("%d %d\n", rand(), rand() % 100);
	return 0;
}
