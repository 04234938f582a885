// sync and syncfs write every dirty page of every file; so the next store to each faults again
// files: data.bin=64, other.bin=16
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
    int fd = open("data.bin", O_RDWR), other = open("other.bin", O_RDWR);
    char *p = mmap(NULL, 64 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *q = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, other, 0);
    p[0] = 1;
    q[4096] = 1;
    p[4096] = 1;
    sync();
    p[0] = 4;
    q[4096] = 4;
    q[8192] = 4;
    syncfs(other);
    p[0] = 4;
    q[4096] = 4;
    q[8193] = 4;
    syncfs(99);
    return 0;
}
