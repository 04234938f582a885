"""open and close.  Linux 5.10: fs/open.c, fs/namei.c.  Not modelled: creating, truncating, permissions of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.errors import NotModelled
from webapp.kernel.fs.file_table import fput
from webapp.kernel.include.linux.fs import (
    FMODE_PATH,
    O_ACCMODE,
    O_RDONLY,
    File,
    FileRaState,
)
from webapp.kernel.include.uapi.asm_generic.errno import EBADF, EEXIST, EISDIR, EMFILE, ENOENT, ENOTDIR
from webapp.kernel.lib.errseq import errseq_sample
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.swap import lru_cache_add_other

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

# arch/arm/include/uapi/asm/fcntl.h differs from other machines in these.
O_CREAT, O_EXCL, O_TRUNC, O_DIRECTORY, O_PATH = 0o100, 0o200, 0o1000, 0o40000, 0o10000000
RLIMIT_NOFILE = 1024
FIRST_FD = 3  # 0, 1 and 2 are the terminal's


@kernel_function
def sys_open(k: Machine, path: str, flags: int) -> int:
    """Open a file of /mnt: a new file description, with fresh readahead state, under the lowest free number."""
    inode = k.fs.lookup(path)
    if not k.fs.directory_read:
        k.fs.directory_read = True
        lru_cache_add_other(k)
    if inode is None:
        if flags & O_CREAT:
            raise NotModelled(
                f'open("{path}", O_CREAT): creating files is not modelled yet; name it in a // files: line.'
            )
        return -ENOENT
    if flags & O_CREAT and flags & O_EXCL:
        return -EEXIST
    writing = flags & O_ACCMODE != O_RDONLY
    if inode.directory and (writing or flags & O_CREAT) and not flags & O_PATH:
        return -EISDIR
    if flags & O_DIRECTORY and not inode.directory:
        return -ENOTDIR
    if flags & O_TRUNC and not flags & O_PATH:
        raise NotModelled(f'open("{path}", O_TRUNC): truncating files is not modelled yet.')
    fd = next((n for n in range(FIRST_FD, RLIMIT_NOFILE) if n not in k.current._files), None)
    if fd is None:
        return -EMFILE
    ra = FileRaState(k.journal, ra_pages=k.settings.read_ahead_kb >> 2)
    file = File(k.journal, inode=inode, f_mode=open_mode(flags), f_flags=flags, f_ra=ra, fd=fd)
    file.f_wb_err, file._f_sb_err = errseq_sample(inode.mapping.wb_err), errseq_sample(k.fs.wb_err)
    k.current._files[fd] = file
    return fd


def open_mode(flags: int) -> int:
    """FMODE_ bits for open flags: 0, 1, 2 become read, write, both; 3 asks for neither."""
    if flags & O_PATH:
        return FMODE_PATH
    return (flags + 1) & O_ACCMODE


@kernel_function
def sys_close(k: Machine, fd: int) -> int:
    """Give the number back. A mapping keeps its own reference, so the open file may live on."""
    file = k.current._files.pop(fd, None)
    if file is None:
        return -EBADF
    if not any(file in task._files.values() for task in k.sched.tasks):
        file.fd = -1
    fput(k, file)
    return 0
