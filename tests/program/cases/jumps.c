// setjmp in every place where a call can stand, and jumps to it from near and far.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static jmp_buf here, there;
static int jumps;

static void far(int n, int value)
{
	if (n > 0)
		far(n - 1, value);
	jumps++;
	longjmp(here, value);
}

static int twice(int limit)
{
	int tries = 0;
	int got = setjmp(there);
	tries++;
	if (tries < limit)
		longjmp(there, tries * 2);
	return got * 10 + tries;
}

int main(void)
{
	volatile int count = 0;
	int sum = 0, value;
	if (setjmp(here) == 0)
		far(3, 0);
	else
		printf("back %d\n", jumps);
	switch (setjmp(here)) {
	case 0:
		far(0, 2);
		break;
	case 1:
		printf("one\n");
		break;
	case 2:
		printf("two\n");
		far(1, 1);
		break;
	}
	for (int i = 0; i < 3; i++) {
		value = setjmp(here);
		sum += i + value;
		if (value < i)
			far(i, value + 1);
		printf("%d %d %d\n", i, value, sum);
	}
	while ((value = setjmp(here)) < 3) {
		count++;
		far(count, value + 1);
	}
	printf("%d %d %d\n", value, count, twice(4));
	printf("%d\n", setjmp(here) ? jumps : (far(2, 5), -1));
	return 0;
}
