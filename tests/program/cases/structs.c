// Structs, unions, enums, typedef, and their initialisers.
#include <stdio.h>
#include <stddef.h>

typedef struct point { int x, y; } point;
struct line { point from, to; char *name; };
union word { unsigned whole; unsigned char bytes[4]; unsigned short halves[2]; };
enum color { RED, GREEN = 5, BLUE };
enum { LOW = -1, HIGH };
typedef enum color color_t;
struct node { int value; struct node *next; };
struct packed { char a; long long b; char c; short d; };

struct line lines[] = {{{1, 2}, {3, 4}, "first"}, {.to = {.y = 7}, .name = "second"}, {5, 6, 7, 8, "third"}};
struct node tail = {3}, middle = {2, &tail}, head = {1, &middle};

static int area(const struct line *l)
{
	return (l->to.x - l->from.x) * (l->to.y - l->from.y);
}

static void move(point *p, int by)
{
	p->x += by;
	p->y -= by;
}

int main(void)
{
	for (int i = 0; i < 3; i++)
		printf("%s %d %d %d\n", lines[i].name, lines[i].from.x, lines[i].to.y, area(&lines[i]));
	point a = {10, 20}, b = a;
	move(&b, 5);
	a = b;
	b.x = 0;
	printf("%d %d %d %d\n", a.x, a.y, b.x, b.y);
	union word w = {0x12345678};
	w.bytes[0] = 0xff;
	printf("%x %x %d\n", w.whole, w.halves[1], (int)sizeof w);
	color_t c = BLUE;
	printf("%d %d %d %d\n", RED, GREEN, c, HIGH);
	for (struct node *n = &head; n; n = n->next)
		printf("%d ", n->value);
	printf("\n%d %d %d\n", (int)sizeof(struct packed), (int)sizeof(struct line), (int)sizeof(struct node));
	struct packed p = {1, -2, 3, 4}, *q = &p;
	q->d++;
	q->b *= 1LL << 33;
	printf("%d %lld %d %d\n", p.a, p.b, q->c, (*q).d);
	struct { int n; char s[6]; } anon = {4, "hello"};
	printf("%d %.5s\n", anon.n, anon.s);
	struct line copy = lines[0], array[2];
	array[1] = copy;
	array[1].from = lines[2].to;
	printf("%d %d %s\n", array[1].from.x, array[1].to.x, array[1].name);
	c++;
	switch (c) { case GREEN + 2: printf("next\n"); break; case RED: printf("red\n"); }
	return 0;
}
