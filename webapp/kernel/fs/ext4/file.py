"""What can be done with an open ext4 file: map it, read it, write it, move in it.

Linux 5.10: fs/ext4/file.c.  Not modelled: DAX, O_DIRECT, access times (the disk is mounted noatime).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.fs.inode import file_modified
from webapp.kernel.fs.sync import generic_write_sync
from webapp.kernel.include.linux.mm import VM_SYNC
from webapp.kernel.include.uapi.asm_generic.errno import EOPNOTSUPP
from webapp.kernel.locking.rwsem import down_write, up_write
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap_read import generic_file_read_iter
from webapp.kernel.mm.filemap_write import generic_perform_write, generic_write_checks

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.include.linux.mm_types import VmArea
    from webapp.kernel.include.linux.uio import IovIter, Kiocb
    from webapp.kernel.machine import Machine


@kernel_function
def ext4_file_mmap(k: Machine, file: File, vma: VmArea) -> int:
    """Tell memory management whom to ask when a page is missing: nothing is read, not even one block number.

    From here on faults in this VMA go to ext4_filemap_fault, and fault-around to filemap_map_pages. MAP_SYNC
    would need persistent memory behind the file (-EOPNOTSUPP).
    """
    if vma.vm_flags & VM_SYNC:
        return -EOPNOTSUPP
    vma._vm_ops = "ext4_file_vm_ops"
    return 0


@kernel_function
async def ext4_file_read_iter(k: Machine, iocb: Kiocb, to: IovIter) -> int:
    """Read: ext4 has nothing of its own to do, the page cache does it all; may sleep."""
    return await generic_file_read_iter(k, iocb, to) if to.count else 0


@kernel_function
async def ext4_file_write_iter(k: Machine, iocb: Kiocb, source: IovIter) -> int:
    """Write, through the page cache; may sleep. The number of bytes, or a negative errno."""
    return await ext4_buffered_write_iter(k, iocb, source)


@kernel_function
async def ext4_buffered_write_iter(k: Machine, iocb: Kiocb, source: IovIter) -> int:
    """Copy into the page cache under the inode's lock: one writer at a time. Readers are not held off; may sleep.

    With O_SYNC or O_DSYNC what was written is brought to the disk before the call returns.
    """
    inode = iocb.ki_filp.inode
    await down_write(k, inode._i_rwsem)
    ret = generic_write_checks(k, iocb, source)
    if ret > 0:
        file_modified(k, iocb.ki_filp)
        ret = await generic_perform_write(k, iocb.ki_filp, source, iocb.ki_pos)
    up_write(k, inode._i_rwsem)
    if ret > 0:
        iocb.ki_pos += ret
        ret = await generic_write_sync(k, iocb, ret)
    return ret
