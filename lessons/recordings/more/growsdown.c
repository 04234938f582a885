// MAP_GROWSDOWN: a mapping that grows like a stack, until its guard gap meets the next one.
// files: data.bin=8
#include <fcntl.h>
#include <signal.h>
#include <setjmp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf back;

static void on_fault(int sig)
{
	siglongjmp(back, sig);
}

int main(void)
{
	signal(SIGSEGV, on_fault);
	char *area = mmap(NULL, 1024 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(area, 1024 * 4096);
	char *top = area + 600 * 4096;
	char *p = mmap(top, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
	p[0] = 1;
	if (sigsetjmp(back, 1) == 0) {
		p[-4096] = 2;
		puts("grew");
	} else {
		puts("refused");
	}
	if (sigsetjmp(back, 1) == 0) {
		p[-5 * 4096] = 3;
		puts("grew");
	} else {
		puts("refused");
	}
	return 0;
}
