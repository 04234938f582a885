// The preprocessor: constants, functions, conditionals, continued lines.
#include <stdio.h>
#include <sys/mman.h>
#define PAGE 4096
#define COUNT (4 * \
	PAGE)
#define SQUARE(x) ((x) * (x))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define TWICE SQUARE(2)
#define NOTHING
#define LOOP(var, n) for (int var = 0; var < (n); var++)
#define SELF SELF + 1
#if defined(PAGE) && PAGE == 1 << 12
#define SIZE "page"
#elif 1
#define SIZE "other"
#else
#error never
#endif
#ifndef MISSING
#ifdef MAP_PRIVATE
int both = 1;
#endif
#else
int both = 2;
#endif
#undef NOTHING
#define NOTHING 5
#if 0
this is not C at all '
#endif

int main(void)
{
	int SELF_ = 3 /* a comment
	over lines */ + 4; // and another \
	continued
	printf("%d %d %d %s %d\n", COUNT, SQUARE(3 + 1), MAX(2, SQUARE(2)), SIZE, both);
	LOOP(i, 3)
		printf("%d ", MAX(i,
			1));
	printf("%d %d %d\n", TWICE, NOTHING, SELF_);
	printf("%d %d\n", __LINE__, PROT_READ | PROT_WRITE);
	return 0;
}
