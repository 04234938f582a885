"""Open files, their numbers and their reference counts.  Linux 5.10: fs/file_table.c, fs/file.c

A number (descriptor) leads to an open file, which holds the position, the flags and the readahead state; that leads to
the inode. dup() makes a second number for the same open file, open() a second open file for the same inode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.dcache import dput
from webapp.kernel.fs.inode import iput
from webapp.kernel.include.linux.fs import FMODE_PATH
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EMFILE
from webapp.kernel.locking.mutex import mutex_lock, mutex_unlock
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.machine import Machine

RLIMIT_NOFILE = 1024
FIRST_FD = 3  # 0, 1 and 2 are the terminal's
SOLE_USER = 2  # references to an open file that no mapping, second number or other process has: its number, the caller
MASK = 0xFFFFFFFF


def fget(k: Machine, fd: int) -> File | None:
    """The open file behind a descriptor of the running task, with a reference; None if there is none.

    A descriptor opened with O_PATH names a file without opening it, and does not count.
    """
    file = k.current._files.get(fd)
    return None if file is None or file.f_mode & FMODE_PATH else get_file(file)


def fget_raw(k: Machine, fd: int) -> File | None:
    """The same, O_PATH or not."""
    file = k.current._files.get(fd)
    return None if file is None else get_file(file)


async def fdget_pos(k: Machine, fd: int) -> File | None:
    """The same for whoever moves the position; may sleep, for if others have the file too, one at a time moves it."""
    file = fget(k, fd)
    if file is not None and file.f_count > SOLE_USER:
        await mutex_lock(k, file._f_pos_lock)
    return file


def fdput_pos(k: Machine, file: File) -> None:
    """What `fdget_pos` took is given back."""
    if file._f_pos_lock.owner is k.current:
        mutex_unlock(k, file._f_pos_lock)
    fput(k, file)


def get_file(file: File) -> File:
    """One more reference."""
    file.f_count += 1
    return file


def unused_fd(k: Machine) -> int:
    """The lowest number that leads to no file, or -EMFILE."""
    return next((n for n in range(FIRST_FD, RLIMIT_NOFILE) if n not in k.current._files), -EMFILE)


def fd_install(k: Machine, fd: int, file: File) -> None:
    """From now on the number leads to the file."""
    k.current._files[fd] = file
    if file.fd < 0:
        file.fd = fd


@kernel_function
def fput(k: Machine, file: File) -> None:
    """Drop a reference; with the last one the open file, its position and its readahead state end.

    The name by which it was opened, the inode and its pages stay in memory, unused. An inode that no name leads to any
    more ends. (The hidden file of shared anonymous memory has no name here.)
    """
    file.f_count -= 1
    if file.f_count:
        return
    file.f_ra.forget()
    file.forget()
    if file._dentry is not None:
        dput(k, file._dentry)
    else:
        iput(k, file.inode)


@kernel_function(file="fs/open.c")
def sys_close(k: Machine, fd: int) -> int:
    """Give the number back. A mapping keeps its own reference, so the open file may live on."""
    file = k.current._files.pop(fd, None)
    if file is None:
        return -EBADF
    if file.fd == fd:
        numbers = (n for task in k.sched.tasks for n, other in task._files.items() if other is file)
        file.fd = next(numbers, -1)
    fput(k, file)
    return 0


@kernel_function(file="fs/file.c")
def sys_dup(k: Machine, fd: int) -> int:
    """The lowest free number for the same open file: position and flags are shared. -EBADF, -EMFILE."""
    file = fget_raw(k, fd)
    if file is None:
        return -EBADF
    new = unused_fd(k)
    if new < 0:
        fput(k, file)
        return new
    fd_install(k, new, file)
    return new


@kernel_function(file="fs/file.c")
def sys_dup2(k: Machine, oldfd: int, newfd: int) -> int:
    """Make ``newfd`` lead where ``oldfd`` does; what it led to before is closed. -EBADF."""
    if oldfd == newfd:
        return newfd if oldfd in k.current._files else -EBADF
    if not 0 <= newfd < RLIMIT_NOFILE:
        return -EBADF
    file = fget_raw(k, oldfd)
    if file is None:
        return -EBADF
    if newfd in k.current._files:
        sys_close(k, newfd)
    fd_install(k, newfd, file)
    return newfd
