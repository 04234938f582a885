// Scopes, shadowing, names that Python keeps for itself, initialisers.
#include <stdio.h>

int lambda = 1;
int None = 2;
static int __builtins__ = 3;

int def(int class, int from)
{
	int import = class * from, _d = 7, _s = 8, __class__ = 9;
	return import + lambda + None + __builtins__ + _d + _s + __class__;
}

int main(void)
{
	int x = 1, pass = 5;
	{
		int x = 2;
		{
			int x = 3;
			x++;
			printf("%d ", x);
		}
		printf("%d ", x);
		for (int x = 7; x < 9; x++)
			printf("%d ", x);
	}
	printf("%d %d\n", x, def(pass, 3));
	int a[] = {1, 2, 3, [7] = 8, 9}, n = sizeof a / sizeof a[0];
	for (int i = 0; i < n; i++)
		printf("%d ", a[i]);
	int grid[2][2] = {{x, pass}, {x + pass}};
	printf("%d %d %d\n", grid[0][1], grid[1][0], grid[1][1]);
	char s[] = "abc", t[8] = {'x', 'y'}, u[] = {"braced"};
	printf("%zu %s %zu\n", sizeof s, t, sizeof u);
	const int limit = 10;
	volatile int v = limit;
	v += v ? 1 : 0;
	register int r = 5;
	int i, j;
	for (i = 0, j = 10; i < j; i += 3, j--)
		r ^= i * j;
	printf("%d %d %d\n", r, i, j);
	unsigned char c = 250;
	c++;
	int k = ++c;
	printf("%d %d\n", k > 0, c);
	int p = 3, *q = &p;
	p = p + 1;
	*q += *q;
	(*q)++;
	printf("%d\n", *q);
	long long big = 1;
	for (int shift = 0; shift < 5; shift++)
		big = (big << 13) ^ shift;
	printf("%lld\n", big);
	int chain = x = pass = 42;
	printf("%d %d %d\n", chain, x, pass);
	static int once = 5;
	static char *name = "static";
	printf("%d %s\n", once++, name);
	return n;
}
