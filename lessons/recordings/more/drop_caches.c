// drop_caches: what goes with 1, with 2 and with 3; a name that was used again is spared once.
// files: a.bin=40, b.bin=24, c.bin=8
#include <stdio.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/mman.h>
int drop(char *what) { int fd = open("/proc/sys/vm/drop_caches", O_WRONLY); int n = write(fd, what, 1); close(fd); return n; }
int main(void) {
    int a = open("a.bin", O_RDONLY), b = open("b.bin", O_RDONLY);
    char *p = mmap(0, 40 * 4096, PROT_READ, MAP_SHARED, a, 0);
    char *q = mmap(0, 24 * 4096, PROT_READ, MAP_SHARED, b, 0);
    int sum = p[0] + q[0];
    munmap(q, 24 * 4096);
    close(b);
    printf("%d\n", drop("1"));
    b = open("b.bin", O_RDONLY);
    q = mmap(0, 24 * 4096, PROT_READ, MAP_SHARED, b, 0);
    sum += q[0];
    munmap(q, 24 * 4096);
    close(b);
    printf("%d\n", drop("2"));
    printf("%d\n", drop("2"));
    b = open("b.bin", O_RDONLY);
    q = mmap(0, 24 * 4096, PROT_READ, MAP_SHARED, b, 0);
    sum += q[0] + p[39 * 4096];
    munmap(q, 24 * 4096);
    close(b);
    printf("%d\n", drop("3"));
    printf("%d\n", drop("9"));
    printf("%d\n", drop("0"));
    return 0;
}
