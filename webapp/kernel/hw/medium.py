"""The medium: the bytes that the disk holds, page by page of a file.

A file that nobody has written to follows a formula, so that any model or recording has the same bytes: byte *j* of
page *p* is ``(131 * (4096 * p + j) + 17 * p + 7) & 255``. Pages that were written are kept as they were written.

Rules for callers: `content` is what a read brings, `keep` is what a write leaves; both are the disk's business.
`forget` when the file system has freed blocks: what they held is nobody's any more.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import Inode


@lru_cache(maxsize=256)
def _pattern(page_low: int) -> bytes:
    return bytes((131 * j + 17 * page_low + 7) & 255 for j in range(256)) * (PAGE_SIZE // 256)


def content(inode: Inode, index: int) -> bytes:
    """The 4096 bytes that the disk holds for page ``index``; zeros where the file ended when the disk was formatted."""
    written = inode._written.get(index)
    if written is not None:
        return written
    inside = min(max(inode._formatted - (index << PAGE_SHIFT), 0), PAGE_SIZE)
    return _pattern(index & 255)[:inside] + bytes(PAGE_SIZE - inside)


def keep(inode: Inode, index: int, data: bytes) -> None:
    """From now on page ``index`` of the file holds these 4096 bytes."""
    inode._written[index] = data


def forget(inode: Inode, first: int) -> None:
    """The blocks of page ``first`` and all that follow are free."""
    inode._formatted = min(inode._formatted, first << PAGE_SHIFT)
    for index in [index for index in inode._written if index >= first]:
        del inode._written[index]
