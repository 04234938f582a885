// The flusher looks every half second, and data is old after one: three pages are written while the program sleeps
// files: data.bin=64
// machine: dirty_writeback_centisecs=50 dirty_expire_centisecs=100
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
    sleep(3);
    p[0] = 5;
    p[3 * 4096] = 6;
    printf("%d %d %d\n", p[0], p[3 * 4096], p[4 * 4096]);
    return 0;
}
