// Dirty pages are written by themselves: not at once, but when they have been dirty for half a minute
// files: data.bin=64
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
    int fd = open("data.bin", O_RDWR);
    char *p = mmap(NULL, 64 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    p[0] = 1;
    p[3 * 4096] = 2;
    p[4 * 4096] = 3;
    sleep(10);
    p[0] = 4; /* no fault: the flusher has looked, but three pages of ten seconds are neither many nor old */
    sleep(40);
    p[0] = 5; /* a fault: the page was written and write-protected */
    p[3 * 4096] = 6;
    printf("%d %d %d\n", p[0], p[3 * 4096], p[4 * 4096]);
    return 0;
}
