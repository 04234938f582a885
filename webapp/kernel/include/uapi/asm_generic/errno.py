"""Error numbers.  Linux 5.10: include/uapi/asm-generic/errno{,-base}.h"""

from __future__ import annotations

EPERM, ENOENT, ESRCH, EINTR, EIO, ENXIO, E2BIG, ENOEXEC, EBADF, ECHILD, EAGAIN, ENOMEM, EACCES, EFAULT = range(1, 15)
EBUSY, EEXIST, EXDEV, ENODEV, ENOTDIR, EISDIR, EINVAL, ENFILE, EMFILE, ENOTTY, ETXTBSY, EFBIG, ENOSPC, ESPIPE = range(
    16, 30
)
EROFS, EMLINK, EPIPE, EDOM, ERANGE = range(30, 35)
ENAMETOOLONG, ENOSYS, EOVERFLOW, EOPNOTSUPP = 36, 38, 75, 95

ERRNO_NAMES = {
    value: name for name, value in list(globals().items()) if name.startswith("E") and isinstance(value, int)
}


def errno_name(number: int) -> str:
    """``EINVAL`` for 22 or -22; the number itself when it has no name here."""
    return ERRNO_NAMES.get(abs(number), str(number))
