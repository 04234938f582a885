// printf with every flag, and its relatives.
#include <stdio.h>
#include <string.h>
#include <errno.h>

int main(void)
{
	printf("[%5d] [%-5d] [%05d] [%+d] [% d] [%.3d] [%8.3d]\n", 42, 42, 42, 42, 42, 7, 7);
	printf("[%5d] [%-5d] [%05d] [%+d] [% d] [%.3d] [%8.3d]\n", -42, -42, -42, -42, -42, -7, -7);
	printf("[%x] [%X] [%#x] [%#X] [%08x] [%#010x] [%o] [%#o] [%#x]\n", 255, 255, 255, 255, 255, 255, 8, 8, 0);
	printf("[%u] [%lu] [%llu] [%zu] [%hhu] [%hd]\n", -1, -1L, -1LL, sizeof(int), 300, 70000);
	printf("[%c] [%5c] [%-5c] [%s] [%10s] [%-10s] [%.2s] [%%]\n", 'A', 'B', 'C', "str", "right", "left", "cut");
	printf("[%*d] [%-*d] [%.*s]\n", 6, 1, 6, 2, 3, "abcdef");
	printf("[%p] [%p]\n", (void *)0x1234, NULL);
	printf("[%lld] [%llx] [%lli] [%i]\n", -5LL, 0x123456789aLL, 1LL << 62, -0);
	printf("[%.0d] [%.0d] [%5.0d]\n", 0, 1, 0);
	printf("[%s]\n", (char *)0 ? "" : "null");
	int n = printf("four\n");
	printf("%d\n", n);
	puts("puts adds a line");
	putchar('x');
	putchar('\n');
	fputs("fputs does not", stdout);
	fputc('\n', stdout);
	fprintf(stdout, "%s %d\n", "fprintf", 3);
	char buf[32];
	int m = snprintf(buf, 8, "%d-%s", 12, "abcdefgh");
	printf("%s %d\n", buf, m);
	m = sprintf(buf, "%05u|%-4x|", 77u, 0xab);
	printf("%s %d\n", buf, m);
	printf("%s; %s; %s\n", strerror(ENOMEM), strerror(EINVAL), strerror(0));
	printf("tab\there \"quoted\" back\\slash \101\x42\n");
	printf("no newline at" " the end, " "in pieces");
	return 0;
}
