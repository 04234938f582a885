// A handler that puts a page where one is missing: paging done by the program itself.
// files: data.bin=16
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static char *base;
static int fd;
static volatile int faults;

static void on_fault(int sig, siginfo_t *info, void *context) {
    char *page = (char *)((unsigned long)info->si_addr & ~4095ul);
    faults++;
    if (page - base >= 8 * 4096)
        mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    else
        mmap(page, 4096, PROT_READ, MAP_FIXED | MAP_PRIVATE, fd, page - base);
}

int main(void) {
    struct sigaction sa = {0};
    sa.sa_sigaction = on_fault;
    sa.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &sa, NULL);
    fd = open("data.bin", O_RDONLY);
    base = mmap(0, 16 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int sum = 0;
    for (int i = 0; i < 16; i += 3)
        sum += base[i * 4096 + i];
    base[12 * 4096 + 1] = 9;
    printf("%d %d %d\n", sum, faults, base[12 * 4096 + 1]);
    return 0;
}
