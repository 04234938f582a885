"""The functions that a program can call without writing them: their types, and which others a reader may miss."""

from __future__ import annotations

from webapp.program.headers import FILE, HANDLER, JMP_BUF, RECORDS, SIGACTION, SIGSET, TYPES
from webapp.program.types import (
    CHAR_POINTER,
    CONST_CHAR_POINTER,
    INT,
    LLONG,
    LONG,
    UCHAR,
    UINT,
    VOID,
    VOID_POINTER,
    CType,
    Function,
    Pointer,
    Record,
)

STREAM = Pointer(FILE)
SIZE, SSIZE, OFFSET = TYPES["size_t"], TYPES["ssize_t"], TYPES["off_t"]
IOVECS = Pointer(Record(RECORDS["iovec"]))


def function(returns: CType, *params: CType, variadic: bool = False) -> Function:
    return Function(returns, params, variadic)


SYSTEM_CALLS: dict[str, Function] = {
    "open": function(INT, CONST_CHAR_POINTER, INT, variadic=True),
    "close": function(INT, INT),
    "mmap": function(VOID_POINTER, VOID_POINTER, SIZE, INT, INT, INT, OFFSET),
    "munmap": function(INT, VOID_POINTER, SIZE),
    "madvise": function(INT, VOID_POINTER, SIZE, INT),
    "mprotect": function(INT, VOID_POINTER, SIZE, INT),
    "msync": function(INT, VOID_POINTER, SIZE, INT),
    "mremap": function(VOID_POINTER, VOID_POINTER, SIZE, SIZE, INT, variadic=True),
    "mlock": function(INT, VOID_POINTER, SIZE),
    "mlock2": function(INT, VOID_POINTER, SIZE, UINT),
    "munlock": function(INT, VOID_POINTER, SIZE),
    "mlockall": function(INT, INT),
    "munlockall": function(INT),
    "mincore": function(INT, VOID_POINTER, SIZE, Pointer(UCHAR)),
    "fsync": function(INT, INT),
    "fdatasync": function(INT, INT),
    "sync": function(VOID),
    "syncfs": function(INT, INT),
    "sync_file_range": function(INT, INT, LLONG, LLONG, UINT),
    "read": function(SSIZE, INT, VOID_POINTER, SIZE),
    "write": function(SSIZE, INT, VOID_POINTER, SIZE),
    "pread": function(SSIZE, INT, VOID_POINTER, SIZE, OFFSET),
    "pwrite": function(SSIZE, INT, VOID_POINTER, SIZE, OFFSET),
    "readv": function(SSIZE, INT, IOVECS, INT),
    "writev": function(SSIZE, INT, IOVECS, INT),
    "preadv": function(SSIZE, INT, IOVECS, INT, OFFSET),
    "pwritev": function(SSIZE, INT, IOVECS, INT, OFFSET),
    "lseek": function(OFFSET, INT, OFFSET, INT),
    "dup": function(INT, INT),
    "dup2": function(INT, INT, INT),
    "unlink": function(INT, CONST_CHAR_POINTER),
    "stat": function(INT, CONST_CHAR_POINTER, VOID_POINTER),
    "fstat": function(INT, INT, VOID_POINTER),
    "truncate": function(INT, CONST_CHAR_POINTER, OFFSET),
    "ftruncate": function(INT, INT, OFFSET),
    "posix_fadvise": function(INT, INT, OFFSET, OFFSET, INT),
    "readahead": function(SSIZE, INT, LLONG, SIZE),
    "usleep": function(INT, UINT),
    "sleep": function(UINT, UINT),
    "getpid": function(INT),
    "getppid": function(INT),
    "fork": function(INT),
    "vfork": function(INT),
    "wait": function(INT, Pointer(INT)),
    "waitpid": function(INT, INT, Pointer(INT), INT),
    "kill": function(INT, INT, INT),
    "raise": function(INT, INT),
    "signal": function(HANDLER, INT, HANDLER),
    "sigaction": function(INT, INT, Pointer(SIGACTION), Pointer(SIGACTION)),
    "sigprocmask": function(INT, INT, Pointer(SIGSET), Pointer(SIGSET)),
    "brk": function(INT, VOID_POINTER),
    "sbrk": function(VOID_POINTER, INT),
}


def with_large_files(name: str) -> tuple[str, Function]:
    """A call and its twin with 64-bit offsets, which it becomes where _FILE_OFFSET_BITS is 64."""
    kind = SYSTEM_CALLS[name]
    wide = tuple(LLONG if param is OFFSET else param for param in kind.params)
    return f"{name}64", Function(LLONG if kind.returns is OFFSET else kind.returns, wide, kind.variadic)


WITH_OFFSETS = (
    "open", "mmap", "pread", "pwrite", "preadv", "pwritev", "lseek", "stat", "fstat", "truncate", "ftruncate",
    "posix_fadvise",
)  # fmt: skip
LARGE_FILES: dict[str, Function] = dict(map(with_large_files, WITH_OFFSETS))

LIBRARY: dict[str, Function] = SYSTEM_CALLS | {
    "printf": function(INT, CONST_CHAR_POINTER, variadic=True),
    "fprintf": function(INT, STREAM, CONST_CHAR_POINTER, variadic=True),
    "sprintf": function(INT, CHAR_POINTER, CONST_CHAR_POINTER, variadic=True),
    "snprintf": function(INT, CHAR_POINTER, SIZE, CONST_CHAR_POINTER, variadic=True),
    "puts": function(INT, CONST_CHAR_POINTER),
    "fputs": function(INT, CONST_CHAR_POINTER, STREAM),
    "putchar": function(INT, INT),
    "fputc": function(INT, INT, STREAM),
    "putc": function(INT, INT, STREAM),
    "fflush": function(INT, STREAM),
    "setbuf": function(VOID, STREAM, CHAR_POINTER),
    "setvbuf": function(INT, STREAM, CHAR_POINTER, INT, SIZE),
    "perror": function(VOID, CONST_CHAR_POINTER),
    "strerror": function(CHAR_POINTER, INT),
    "exit": function(VOID, INT),
    "_exit": function(VOID, INT),
    "_Exit": function(VOID, INT),
    "abort": function(VOID),
    "WIFEXITED": function(INT, INT),
    "WEXITSTATUS": function(INT, INT),
    "WIFSIGNALED": function(INT, INT),
    "WTERMSIG": function(INT, INT),
    "WIFSTOPPED": function(INT, INT),
    "WSTOPSIG": function(INT, INT),
    "WCOREDUMP": function(INT, INT),
    "sigemptyset": function(INT, Pointer(SIGSET)),
    "sigfillset": function(INT, Pointer(SIGSET)),
    "sigaddset": function(INT, Pointer(SIGSET), INT),
    "sigdelset": function(INT, Pointer(SIGSET), INT),
    "sigismember": function(INT, Pointer(SIGSET), INT),
    "setjmp": function(INT, Pointer(JMP_BUF)),
    "_setjmp": function(INT, Pointer(JMP_BUF)),
    "sigsetjmp": function(INT, Pointer(JMP_BUF), INT),
    "longjmp": function(VOID, Pointer(JMP_BUF), INT),
    "siglongjmp": function(VOID, Pointer(JMP_BUF), INT),
    "malloc": function(VOID_POINTER, SIZE),
    "calloc": function(VOID_POINTER, SIZE, SIZE),
    "realloc": function(VOID_POINTER, VOID_POINTER, SIZE),
    "free": function(VOID, VOID_POINTER),
    "strlen": function(SIZE, CONST_CHAR_POINTER),
    "memset": function(VOID_POINTER, VOID_POINTER, INT, SIZE),
    "memcpy": function(VOID_POINTER, VOID_POINTER, VOID_POINTER, SIZE),
    "memmove": function(VOID_POINTER, VOID_POINTER, VOID_POINTER, SIZE),
    "memcmp": function(INT, VOID_POINTER, VOID_POINTER, SIZE),
    "memchr": function(VOID_POINTER, VOID_POINTER, INT, SIZE),
    "strcmp": function(INT, CONST_CHAR_POINTER, CONST_CHAR_POINTER),
    "strncmp": function(INT, CONST_CHAR_POINTER, CONST_CHAR_POINTER, SIZE),
    "strcpy": function(CHAR_POINTER, CHAR_POINTER, CONST_CHAR_POINTER),
    "strcat": function(CHAR_POINTER, CHAR_POINTER, CONST_CHAR_POINTER),
    "strchr": function(CHAR_POINTER, CONST_CHAR_POINTER, INT),
    "atoi": function(INT, CONST_CHAR_POINTER),
    "abs": function(INT, INT),
    "labs": function(LONG, LONG),
    "rand": function(INT),
    "srand": function(VOID, UINT),
    "getpagesize": function(INT),
    "sysconf": function(LONG, INT),
}
ASSERT_FAILED = function(VOID, CONST_CHAR_POINTER, CONST_CHAR_POINTER, UINT, CONST_CHAR_POINTER)
FORMAT_AT = {"printf": 0, "fprintf": 1, "sprintf": 1, "snprintf": 2}  # which argument is the format


# Functions that readers may look for, and what to use instead.
INSTEAD = {
    "fopen": "open() and read()",
    "fread": "read()",
    "fgets": "read()",
    "fgetc": "read()",
    "getc": "read()",
    "fwrite": "write()",
    "fseek": "lseek()",
    "ftell": "lseek()",
    "rewind": "lseek()",
    "fclose": "close()",
    "creat": "open() with O_CREAT | O_WRONLY | O_TRUNC",
    "openat": "open()",
    "unlinkat": "unlink()",
    "remove": "unlink()",
    "fstatat": "stat()",
    "lstat": "stat()",
    "sendfile": "read() and write()",
    "splice": "read() and write()",
    "copy_file_range": "read() and write()",
    "fallocate": "ftruncate() to make a file longer",
    "posix_fallocate": "ftruncate() to make a file longer",
}


def unknown_function(name: str) -> str:
    """What to say about a call of a function that nobody has defined."""
    if name in INSTEAD:
        return f"Pagewalk does not model {name}(): use {INSTEAD[name]}."
    calls = ", ".join(f"{each}()" for each in [*SYSTEM_CALLS, "printf", "exit"])
    return f"Pagewalk does not model {name}() yet. Calls you can use: {calls} and more of <string.h> and <stdio.h>."
