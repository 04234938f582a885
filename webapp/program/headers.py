"""What `#include` brings: for each usual header the types and constants it defines.

gcc refuses `MAP_PRIVATE` without <sys/mman.h>, so Pagewalk does too, and names the header that is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.program import constants
from webapp.program.types import (
    BOOL,
    INT,
    LLONG,
    LONG,
    SCHAR,
    SHORT,
    UCHAR,
    UINT,
    ULLONG,
    ULONG,
    USHORT,
    VOID,
    VOID_POINTER,
    Array,
    CType,
    Function,
    Integer,
    Layout,
    Pointer,
    Record,
)

FILE = Record(Layout("struct", "_IO_FILE"))
SIGSET = Record(Layout("struct", "__sigset_t"))
SIGSET.layout.fill([("__val", Array(ULONG, 32))])
JMP_BUF = Record(Layout("struct", "__jmp_buf_tag"))
JMP_BUF.layout.fill([("__jmpbuf", Array(LLONG, 32)), ("__mask_was_saved", INT), ("__saved_mask", SIGSET)])
SIGINFO = Record(Layout("struct", "siginfo_t"))
SIGINFO.layout.fill([("si_signo", INT), ("si_errno", INT), ("si_code", INT), ("_rest", Array(INT, 29))])
SIGINFO.layout.members |= {"si_addr": (VOID_POINTER, 12), "si_pid": (INT, 12), "si_uid": (UINT, 16)}
SIGINFO.layout.members |= {"si_status": (INT, 20)}
HANDLER = Pointer(Function(VOID, (INT,)))
SIGACTION = Record(Layout("struct", "sigaction"))
SIGACTION.layout.fill([("sa_handler", HANDLER), ("sa_mask", SIGSET), ("sa_flags", INT), ("sa_restorer", VOID_POINTER)])
SIGACTION.layout.members["sa_sigaction"] = Pointer(Function(VOID, (INT, Pointer(SIGINFO), VOID_POINTER))), 0
TAGS = {"sigaction": ("signal.h", SIGACTION.layout)}  # structs that are known by their tags
STREAMS = {"stdin": 0xF0, "stdout": 0xF1, "stderr": 0xF2}  # stand-ins for the addresses of the three FILEs


@dataclass(frozen=True, slots=True)
class Named:
    """A constant of a header."""

    type: CType
    value: int


HEADERS: dict[str, set[str]] = {
    header: set()
    for header in [
        "assert.h",
        "ctype.h",
        "errno.h",
        "fcntl.h",
        "inttypes.h",
        "limits.h",
        "sched.h",
        "setjmp.h",
        "signal.h",
        "stdbool.h",
        "stddef.h",
        "stdint.h",
        "stdio.h",
        "stdlib.h",
        "string.h",
        "sys/mman.h",
        "sys/stat.h",
        "sys/time.h",
        "sys/types.h",
        "sys/uio.h",
        "sys/wait.h",
        "time.h",
        "unistd.h",
    ]
}
CONSTANTS: dict[str, Named] = {}
TYPES: dict[str, CType] = {}


def define(headers: str, numbers: dict[str, int], kind: Integer = INT) -> None:
    """Enter constants of one type under the headers that define them."""
    for name, value in numbers.items():
        CONSTANTS[name] = Named(kind, value)
        for header in headers.split():
            HEADERS[header].add(name)


def define_types(headers: str, **types: CType) -> None:
    """Enter types under the headers that define them."""
    TYPES.update(types)
    for header in headers.split():
        HEADERS[header].update(types)


MMAN = constants.PROT | constants.MAP | constants.MADV | constants.MMAN_REST
define("sys/mman.h", MMAN)
define("fcntl.h", constants.OPEN)
define("fcntl.h sys/stat.h", constants.MODE)
define("stdio.h unistd.h fcntl.h", constants.SEEK)
define("unistd.h", constants.UNISTD)
define("stdio.h", constants.STDIO)
define("stdlib.h", constants.STDLIB)
define("stdlib.h sys/wait.h", constants.WAIT)
define("signal.h sys/wait.h", constants.SIGNAL)
define("errno.h", constants.ERRNO)
define("stdbool.h", constants.BOOLEAN)
define("limits.h", constants.INTEGER_LIMITS)
define("limits.h", {"UINT_MAX": 0xFFFFFFFF}, UINT)
define("limits.h", {"LONG_MIN": -0x80000000, "LONG_MAX": 0x7FFFFFFF}, LONG)
define("limits.h", {"ULONG_MAX": 0xFFFFFFFF}, ULONG)
define("limits.h", {"LLONG_MIN": -(1 << 63), "LLONG_MAX": (1 << 63) - 1}, LLONG)
define("limits.h", {"ULLONG_MAX": (1 << 64) - 1}, ULLONG)
define("stdint.h inttypes.h", constants.FIXED_WIDTH_LIMITS)
define("stdint.h inttypes.h", constants.UNSIGNED_LIMITS, UINT)
define("stdint.h inttypes.h", {"INT64_MIN": -(1 << 63), "INT64_MAX": (1 << 63) - 1}, LLONG)
define("stdint.h inttypes.h", {"UINT64_MAX": (1 << 64) - 1}, ULLONG)

for _name, _headers, _type, _value in (
    ("NULL", "stddef.h stdio.h stdlib.h string.h unistd.h time.h signal.h sys/wait.h", VOID_POINTER, 0),
    ("MAP_FAILED", "sys/mman.h", VOID_POINTER, 0xFFFFFFFF),
    *((name, "stdio.h", Pointer(FILE), value) for name, value in STREAMS.items()),
    *((name, "signal.h", HANDLER, value) for name, value in (("SIG_DFL", 0), ("SIG_IGN", 1), ("SIG_ERR", 0xFFFFFFFF))),
):
    CONSTANTS[_name] = Named(_type, _value)
    for _header in _headers.split():
        HEADERS[_header].add(_name)
HEADERS["errno.h"].add("errno")

OTHER = "sys/types.h stdlib.h"
define_types(
    "stddef.h stdio.h stdlib.h string.h unistd.h sys/mman.h sys/types.h time.h signal.h sys/wait.h", size_t=UINT
)
define_types(f"{OTHER} stdio.h unistd.h", ssize_t=INT)
define_types(f"{OTHER} stdio.h unistd.h fcntl.h sys/mman.h sys/stat.h", off_t=LONG)
define_types(f"{OTHER} fcntl.h sys/mman.h sys/stat.h", mode_t=UINT)
define_types(f"{OTHER} unistd.h fcntl.h sys/wait.h signal.h time.h sched.h", pid_t=INT)
define_types(f"{OTHER} unistd.h sys/stat.h", uid_t=UINT, gid_t=UINT)
define_types(f"{OTHER} time.h sys/time.h fcntl.h sys/stat.h sys/wait.h signal.h sched.h", time_t=LONG)
define_types(OTHER, uint=UINT, ulong=ULONG, ushort=USHORT, loff_t=LLONG, u_int8_t=UCHAR, u_int16_t=USHORT)
define_types(OTHER, u_int32_t=UINT, u_int64_t=ULLONG)
FIXED = "stdint.h inttypes.h"
define_types(f"{OTHER} {FIXED}", int8_t=SCHAR, int16_t=SHORT, int32_t=INT, int64_t=LLONG)
define_types(FIXED, uint8_t=UCHAR, uint16_t=USHORT, uint32_t=UINT, uint64_t=ULLONG, uintptr_t=UINT)
define_types(FIXED, intmax_t=LLONG, uintmax_t=ULLONG)
define_types(f"{FIXED} unistd.h", intptr_t=INT)
define_types("stddef.h", ptrdiff_t=INT)
define_types("unistd.h", useconds_t=UINT)
define_types("stdbool.h", bool=BOOL)
define_types("stdio.h", FILE=FILE)
define_types("signal.h", sigset_t=SIGSET, siginfo_t=SIGINFO, sighandler_t=HANDLER, __sighandler_t=HANDLER)
define_types("signal.h", sig_atomic_t=INT)
define_types("setjmp.h", jmp_buf=Array(JMP_BUF, 1), sigjmp_buf=Array(JMP_BUF, 1))


define_types(f"{OTHER} sys/stat.h", dev_t=ULLONG, nlink_t=UINT)
define_types(f"{OTHER} unistd.h sys/stat.h", ino_t=ULONG, blksize_t=LONG, blkcnt_t=LONG)
define("limits.h sys/uio.h", {"IOV_MAX": 1024})

# Structs. A file with ``_FILE_OFFSET_BITS`` 64 sees those of LARGE_RECORDS instead.
RECORDS: dict[str, Layout] = {}
LARGE_RECORDS: dict[str, Layout] = {}


def define_record(headers: str, tag: str, into: dict[str, Layout] = RECORDS, /, **members: CType) -> Record:
    """Enter ``struct tag`` under the headers that define it."""
    layout = Layout("struct", tag)
    layout.fill(list(members.items()))
    into[tag] = layout
    for header in headers.split():
        HEADERS[header].add(f"struct {tag}")
    return Record(layout)


TIMESPEC = define_record("time.h sys/stat.h sys/time.h fcntl.h sched.h signal.h", "timespec", tv_sec=LONG, tv_nsec=LONG)
define_record("sys/uio.h fcntl.h", "iovec", iov_base=VOID_POINTER, iov_len=UINT)
define_record(
    "sys/stat.h fcntl.h", "stat", st_dev=ULLONG, __pad1=USHORT, st_ino=ULONG, st_mode=UINT, st_nlink=UINT,
    st_uid=UINT, st_gid=UINT, st_rdev=ULLONG, __pad2=USHORT, st_size=LONG, st_blksize=LONG, st_blocks=LONG,
    st_atim=TIMESPEC, st_mtim=TIMESPEC, st_ctim=TIMESPEC, __unused4=ULONG, __unused5=ULONG,
)  # fmt: skip
define_record(
    "sys/stat.h fcntl.h", "stat", LARGE_RECORDS, st_dev=ULLONG, __pad1=USHORT, __st_ino=ULONG, st_mode=UINT,
    st_nlink=UINT, st_uid=UINT, st_gid=UINT, st_rdev=ULLONG, __pad2=USHORT, st_size=LLONG, st_blksize=LONG,
    st_blocks=LLONG, st_atim=TIMESPEC, st_mtim=TIMESPEC, st_ctim=TIMESPEC, st_ino=ULLONG,
)  # fmt: skip
# Macros, each as it would stand behind #define. The st_ ones are the names of the seconds in older programs.
MACROS = {
    "sys/stat.h": [
        "S_ISREG(mode) (((mode) & S_IFMT) == S_IFREG)",
        "S_ISDIR(mode) (((mode) & S_IFMT) == S_IFDIR)",
        "S_ISLNK(mode) (((mode) & S_IFMT) == S_IFLNK)",
        "st_atime st_atim.tv_sec",
        "st_mtime st_mtim.tv_sec",
        "st_ctime st_ctim.tv_sec",
    ]
}

LIKELIEST = ["stdio.h", "stdint.h", "stddef.h", "sys/mman.h", "fcntl.h", "signal.h", "sys/wait.h", "time.h", "unistd.h"]


def providers(name: str) -> list[str]:
    """The headers that define ``name``, the likeliest first."""
    known = [header for header, names in HEADERS.items() if name in names]
    return sorted(known, key=lambda header: LIKELIEST.index(header) if header in LIKELIEST else len(LIKELIEST))
