// Parent and child share a position, a mapping, and not a heap.
// files: data.bin=8
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct box { int n; char text[20]; };

int main(void) {
    int fd = open("data.bin", O_RDWR);
    struct box *heap = malloc(sizeof(struct box));
    struct box *both = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *big = malloc(300000);
    char buf[64];
    heap->n = both->n = 1;
    strcpy(heap->text, "parent");
    strcpy(both->text, "parent");
    memset(big, 'b', 300000);
    pid_t pid = fork();
    if (pid == 0) {
        heap->n++;
        both->n++;
        strcpy(heap->text, "child");
        strcpy(both->text, "child");
        big[200000] = 'c';
        read(fd, buf, 64);
        free(big);
        _exit(heap->n);
    }
    int status = 0;
    wait(&status);
    printf("%d %s / %d %s / %c\n", heap->n, heap->text, both->n, both->text, big[200000]);
    printf("exit %d at %ld\n", WEXITSTATUS(status), (long)lseek(fd, 0, SEEK_CUR));
    free(big);
    free(heap);
    return 0;
}
