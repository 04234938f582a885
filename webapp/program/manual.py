"""One line on each function and constant that a program can use: what the editor offers while one types."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.program.headers import CONSTANTS, providers
from webapp.program.library import LIBRARY


@dataclass(frozen=True, slots=True)
class Entry:
    """``form`` is the call with its parameters, or the constant's value; ``header`` defines it, if one must."""

    name: str
    form: str
    doc: str
    header: str


# name -> parameters, one sentence
CALLS: dict[str, tuple[str, str]] = {
    "open": ("path, flags", "Opens or, with O_CREAT, makes a file and returns its descriptor, or -1."),
    "close": ("fd", "Closes a descriptor; mappings of the file stay."),
    "read": ("fd, buffer, size", "Copies bytes of a file from where it stands, and returns how many; 0 at the end."),
    "write": ("fd, buffer, size", "Writes bytes to the page cache where the file stands; the disk gets them later."),
    "pread": ("fd, buffer, size, offset", "Reads at an offset; the file's position stays."),
    "pwrite": ("fd, buffer, size, offset", "Writes at an offset; the file's position stays."),
    "readv": ("fd, iov, count", "Reads into several buffers at once."),
    "writev": ("fd, iov, count", "Writes from several buffers at once."),
    "preadv": ("fd, iov, count, offset", "Reads into several buffers at an offset."),
    "pwritev": ("fd, iov, count, offset", "Writes from several buffers at an offset."),
    "lseek": ("fd, offset, whence", "Moves a file's position, or finds data and holes with SEEK_DATA and SEEK_HOLE."),
    "dup": ("fd", "A second descriptor for the same open file: they share the position."),
    "dup2": ("fd, other", "The same, as the number other."),
    "unlink": ("path", "Takes a file's name away; the file stays for as long as it is open or mapped."),
    "stat": ("path, buffer", "Fills a struct stat: size, blocks, links."),
    "fstat": ("fd, buffer", "Fills a struct stat for an open file."),
    "truncate": ("path, length", "Makes a file shorter or longer."),
    "ftruncate": ("fd, length", "Makes an open file shorter or longer; mapped pages behind its end become SIGBUS."),
    "posix_fadvise": ("fd, offset, length, advice", "Tells how a file will be read; returns an error number itself."),
    "readahead": ("fd, offset, count", "Starts reading pages into the page cache and does not wait."),
    "sync_file_range": ("fd, offset, size, flags", "Writes a range of a file's dirty pages, or waits for them."),
    "mmap": ("addr, length, prot, flags, fd, offset", "Maps a file or anonymous memory; nothing is read yet."),
    "munmap": ("addr, length", "Takes mappings away; the pages of a file stay in the page cache."),
    "mincore": ("address, length, vector", "Tells for each page whether it is in memory: one byte a page."),
    "mlock": ("address, length", "Reads pages in and keeps them in memory."),
    "mlock2": ("address, length, flags", "mlock, with MLOCK_ONFAULT only from each page's first use on."),
    "munlock": ("address, length", "Lets the kernel reclaim the pages again."),
    "mlockall": ("flags", "Locks all mappings of the process: MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT."),
    "munlockall": ("", "Ends mlockall and every mlock."),
    "mremap": (
        "old, old_length, new_length, flags",
        "Makes a mapping longer or shorter, or moves it with its pages.",
    ),
    "madvise": ("addr, length, advice", "Tells the kernel how memory will be used, such as MADV_RANDOM."),
    "mprotect": ("addr, length, prot", "Changes what may be done with mapped memory."),
    "msync": ("addr, length, flags", "With MS_SYNC, writes the dirty pages of a shared mapping to the disk and waits."),
    "fsync": ("fd", "Writes a file's dirty pages and its metadata to the disk, and waits."),
    "fdatasync": ("fd", "Writes a file's dirty pages to the disk, and waits."),
    "sync": ("", "Writes everything that is dirty to the disk and waits."),
    "syncfs": ("fd", "Writes everything that is dirty in the file system of an open file, and waits."),
    "usleep": ("microseconds", "Sleeps; the disk goes on."),
    "sleep": ("seconds", "Sleeps; the disk goes on."),
    "getpid": ("", "The number of this process."),
    "getppid": ("", "The number of this process's parent."),
    "fork": ("", "Makes a second process; returns its number in the parent and 0 in the child."),
    "vfork": ("", "The same as fork here."),
    "wait": ("status", "Waits until a child has ended and returns its number, or -1."),
    "waitpid": ("pid, status, options", "Waits for one child, or for any (-1); WNOHANG only asks."),
    "kill": ("pid, signal", "Sends a signal to a process."),
    "raise": ("signal", "Sends a signal to this process."),
    "signal": ("signal, handler", "Sets what a signal does: a function, SIG_IGN or SIG_DFL."),
    "sigaction": ("signal, action, old", "Sets what a signal does; with SA_SIGINFO the handler learns where and why."),
    "sigprocmask": ("how, set, old", "Blocks signals, or lets them through again."),
    "brk": ("end", "Sets where the heap ends."),
    "sbrk": ("bytes", "Moves the end of the heap and returns where it was."),
    "printf": ("format, ...", "Prints to standard output."),
    "fprintf": ("stream, format, ...", "Prints to stdout or stderr."),
    "sprintf": ("to, format, ...", "Prints into memory."),
    "snprintf": ("to, size, format, ...", "Prints into memory, at most size bytes with the final zero."),
    "puts": ("text", "Prints a text and a new line."),
    "fputs": ("text, stream", "Prints a text."),
    "putchar": ("c", "Prints one character."),
    "fputc": ("c, stream", "Prints one character."),
    "putc": ("c, stream", "Prints one character."),
    "fflush": ("stream", "Prints what still waits in the buffer."),
    "setbuf": ("stream, buffer", "Sets the buffer of a stream."),
    "setvbuf": ("stream, buffer, mode, size", "Sets how a stream is buffered."),
    "perror": ("prefix", "Prints what errno means."),
    "strerror": ("error", "What an error number means, in words."),
    "exit": ("status", "Ends the program, printing what waits in buffers."),
    "_exit": ("status", "Ends the program at once."),
    "_Exit": ("status", "Ends the program at once."),
    "abort": ("", "Ends the program by SIGABRT."),
    "WIFEXITED": ("status", "Whether the child ended by exit()."),
    "WEXITSTATUS": ("status", "The child's exit status."),
    "WIFSIGNALED": ("status", "Whether a signal ended the child."),
    "WTERMSIG": ("status", "The signal that ended the child."),
    "WIFSTOPPED": ("status", "Whether the child is stopped; it never is here."),
    "WSTOPSIG": ("status", "The signal that stopped the child."),
    "WCOREDUMP": ("status", "Whether a core was dumped; it never is here."),
    "sigemptyset": ("set", "Makes a set without signals."),
    "sigfillset": ("set", "Makes a set of all signals."),
    "sigaddset": ("set, signal", "Puts a signal into a set."),
    "sigdelset": ("set, signal", "Takes a signal out of a set."),
    "sigismember": ("set, signal", "Whether a signal is in a set."),
    "setjmp": ("place", "Remembers this place; returns 0 now, and what longjmp() says later."),
    "_setjmp": ("place", "The same as setjmp."),
    "sigsetjmp": ("place, save", "The same as setjmp; with save, the blocked signals are remembered too."),
    "longjmp": ("place, value", "Goes back to a place that setjmp() has remembered."),
    "siglongjmp": ("place, value", "Goes back to a place that sigsetjmp() has remembered."),
    "malloc": ("size", "A block of memory: from the heap, or from 128 KiB on a mapping of its own."),
    "calloc": ("n, size", "A block of zeros for n elements."),
    "realloc": ("block, size", "Makes a block larger or smaller; it may move."),
    "free": ("block", "Gives a block back."),
    "strlen": ("text", "The number of bytes before the final zero."),
    "memset": ("to, byte, n", "Sets n bytes."),
    "memcpy": ("to, from, n", "Copies n bytes; the two may not overlap."),
    "memmove": ("to, from, n", "Copies n bytes; the two may overlap."),
    "memcmp": ("a, b, n", "Compares n bytes: negative, zero or positive."),
    "memchr": ("from, byte, n", "Where a byte first occurs among n, or NULL."),
    "strcmp": ("a, b", "Compares two texts: negative, zero or positive."),
    "strncmp": ("a, b, n", "Compares at most n bytes of two texts."),
    "strcpy": ("to, from", "Copies a text with its final zero."),
    "strcat": ("to, from", "Appends a text to another."),
    "strchr": ("text, c", "Where a character first occurs, or NULL."),
    "atoi": ("text", "The number at the start of a text."),
    "abs": ("n", "The absolute value."),
    "labs": ("n", "The absolute value."),
    "rand": ("", "The next pseudo-random number; the same in every run."),
    "srand": ("seed", "Starts rand() afresh."),
    "getpagesize": ("", "4096, the bytes of a page."),
    "sysconf": ("name", "The value of a system limit, such as _SC_PAGESIZE."),
}

MEANINGS: dict[str, str] = {
    "PROT_NONE": "No access at all.",
    "PROT_READ": "May be read.",
    "PROT_WRITE": "May be written.",
    "PROT_EXEC": "May be executed.",
    "MAP_SHARED": "Writes go to the page cache, and so to the file and to every other mapping of it.",
    "MAP_PRIVATE": "Writes go to a private copy of the page.",
    "MAP_ANONYMOUS": "Memory without a file; it starts as zeros.",
    "MAP_FIXED": "Map exactly at addr, in place of whatever is mapped there.",
    "MAP_FIXED_NOREPLACE": "Map exactly at addr, or fail with EEXIST when something is there.",
    "MAP_POPULATE": "Fault all pages in before mmap returns.",
    "MAP_NONBLOCK": "With MAP_POPULATE: since Linux 2.6.23 it means that nothing is populated.",
    "MAP_LOCKED": "Lock the pages in memory, as mlock does.",
    "MAP_FAILED": "What mmap returns when it fails; errno says why.",
    "MADV_NORMAL": "No particular use: the usual readahead.",
    "MADV_RANDOM": "Access in no order: read only the page that is missed.",
    "MADV_SEQUENTIAL": "Access in order: each miss goes through the ondemand readahead, whose window grows.",
    "MADV_WILLNEED": "Start reading these pages into the page cache now.",
    "MADV_DONTNEED": "Drop these page table entries; private copies are lost.",
    "MS_ASYNC": "Since Linux 2.6.19 it starts no writing.",
    "MS_SYNC": "Write, and wait until it is done.",
    "MS_INVALIDATE": "Ask other mappings to be renewed; they share the page cache anyway.",
    "O_RDONLY": "Open for reading.",
    "O_WRONLY": "Open for writing.",
    "O_RDWR": "Open for reading and writing.",
    "NULL": "The null pointer; as addr of mmap, the kernel chooses the place.",
    "_SC_PAGESIZE": "The bytes of a page, for sysconf.",
}


def manual() -> list[Entry]:
    """All functions, then all constants, in the order of their names."""
    calls = [
        Entry(name, f"{name}({parameters})", doc, "")
        for name in sorted(LIBRARY)
        for parameters, doc in [CALLS.get(name, ("...", ""))]
    ]
    constants = [
        Entry(
            name,
            hex(named.value) if named.value > 9 else str(named.value),
            MEANINGS.get(name, ""),
            next(iter(providers(name)), ""),
        )
        for name, named in sorted(CONSTANTS.items())
        if not name.startswith("__")
    ]
    return calls + constants
