"""sync(2) as ext4 sees it.  Linux 5.10: fs/ext4/super.c.  Not modelled: quotas, the journal's own blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.block.blk_flush import blkdev_issue_flush
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine


@kernel_function
async def ext4_sync_fs(k: Machine, wait: bool) -> int:
    """Have the journal commit what changes of inodes it holds; with ``wait``, everything is on the medium afterwards.

    A commit flushes the disk's cache; if there was none, the flush is asked for.
    """
    changed = [inode for inode in k.fs.inodes.values() if inode._transaction]
    for inode in changed:
        inode._transaction = False
    if changed:
        k.fs.committed = True
        k.stage("note", f"the journal commits {len(changed)} inodes, and with that the disk flushes its cache")
    if not wait:
        return 0
    flushed, k.fs.committed = k.fs.committed, False
    return 0 if flushed or k.fs.root is None else await blkdev_issue_flush(k, k.fs.root)
