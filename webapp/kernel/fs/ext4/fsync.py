"""fsync of an ext4 file: its data first, then its inode, then the disk's own cache.

Linux 5.10: fs/ext4/fsync.c.  Not modelled: the journal's blocks and the thread that writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.block.blk_flush import blkdev_issue_flush
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap_errors import file_check_and_advance_wb_err
from webapp.kernel.mm.filemap_sync import file_write_and_wait_range

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File, Inode
    from webapp.kernel.machine import Machine


@kernel_function
async def ext4_sync_file(k: Machine, file: File, start: int, end: int, datasync: bool) -> int:
    """Bring bytes start..end of a file to the disk and wait for it; may sleep. 0 or a negative errno."""
    ret = await file_write_and_wait_range(k, file, start, end)
    if not ret and ext4_fsync_journal(k, file.inode, datasync):
        ret = await blkdev_issue_flush(k, file.inode)
    return ret or file_check_and_advance_wb_err(k, file)


@kernel_function(inlined=True)
def ext4_fsync_journal(k: Machine, inode: Inode, datasync: bool) -> bool:
    """Have the journal commit the inode's changes, if it has any to commit; true if the disk must still be flushed.

    A commit flushes the disk's cache anyway. ``datasync`` cares for the data alone, and a new modification time is no
    data: then there is nothing to commit, and the flush has to be asked for. A new size or new blocks are another
    matter: without them the data could not be found again.
    """
    if not (inode._datasync if datasync else inode._transaction):
        return True
    inode._transaction = inode._datasync = False
    k.stage("note", f"the journal commits the inode of {inode.name}, and with that the disk flushes its cache")
    return False
