// What read, write, lseek, ftruncate and their like refuse, and with which errno.
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

static char buf[64];

static void say(const char *what, int ret)
{
	printf("%s: %d %s\n", what, ret, ret < 0 ? strerror(errno) : "ok");
}

int main(void)
{
	memset(buf, 0, sizeof(buf));
	int in = open("data.bin", O_RDONLY), out = open("data.bin", O_WRONLY), dir = open(".", O_RDONLY);
	say("read of a closed number", read(99, buf, 1));
	say("read for writing only", read(out, buf, 1));
	say("read of a directory", read(dir, buf, 1));
	say("read of -1 bytes", read(in, buf, -1));
	say("read of nothing", read(in, NULL, 0));
	say("pread before the start", pread(in, buf, 1, -1));
	say("pread of a directory", pread(dir, buf, 1, 0));
	say("write for reading only", write(in, buf, 1));
	say("write to a closed number", write(99, buf, 1));
	say("write from nowhere", write(out, (char *)8, 1));
	say("write from the kernel", write(out, (char *)0xc0008000, 1));
	say("write of nothing", write(out, buf, 0));
	say("pwrite before the start", pwrite(out, buf, 1, -5));
	say("lseek before the start", lseek(in, -1, SEEK_SET));
	say("lseek from nowhere", lseek(in, 0, 9));
	say("lseek of a closed number", lseek(99, 0, SEEK_SET));
	say("lseek behind the end", lseek(in, 100 * PAGE, SEEK_SET));
	say("read behind the end", read(in, buf, 1));
	say("no data behind the end", lseek(in, 8 * PAGE, SEEK_DATA));
	say("hole at the end", lseek(in, 0, SEEK_HOLE));
	say("ftruncate for reading only", ftruncate(in, 0));
	say("ftruncate to less than nothing", ftruncate(out, -1));
	say("ftruncate of a directory", ftruncate(dir, 0));
	say("ftruncate of a closed number", ftruncate(99, 0));
	say("truncate of a missing file", truncate("missing.bin", 0));
	say("truncate of a directory", truncate(".", 0));
	say("fsync of a directory", fsync(dir));
	say("fsync of a closed number", fsync(99));
	say("largest offset", lseek(out, 0x7fffffff, SEEK_SET));
	say("write there", write(out, buf, 10));
	say("write there", write(out, buf, 10));
	return 0;
}
