"""write(2) on ext4, one page at a time, with delayed allocation.

The page comes locked from `ext4_da_write_begin`, is filled by the caller, and goes back to `ext4_da_write_end`. Blocks
are not chosen here: see `ext4_da_get_block_prep`.

Linux 5.10: fs/ext4/inode.c.  Not modelled: files whose few bytes lie in the inode, full disks, the journal's own steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE
from webapp.kernel.fs.buffer import __block_write_begin, generic_write_end
from webapp.kernel.include.uapi.asm_generic.errno import ENOMEM
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap import grab_cache_page_write_begin
from webapp.kernel.mm.page_cache import lock_page, unlock_page
from webapp.kernel.mm.swap import put_page

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace
    from webapp.kernel.include.linux.mm_types import Page
    from webapp.kernel.machine import Machine

LINUX_FILE = "fs/ext4/inode.c"


@kernel_function
async def ext4_da_write_begin(k: Machine, mapping: AddressSpace, pos: int, length: int) -> Page | int:
    """Find or make the page for ``length`` bytes at ``pos``, and prepare it; may sleep. Locked; or a negative errno.

    The page is unlocked while the journal starts a transaction: that may wait for a commit, and the commit for pages.
    """
    while True:
        page = await grab_cache_page_write_begin(k, mapping, pos >> PAGE_SHIFT)
        if page is None:
            return -ENOMEM
        unlock_page(k, page)
        await lock_page(k, page)
        if page.mapping is mapping:
            break
        unlock_page(k, page)  # truncated meanwhile
        put_page(k, page)
    start = pos & (PAGE_SIZE - 1)
    error = await __block_write_begin(k, page, start, start + length)
    if error:
        unlock_page(k, page)
        put_page(k, page)
        return error
    return page


@kernel_function
def ext4_da_write_end(k: Machine, mapping: AddressSpace, pos: int, length: int, copied: int, page: Page) -> int:
    """The page has been filled, maybe only in part: mark it dirty and unlock it. How many bytes count."""
    return generic_write_end(k, mapping, pos, length, copied, page)
