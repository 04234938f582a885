// Functions: recursion, mutual recursion, static locals, order of arguments, void.
#include <stdio.h>

int odd(unsigned n);
static int calls;

static int fib(int n)
{
	static int deepest;
	calls++;
	if (n > deepest)
		deepest = n;
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int even(unsigned n) { return n == 0 ? 1 : odd(n - 1); }
int odd(unsigned n) { return n == 0 ? 0 : even(n - 1); }

static void count_down(char *out, int n)
{
	char mine[3] = {'0' + n, '\0'};
	if (n == 0)
		return;
	count_down(out + 1, n - 1);
	*out = mine[0];
}

static int show(int n)
{
	printf("%d ", n);
	return n;
}

static int three(int a, int b, int c) { return a * 100 + b * 10 + c; }
static unsigned char narrow(int n) { return n; }
static int ackermann(int m, int n)
{
	if (m == 0) return n + 1;
	if (n == 0) return ackermann(m - 1, 1);
	return ackermann(m - 1, ackermann(m, n - 1));
}

int main(void)
{
	printf("%d %d\n", fib(15), calls);
	printf("%d %d\n", even(10), odd(7));
	char out[10] = "";
	count_down(out, 6);
	printf("%s\n", out);
	printf("%d\n", three(show(1), show(2), show(3)));
	printf("%d\n", narrow(1000));
	int i = 5;
	printf("%d\n", three(i, i + 1, i * 2) + narrow(-1));
	printf("%d\n", ackermann(2, 3));
	int a[4] = {0};
	a[show(1)] = show(2);
	a[show(2)] += show(3);
	*(a + show(3)) = a[show(1)];
	printf("\n%d %d %d %d\n", a[0], a[1], a[2], a[3]);
	int x = show(1) + show(2) * show(3) - show(4);
	int y = show(0) && show(1) || show(2);
	printf("%d %d %d\n", x, y, (show(7), show(8)));
	return fib(10);
}
