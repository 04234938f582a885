"""fsync of an ext4 file.  Linux 5.10: fs/ext4/fsync.c"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.errors import NotModelled
from webapp.kernel.include.linux.page_flags import PG_dirty
from webapp.kernel.machine import kernel_function

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File
    from webapp.kernel.machine import Machine


@kernel_function
def ext4_sync_file(k: Machine, file: File, start: int, end: int, datasync: bool) -> int:
    """Nothing to do for a file whose cached pages are all clean; writing dirty ones is not modelled yet."""
    if any(page.flags & PG_dirty for page in file.inode.mapping._pages.values()):
        raise NotModelled(f"Writing the dirty pages of {file.inode.name} back to disk is not modelled yet.")
    return 0
