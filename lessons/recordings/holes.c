// A new sparse file, written through a mapping and by write().
// files: data.bin=2
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    int fd = open("new.bin", O_RDWR | O_CREAT | O_EXCL, 0644);
    printf("%d\n", ftruncate(fd, 20 * 4096));
    char *p = mmap(0, 20 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    printf("%d\n", p[3 * 4096]);
    p[4 * 4096] = 'm';
    pwrite(fd, "hello", 5, 10 * 4096 - 2);
    printf("%c%c\n", p[10 * 4096 - 2], p[10 * 4096]);
    struct stat st;
    fstat(fd, &st);
    printf("%ld %ld\n", (long)st.st_size, (long)st.st_blocks);
    fsync(fd);
    fstat(fd, &st);
    printf("%ld %ld\n", (long)st.st_size, (long)st.st_blocks);
    printf("%ld %ld\n", (long)lseek(fd, 0, SEEK_DATA), (long)lseek(fd, 4 * 4096, SEEK_HOLE));
    printf("%d\n", unlink("new.bin"));
    printf("%d %d\n", open("new.bin", O_RDONLY), errno);
    printf("%c\n", p[4 * 4096]);
    printf("%d\n", posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED));
    close(fd);
    printf("%c\n", p[10 * 4096]);
    munmap(p, 20 * 4096);
    return 0;
}
