"""open(2): from a path and flags to a number.  Linux 5.10: fs/open.c, fs/namei.c.

The file is looked up, made (O_CREAT) and cut to nothing (O_TRUNC) as the flags say. Then a fresh open file, with
position 0 and an empty readahead window, gets the lowest free number.

Not modelled: O_DIRECT, O_TMPFILE, permissions (the program runs as root), devices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.errors import NotModelled
from webapp.kernel.fs.dcache import dget, dput
from webapp.kernel.fs.file_table import fd_install, unused_fd
from webapp.kernel.fs.inode import iput
from webapp.kernel.fs.namei import Path, ext4_create, getname, is_proc, link_path_walk
from webapp.kernel.fs.proc.inode import proc_open
from webapp.kernel.fs.truncate import do_truncate
from webapp.kernel.include.linux.fs import (
    __O_TMPFILE,
    FMODE_PATH,
    MAX_NON_LFS,
    O_ACCMODE,
    O_CREAT,
    O_DIRECT,
    O_DIRECTORY,
    O_EXCL,
    O_LARGEFILE,
    O_PATH,
    O_RDONLY,
    O_TRUNC,
    File,
    FileRaState,
    Inode,
)
from webapp.kernel.include.uapi.asm_generic.errno import EACCES, EEXIST, EISDIR, ENOENT, ENOTDIR, EOVERFLOW
from webapp.kernel.lib.errseq import errseq_sample
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.dcache import Dentry
    from webapp.kernel.machine import Machine

ONCE = O_CREAT | O_EXCL | O_TRUNC  # flags that are about opening only


@kernel_function
async def sys_open(k: Machine, path: str, flags: int, mode: int = 0) -> int:
    """The lowest free number, or a negative errno; may sleep if the file has to be cut."""
    if flags & O_PATH:
        flags &= O_PATH | O_DIRECTORY
    name = await getname(k, path)
    if isinstance(name, int):
        return name
    refuse(name, flags)
    fd = unused_fd(k)
    if fd < 0:
        return fd
    if is_proc(name):
        return open_proc(k, name, flags, fd)
    found = await link_path_walk(k, name)
    if isinstance(found, int):
        return found
    file = await do_open(k, found, flags, mode)
    dput(k, found.dentry)
    if isinstance(file, int):
        return file
    fd_install(k, fd, file)
    return fd


def refuse(path: str, flags: int) -> None:
    """What the flags ask for and the model lacks."""
    for bit, name in ((O_DIRECT, "O_DIRECT, reading around the page cache,"), (__O_TMPFILE, "O_TMPFILE")):
        if flags & bit:
            raise NotModelled(f'open("{path}"): {name} is not modelled; open the file without it.')


def open_proc(k: Machine, path: str, flags: int, fd: int) -> int:
    """Open a file of /proc or /sys, which nobody can create there."""
    inode = proc_open(k, path, open_mode(flags) & O_ACCMODE)
    if isinstance(inode, int):
        return -EACCES if inode == -ENOENT and flags & O_CREAT else inode
    wrong = EEXIST if flags & O_CREAT and flags & O_EXCL else ENOTDIR if flags & O_DIRECTORY else 0
    if wrong:
        iput(k, inode)
        return -wrong
    fd_install(k, fd, new_file(k, inode, flags))
    return fd


@kernel_function
async def do_open(k: Machine, found: Path, flags: int, mode: int) -> File | int:
    """Check what was found against the flags, in Linux's order, and open it; may sleep.

    -EISDIR for writing to a directory or creating one, -EEXIST when O_EXCL wants a new file, -ENOTDIR when O_DIRECTORY
    or a slash at the end wants a directory, -EOVERFLOW for a file above 2 GiB without O_LARGEFILE.
    """
    inode = found.inode
    created = False
    if flags & O_CREAT and found.slash:
        return -EISDIR
    if inode is None:
        if not flags & O_CREAT:
            return -ENOENT
        inode, created = ext4_create(k, found.dentry, mode), True
    elif flags & O_CREAT and (flags & O_EXCL or inode.directory):
        return -EEXIST if flags & O_EXCL else -EISDIR
    if (flags & O_DIRECTORY or found.slash) and not inode.directory:
        return -ENOTDIR
    writing = flags & O_ACCMODE != O_RDONLY or flags & O_TRUNC
    if inode.directory and writing and not flags & O_PATH:
        return -EISDIR
    if inode.i_size > MAX_NON_LFS and not flags & (O_LARGEFILE | O_PATH):
        return -EOVERFLOW
    if flags & O_TRUNC and not created:
        error = await do_truncate(k, inode, 0)
        if error:
            return error
    return alloc_file(k, found.dentry, inode, flags)


def alloc_file(k: Machine, dentry: Dentry, inode: Inode, flags: int) -> File:
    """A fresh open file, without a number yet. It holds the name by which it was opened, and that the inode."""
    file = new_file(k, inode, flags)
    file._dentry = dget(dentry)
    return file


def new_file(k: Machine, inode: Inode, flags: int) -> File:
    """A fresh open file: position 0, an empty readahead window, told of all errors so far."""
    ra = FileRaState(k.journal, ra_pages=k.settings.read_ahead_kb >> 2)
    file = File(k.journal, inode=inode, f_mode=open_mode(flags), f_flags=flags & ~ONCE, f_ra=ra)
    file.f_wb_err, file._f_sb_err = errseq_sample(inode.mapping.wb_err), errseq_sample(k.fs.wb_err)
    return file


def open_mode(flags: int) -> int:
    """FMODE_ bits for open flags: 0, 1, 2 become read, write, both; 3 asks for neither."""
    if flags & O_PATH:
        return FMODE_PATH
    return (flags + 1) & O_ACCMODE
