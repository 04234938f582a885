"""read(2), write(2) and their relatives: from a number and a buffer to the file's own functions.

    read, write            at the position of the open file, which moves on
    pread, pwrite          at a position that is given; the file's own stays
    readv, writev, ...     the same with several buffers at once

Linux 5.10: fs/read_write.c, lib/iov_iter.c (import_iovec).  Not modelled: pipes and devices, except that the standard
output takes what is written to it, and the standard input is at its end; sendfile, splice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.lib.uaccess import access_ok, raw_copy_from_user
from webapp.kernel.errors import NotModelled
from webapp.kernel.fs.ext4.file import ext4_file_read_iter, ext4_file_write_iter
from webapp.kernel.fs.file_table import fdget_pos, fdput_pos, fget, fput
from webapp.kernel.include.linux.fs import __O_SYNC, FMODE_READ, FMODE_WRITE, O_APPEND, O_DSYNC
from webapp.kernel.include.linux.uio import IOCB_APPEND, IOCB_DSYNC, IOCB_SYNC, Iovec, IovIter, Kiocb
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EFAULT, EINVAL, EISDIR
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.machine import Machine

MAX_RW_COUNT = 0x7FFFF000  # bytes that one call moves at most
UIO_MAXIOV = 1024
IOVEC_SIZE = 8  # bytes: address and length
LLONG_MAX = (1 << 63) - 1
STDIN, STDOUT, STDERR = range(3)
MAX_TERMINAL = 65536  # bytes of one write to the output
MASK = 0xFFFFFFFF
Transfer = Callable[["Machine", "File", list[Iovec], int], Awaitable[tuple[int, int]]]


# At the file's own position.


@kernel_function
async def sys_read(k: Machine, fd: int, buf: int, count: int) -> int:
    """read(2): up to ``count`` bytes to ``buf``; may sleep. Fewer at the end of the file, 0 behind it."""
    return await at_position(k, fd, [Iovec(buf & MASK, count & MASK)], vfs_read)


@kernel_function
async def sys_write(k: Machine, fd: int, buf: int, count: int) -> int:
    """write(2): ``count`` bytes from ``buf``; may sleep."""
    return await at_position(k, fd, [Iovec(buf & MASK, count & MASK)], vfs_write)


@kernel_function
async def sys_readv(k: Machine, fd: int, vec: int, vlen: int) -> int:
    """readv(2): one read into several buffers, filled one after the other; may sleep."""
    iov = await import_iovec(k, vec, vlen)
    return iov if isinstance(iov, int) else await at_position(k, fd, iov, vfs_read)


@kernel_function
async def sys_writev(k: Machine, fd: int, vec: int, vlen: int) -> int:
    """writev(2): one write from several buffers; may sleep."""
    iov = await import_iovec(k, vec, vlen)
    return iov if isinstance(iov, int) else await at_position(k, fd, iov, vfs_write)


async def at_position(k: Machine, fd: int, iov: list[Iovec], transfer: Transfer) -> int:
    """Read or write where the open file stands, and move it on (ksys_read, ksys_write); may sleep."""
    if STDIN <= fd <= STDERR and fd not in k.current._files:
        return await terminal(k, fd, iov, transfer)
    file = await fdget_pos(k, fd)
    if file is None:
        return -EBADF
    ret, pos = await transfer(k, file, iov, file.f_pos)
    if ret >= 0:
        file.f_pos = pos
    fdput_pos(k, file)
    return ret


# At a position that is given.


@kernel_function
async def sys_pread64(k: Machine, fd: int, buf: int, count: int, pos: int) -> int:
    """pread(2): read at byte ``pos``; may sleep. The position of the open file stays, and so nobody can disturb it."""
    return await at_offset(k, fd, [Iovec(buf & MASK, count & MASK)], pos, vfs_read)


@kernel_function
async def sys_pwrite64(k: Machine, fd: int, buf: int, count: int, pos: int) -> int:
    """pwrite(2): write at byte ``pos``; may sleep. With O_APPEND at the end all the same: there Linux is no POSIX."""
    return await at_offset(k, fd, [Iovec(buf & MASK, count & MASK)], pos, vfs_write)


@kernel_function
async def sys_preadv(k: Machine, fd: int, vec: int, vlen: int, pos: int) -> int:
    """preadv(2): several buffers, a position that is given; may sleep."""
    if pos < 0:
        return -EINVAL
    iov = await import_iovec(k, vec, vlen)
    return iov if isinstance(iov, int) else await at_offset(k, fd, iov, pos, vfs_read)


@kernel_function
async def sys_pwritev(k: Machine, fd: int, vec: int, vlen: int, pos: int) -> int:
    """pwritev(2): several buffers, a position that is given; may sleep."""
    if pos < 0:
        return -EINVAL
    iov = await import_iovec(k, vec, vlen)
    return iov if isinstance(iov, int) else await at_offset(k, fd, iov, pos, vfs_write)


async def at_offset(k: Machine, fd: int, iov: list[Iovec], pos: int, transfer: Transfer) -> int:
    """Read or write at ``pos`` (ksys_pread64, ksys_pwrite64); may sleep. -EINVAL before the start, -EBADF."""
    if pos < 0:
        return -EINVAL
    file = fget(k, fd)
    if file is None:
        return -EBADF
    ret, _ = await transfer(k, file, iov, pos)
    fput(k, file)
    return ret


async def import_iovec(k: Machine, vec: int, vlen: int) -> list[Iovec] | int:
    """Copy the table of buffers from the program; may sleep. -EINVAL if it is too long, -EFAULT if it is not there.

    A negative length is -EINVAL, a buffer of the kernel's -EFAULT. All together they are cut at MAX_RW_COUNT.
    """
    if not 0 <= vlen <= UIO_MAXIOV:
        return -EINVAL
    table = bytearray(vlen * IOVEC_SIZE)
    vec &= MASK
    if not access_ok(vec, len(table)) or await raw_copy_from_user(k, memoryview(table), vec):
        return -EFAULT
    iov, room = [], MAX_RW_COUNT
    for at in range(0, len(table), IOVEC_SIZE):
        base, length = (int.from_bytes(table[at + i : at + i + 4], "little") for i in (0, 4))
        if length >> 31:
            return -EINVAL
        if not access_ok(base, length):
            return -EFAULT
        iov.append(Iovec(base, min(length, room)))
        room -= iov[-1].len
    return iov


# Any file.


@kernel_function
async def vfs_read(k: Machine, file: File, iov: list[Iovec], pos: int) -> tuple[int, int]:
    """Check, then let the file system read; may sleep. The number of bytes or a negative errno; and the new position.

    -EBADF if the file is not open for reading, -EFAULT for a buffer above TASK_SIZE, -EINVAL for a count above 2 GiB,
    -EISDIR for a directory. Whether the buffer is mapped shows only when something is copied to it.
    """
    error = -EBADF if not file.f_mode & FMODE_READ else -EISDIR if file.inode.directory else check_area(iov, pos)
    if error:
        return error, pos
    kiocb = Kiocb(file, pos)
    read_iter = file.inode._f_op.read_iter if file.inode._f_op is not None else ext4_file_read_iter
    ret = await read_iter(k, kiocb, IovIter(bounded(iov)))
    return ret, kiocb.ki_pos


@kernel_function
async def vfs_write(k: Machine, file: File, iov: list[Iovec], pos: int) -> tuple[int, int]:
    """Check, then let the file system write; may sleep. As vfs_read."""
    error = -EBADF if not file.f_mode & FMODE_WRITE else check_area(iov, pos)
    if error:
        return error, pos
    kiocb = Kiocb(file, pos, iocb_flags(file.f_flags))
    write_iter = file.inode._f_op.write_iter if file.inode._f_op is not None else ext4_file_write_iter
    ret = await write_iter(k, kiocb, IovIter(bounded(iov)))
    return ret, kiocb.ki_pos


def check_area(iov: list[Iovec], pos: int) -> int:
    """May these buffers be used, and this part of a file (access_ok, rw_verify_area)? 0 or a negative errno."""
    if any(not access_ok(base, length) for base, length in iov):
        return -EFAULT
    length = sum(segment.len for segment in iov)
    return -EINVAL if length >> 31 or pos + length > LLONG_MAX else 0


def bounded(iov: list[Iovec]) -> list[Iovec]:
    """At most MAX_RW_COUNT bytes."""
    return [Iovec(iov[0].base, min(iov[0].len, MAX_RW_COUNT))] if len(iov) == 1 else iov


def iocb_flags(f_flags: int) -> int:
    """What the flags of open() mean for one write."""
    flags = IOCB_APPEND if f_flags & O_APPEND else 0
    flags |= IOCB_DSYNC if f_flags & O_DSYNC else 0
    return flags | (IOCB_SYNC if f_flags & __O_SYNC else 0)


async def terminal(k: Machine, fd: int, iov: list[Iovec], transfer: Transfer) -> int:
    """The standard streams: 0 is at its end, 1 and 2 take everything; may sleep in a fault on the buffer."""
    if transfer is vfs_read:
        if fd == STDIN:
            return 0
        raise NotModelled(f"read({fd}): the program's output cannot be read back here.")
    if fd == STDIN:
        return -EBADF
    error = check_area(iov, 0)
    if error:
        return error
    out = bytearray()
    for base, length in bounded(iov):
        if len(out) + length > MAX_TERMINAL:
            raise NotModelled(f"write({fd}): {length} bytes at once are too many for the output here.")
        piece = bytearray(length)
        missing = await raw_copy_from_user(k, memoryview(piece), base)
        out += piece[: length - missing]
        if missing:
            break
    if not out and any(length for _, length in iov):
        return -EFAULT
    k.stdout.append(out.decode("utf-8", "replace"))
    k.stage("note", f"{len(out)} bytes go to the program's output")
    return len(out)
