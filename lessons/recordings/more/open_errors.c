// What open, close and dup refuse, and with which errno.
// files: data.bin=8
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define PAGE 4096

static void try(const char *what, int fd)
{
	printf("%s: %d %s\n", what, fd < 0 ? fd : 0, fd < 0 ? strerror(errno) : "ok");
	if (fd >= 0)
		close(fd);
}

int main(void)
{
	char name[300];
	memset(name, 'x', sizeof(name));
	name[255] = 0;
	try("missing", open("missing.bin", O_RDONLY));
	try("long", open(name, O_RDONLY));
	name[255] = 'x';
	name[256] = 0;
	try("too long", open(name, O_RDONLY));
	try("empty", open("", O_RDONLY));
	try("bad pointer", open((char *)16, O_RDONLY));
	try("below a file", open("data.bin/x", O_RDONLY));
	try("file with slash", open("data.bin/", O_RDONLY));
	try("directory", open(".", O_RDONLY));
	try("directory for writing", open(".", O_WRONLY));
	try("directory, create", open(".", O_RDONLY | O_CREAT, 0644));
	try("file as directory", open("data.bin", O_RDONLY | O_DIRECTORY));
	try("exists", open("data.bin", O_RDWR | O_CREAT | O_EXCL, 0644));
	try("create is fine", open("data.bin", O_RDWR | O_CREAT, 0644));
	try("new", open("new.bin", O_RDWR | O_CREAT | O_EXCL, 0600));
	try("new again", open("new.bin", O_RDWR | O_CREAT | O_EXCL, 0600));
	try("in no directory", open("nowhere/new.bin", O_RDWR | O_CREAT, 0600));
	try("create with slash", open("other.bin/", O_RDWR | O_CREAT, 0600));
	try("path", open("data.bin", O_PATH));
	try("create directory", open("dir.bin", O_RDWR | O_CREAT | O_DIRECTORY, 0600));
	int path = open("data.bin", O_PATH);
	printf("read of a path: %d %s\n", read(path, name, 1), strerror(errno));
	printf("fsync of a path: %d %s\n", fsync(path), strerror(errno));
	printf("map of a path: %d %s\n", mmap(NULL, PAGE, PROT_READ, MAP_SHARED, path, 0) == MAP_FAILED, strerror(errno));
	printf("close: %d\n", close(path));
	printf("close again: %d %s\n", close(path), strerror(errno));
	printf("dup: %d %s\n", dup(99), strerror(errno));
	printf("dup2: %d %s\n", dup2(99, 5), strerror(errno));
	int fd = open("data.bin", O_RDONLY);
	printf("dup2: %d\n", dup2(fd, 20));
	printf("same: %d\n", dup2(20, 20));
	printf("too high: %d %s\n", dup2(20, 5000), strerror(errno));
	printf("next: %d\n", dup(20) - fd);
	printf("unlink: %d\n", unlink("new.bin"));
	printf("unlink: %d %s\n", unlink("new.bin"), strerror(errno));
	printf("unlink: %d %s\n", unlink("."), strerror(errno));
	return 0;
}
