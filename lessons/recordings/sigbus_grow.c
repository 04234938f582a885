// Beyond the end of the file; the file grows; the same access again. Then it shrinks under a private copy.
// files: data.bin=4
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf env;
static void on_bus(int sig) { siglongjmp(env, sig); }

int main(void) {
    signal(SIGBUS, on_bus);
    int fd = open("data.bin", O_RDWR);
    volatile char *p = mmap(0, 8 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    volatile char *w = mmap(0, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    int got = sigsetjmp(env, 1);
    if (got == 0)
        printf("%d\n", p[5 * 4096]);
    else
        printf("signal %d\n", got);
    ftruncate(fd, 5 * 4096 + 10);
    printf("%d\n", p[5 * 4096]);
    p[5 * 4096 + 20] = 7;
    w[1 * 4096] = 5;
    w[5 * 4096] = 6;
    ftruncate(fd, 4096 + 2);
    printf("%d\n", w[4096]);
    if (sigsetjmp(env, 1) == 0)
        w[5 * 4096]++;
    else
        puts("gone");
    ftruncate(fd, 6 * 4096);
    printf("%d %d %d\n", p[5 * 4096 + 20], w[5 * 4096], p[4096 + 1]);
    return 0;
}
