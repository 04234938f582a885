// A write barrier, as garbage collectors have it: read-only pages, and a handler that notes which one is written.
// files: data.bin=20
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static unsigned char *heap;
static int dirty[20];

static void barrier(int sig, siginfo_t *info, void *context) {
    int page = ((unsigned char *)info->si_addr - heap) / 4096;
    dirty[page] = info->si_code;
    mprotect(heap + page * 4096, 4096, PROT_READ | PROT_WRITE);
}

int main(void) {
    struct sigaction sa;
    sigemptyset(&sa.sa_mask);
    sa.sa_flags = SA_SIGINFO;
    sa.sa_sigaction = barrier;
    sigaction(SIGSEGV, &sa, 0);
    int fd = open("data.bin", O_RDWR);
    heap = mmap(0, 20 * 4096, PROT_READ, MAP_PRIVATE, fd, 0);
    for (int round = 0; round < 2; round++) {
        heap[3 * 4096] = 1;
        heap[4 * 4096] += 1;
        heap[11 * 4096 + 4095] = heap[15 * 4096];
        for (int i = 0; i < 20; i++)
            if (dirty[i])
                printf("%d:%d ", i, dirty[i]);
        printf("\n");
        mprotect(heap, 20 * 4096, PROT_READ);
    }
    lseek(fd, 3 * 4096, SEEK_SET);
    printf("%d\n", (int)write(fd, heap + 3 * 4096, 4096));
    return 0;
}
