// A disk that has not written anything yet gets no share of the limit: twenty dirty pages are too many, eight are not
// files: data.bin=64
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void) {
    int fd = open("data.bin", O_RDWR);
    char *p = mmap(NULL, 64 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    for (int i = 0; i < 20; i++)
        p[i * 4096] = 1;
    sleep(7);
    p[0] = 4; /* a fault: the flusher wrote all of them after five seconds */
    p[5 * 4096] = 4;
    sleep(6);
    p[0] = 4; /* no fault: now the disk has shown that it writes, and its share is the whole limit */
    return 0;
}
