// read() whose buffer is a mapping of the same file, and write() from one.
// files: data.bin=16
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
    int fd = open("data.bin", O_RDWR);
    unsigned char *p = mmap(0, 16 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    unsigned char *q = mmap(0, 16 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    printf("%d\n", (int)read(fd, p + 4096, 100));
    printf("%u %u\n", p[4096], p[4195]);
    printf("%d\n", (int)pread(fd, q + 2 * 4096 + 4000, 5000, 4096));
    printf("%u %u\n", q[2 * 4096 + 4000], q[3 * 4096 + 800]);
    printf("%d\n", (int)pwrite(fd, p + 5 * 4096, 4096, 5 * 4096));
    printf("%d\n", (int)pwrite(fd, q + 6 * 4096 - 10, 20, 16 * 4096 - 10));
    printf("%d\n", (int)lseek(fd, 0, SEEK_END));
    mprotect(q, 4096, PROT_READ);
    lseek(fd, 0, SEEK_SET);
    printf("%d %d\n", (int)read(fd, q, 8), errno);
    munmap(q + 4096, 4096);
    printf("%d %d\n", (int)write(fd, q + 4090, 10), errno);
    printf("%d\n", (int)lseek(fd, 0, SEEK_CUR));
    return 0;
}
