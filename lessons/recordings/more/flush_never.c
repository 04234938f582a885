// With dirty_writeback_centisecs=0 nobody looks for old data: the pages stay dirty until somebody asks
// files: data.bin=64
// machine: dirty_writeback_centisecs=0 dirty_expire_centisecs=100
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
    int fd = open("data.bin", O_RDWR);
    char *p = mmap(NULL, 64 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    for (int i = 0; i < 5; i++)
        p[i * 4096] = 1;
    sleep(3);
    p[0] = 5; /* no fault */
    fsync(fd);
    p[0] = 6; /* a fault */
    return 0;
}
