// Every kind of loop and switch, with break, continue and fallthrough in awkward places.
#include <stdio.h>

static int classify(int n)
{
	switch (n) {
	case -1:
	case 0:
		return 100;
	case 1:
		n += 10;
	case 2:
		n += 20;
		break;
	default:
		n = -n;
	case 7:
		n *= 2;
	}
	return n;
}

int main(void)
{
	for (int i = -2; i < 9; i++)
		printf("%d ", classify(i));
	printf("\n");
	int i = 0;
	do {
		if (i == 3)
			continue;
		if (i == 6)
			break;
		printf("%d ", i);
	} while (++i < 10);
	printf("| %d\n", i);
	int sum = 0;
	for (int a = 0; a < 5; a++) {
		for (int b = 0;; b++) {
			switch (b % 4) {
			case 0:
				continue;
			case 1:
				if (a == 2)
					break;
				sum += 10;
			case 2:
				sum++;
				break;
			default:
				sum += 100;
			}
			if (b > 6 + a)
				break;
		}
	}
	printf("%d\n", sum);
	while (1) {
		if (i++ > 20)
			break;
		switch (i) { case 9: i += 2; continue; case 12: i += 3; break; }
		printf("%d ", i);
	}
	for (i = 0; ; ) { if (i++ == 4) break; }
	for (; i > 0; i--) ;
	if (i) printf("no\n"); else if (i == 0) printf("zero\n"); else printf("no\n");
	switch (i) ;
	switch (i) { int unused; case 0: unused = 3; printf("%d\n", unused); }
	switch (5) { case 1: printf("one\n"); }
	do printf("once\n"); while (0);
	while (0) printf("never\n");
	int n = 3;
	while (n --> 0) { int fresh = n * n; printf("%d ", fresh); }
	printf("%d\n", n);
	return 0;
}
