"""Writing a file's dirty pages and waiting for them: what fsync and msync ask of the page cache.

Linux 5.10: mm/filemap.c
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.include.linux.page_flags import PG_error
from webapp.kernel.include.linux.writeback import LLONG_MAX, LONG_MAX, SyncMode, WritebackControl
from webapp.kernel.include.uapi.asm_generic.errno import EIO
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.filemap_errors import file_check_and_advance_wb_err
from webapp.kernel.mm.page_writeback import do_writepages, wait_on_page_writeback

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import AddressSpace, File
    from webapp.kernel.machine import Machine

LINUX_FILE = "mm/filemap.c"


@kernel_function
async def file_write_and_wait_range(k: Machine, file: File, start: int, end: int) -> int:
    """Write the dirty pages of bytes start..end, then wait until they are on the disk; 0 or a negative errno.

    Errors of earlier writes, which nobody waited for, are reported too: once to each open file.
    """
    mapping, err = file.inode.mapping, 0
    if mapping.nrpages:
        err = await __filemap_fdatawrite_range(k, mapping, start, end, "WB_SYNC_ALL")
        if err != -EIO:
            await __filemap_fdatawait_range(k, mapping, start, end)
    return err or file_check_and_advance_wb_err(k, file)


@kernel_function
async def __filemap_fdatawrite_range(
    k: Machine, mapping: AddressSpace, start: int, end: int, sync_mode: SyncMode
) -> int:
    """Start writing the dirty pages of a range; the index tells at once if there are none."""
    if not mapping._dirty or mapping._a_ops is None or mapping._a_ops.writepages is None:
        return 0
    return await do_writepages(k, mapping, WritebackControl(sync_mode, start, end, LONG_MAX))


@kernel_function
async def filemap_fdatawait_keep_errors(k: Machine, mapping: AddressSpace) -> None:
    """Wait for all pages of the file that are under writeback, and leave errors to whoever asks for them."""
    await __filemap_fdatawait_range(k, mapping, 0, LLONG_MAX)


@kernel_function
async def __filemap_fdatawait_range(k: Machine, mapping: AddressSpace, start: int, end: int) -> None:
    """Sleep until no page of the range is under writeback any more; whoever started it."""
    for index in sorted(mapping._writeback):
        page = mapping._pages.get(index)
        if start >> PAGE_SHIFT <= index <= end >> PAGE_SHIFT and page is not None:
            await wait_on_page_writeback(k, page)
            page.flags &= ~PG_error
