// The program's own text can be read but not written.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static sigjmp_buf out;
static void on_segv(int sig) { siglongjmp(out, sig); }
int main(void)
{
	volatile char *text = (volatile char *)0x10000;
	printf("%d %c%c%c\n", text[0], text[1], text[2], text[3]);
	signal(SIGSEGV, on_segv);
	if (sigsetjmp(out, 1) == 0)
		*text = 1;
	if (sigsetjmp(out, 1) == 0)
		return *(volatile int *)0xffc00000;
	printf("done\n");
	return 0;
}
