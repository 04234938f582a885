"""Files of /proc and /sys as a program sees them: opened by path, read, and a few of them written.

Nothing lies on a disk, and nothing is cached: reading calls a function that looks at the kernel's state
(`fs/proc/root.py`), writing calls one that changes it (`fs/proc/proc_sysctl.py`).

Interface: `proc_open` makes an open file of a path, or says what is wrong. Its ``_f_op`` then serves read and write.

Linux 5.10: fs/proc/{inode,base,proc_sysctl}.c, fs/seq_file.c, fs/kernfs/file.c.  Not modelled: the dentries and inodes
of these file systems, directories in them, files that are binary in Linux (pagemap).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.lib.uaccess import raw_copy_from_user, raw_copy_to_user
from webapp.kernel.errors import NotModelled
from webapp.kernel.fs.proc.proc_sysctl import PREFIX, WRITABLE, WRITE_ONLY, proc_sys_write
from webapp.kernel.fs.proc.root import find
from webapp.kernel.fs.proc.rows import rows_of
from webapp.kernel.include.linux.fs import PROC, AddressSpace, FileOperations, Inode
from webapp.kernel.include.uapi.asm_generic.errno import EACCES, EFAULT, EINVAL, ENOENT
from webapp.kernel.lib.iov_iter import iov_iter_advance, segments
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.uio import IovIter, Kiocb
    from webapp.kernel.machine import Machine

WRITE_MAX = 4096  # bytes of one write: a setting has no more
MAY_READ, MAY_WRITE = 1, 2
BINARY, DIRECTORY = "pagemap", "fd"


@kernel_function
def proc_open(k: Machine, path: str, mode: int) -> Inode | int:
    """The inode of such a file; ``mode`` is what it will be opened for (bit 0: reading, bit 1: writing).

    -ENOENT, or -EACCES: even root may write only settings that can be changed, and not read what can only be written.
    """
    rows = rows_of(k)
    if path not in WRITABLE and find(rows, path, k.current.ref) is None:
        return -ENOENT
    name = path.rsplit("/", 1)[1]
    if not path.startswith(PREFIX) and name in (BINARY, DIRECTORY):
        raise NotModelled(f"{path} can be read on the page, decoded; a program cannot open it here.")
    if (mode & MAY_READ and path in WRITE_ONLY) or (
        mode & MAY_WRITE and path.startswith(PREFIX) and path not in WRITABLE
    ):
        return -EACCES
    inode = Inode(
        k.journal, i_ino=k.journal.serial("proc"), name=path, i_size=0, sector=0, s_dev=PROC, i_nlink=0,
        i_cached=True, i_count=1, _i_mode=0o200 if path in WRITE_ONLY else 0o644 if path in WRITABLE else 0o444,
        _f_op=proc_file_operations, _evict_inode=proc_evict_inode,
    )  # fmt: skip
    inode.i_mapping = AddressSpace(k.journal, inode=inode)
    return inode


@kernel_function
def proc_evict_inode(k: Machine, inode: Inode) -> None:
    """Nobody has the file open any more."""
    inode.mapping.forget()
    inode.forget()


@kernel_function
async def proc_reg_read_iter(k: Machine, iocb: Kiocb, to: IovIter) -> int:
    """Make the text and copy to the program what it wants of it; may sleep. The number of bytes, 0 at the end.

    The text is made anew for every read: whoever reads it in pieces may get pieces that do not belong together. Of a
    setting only the first read gets anything.
    """
    path = iocb.ki_filp.inode.name
    if path.startswith(PREFIX) and iocb.ki_pos:
        return 0
    rows = rows_of(k)
    found = find(rows, path, k.current.ref)
    text = b"" if found is None else found[0].show(rows, found[1]).encode()
    piece = memoryview(text)[iocb.ki_pos :][: to.count]
    done = 0
    for base, size in list(segments(to, len(piece))):
        missing = await raw_copy_to_user(k, base, piece[done : done + size])
        done += size - missing
        if missing:
            break
    if piece and not done:
        return -EFAULT
    iov_iter_advance(to, done)
    iocb.ki_pos += done
    k.stage("copy", f"{done} bytes of {path} are made and copied to the program", bytes=done)
    return done


@kernel_function
async def proc_reg_write(k: Machine, iocb: Kiocb, source: IovIter) -> int:
    """Take a new value for a setting; may sleep. The number of bytes, or -EINVAL."""
    path = iocb.ki_filp.inode.name
    if path not in WRITABLE:
        return -EINVAL
    if source.count > WRITE_MAX:
        raise NotModelled(f"write to {path}: {source.count} bytes are more than a setting has.")
    text = bytearray()
    for base, size in list(segments(source, source.count)):
        piece = bytearray(size)
        if await raw_copy_from_user(k, memoryview(piece), base):
            return -EFAULT
        text += piece
    done = await proc_sys_write(k, path, bytes(text), iocb.ki_pos)
    if done > 0:
        iocb.ki_pos += done
    return done


proc_file_operations = FileOperations("proc_reg_file_ops", proc_reg_read_iter, proc_reg_write)
