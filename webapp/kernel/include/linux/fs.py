"""Files, inodes and the page cache of an inode. Fields only.

Linux 5.10: include/linux/fs.h, include/linux/pagemap.h
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from webapp.kernel.journal import Tracked, TrackedMap

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Page, VmArea

FMODE_READ, FMODE_WRITE = 0x1, 0x2
FMODE_RANDOM = 0x1000  # posix_fadvise(POSIX_FADV_RANDOM)
FMODE_PATH = 0x4000
O_ACCMODE, O_RDONLY, O_WRONLY, O_RDWR = 0o3, 0o0, 0o1, 0o2
S_MAXBYTES = 0xFFFFFFFF000  # largest ext4 file with 4 KiB blocks on a 32-bit kernel
MAX_NON_LFS = 0x7FFFFFFF


@dataclass(eq=False)
class AddressSpace(TrackedMap):
    """struct address_space: the cached pages of one inode, by page index, and the VMAs that map it."""

    KIND: ClassVar[str] = "cache"
    inode: Inode
    nrpages: int = 0
    _pages: dict[int, Page] = field(default_factory=dict)  # i_pages
    _i_mmap: list[VmArea] = field(default_factory=list)  # an interval tree in Linux, ordered by vm_pgoff
    _i_mmap_writable: int = 0


@dataclass(eq=False)
class Inode(Tracked):
    """struct inode of an ext4 file (or directory). ``sector`` (512 B) is where its single extent begins."""

    KIND: ClassVar[str] = "inode"
    i_ino: int
    name: str
    i_size: int
    sector: int
    directory: bool = False
    i_mapping: AddressSpace | None = None
    _content: Any = None  # callable: page index -> bytes on disk

    @property
    def mapping(self) -> AddressSpace:
        """The inode's page cache."""
        assert self.i_mapping is not None
        return self.i_mapping


@dataclass(eq=False)
class FileRaState(Tracked):
    """struct file_ra_state: what readahead remembers about one open file. Unit: pages; ``prev_pos`` bytes."""

    KIND: ClassVar[str] = "ra"
    start: int = 0
    size: int = 0
    async_size: int = 0
    ra_pages: int = 32
    mmap_miss: int = 0
    prev_pos: int = -1

    def brief(self) -> dict[str, int]:
        """What a stage shows of it."""
        return {
            "start": self.start, "size": self.size, "async_size": self.async_size, "mmap_miss": self.mmap_miss,
        }  # fmt: skip


@dataclass(eq=False)
class File(Tracked):
    """struct file: one open. ``fd`` is the number the program knows it by, -1 after close."""

    KIND: ClassVar[str] = "file"
    inode: Inode
    f_mode: int
    f_flags: int
    f_ra: FileRaState
    fd: int = -1
    f_count: int = 1


@dataclass
class ReadaheadControl:
    """struct readahead_control: one readahead being carried out. ``index`` and ``nr_pages`` are pages."""

    file: File
    mapping: AddressSpace
    ra: FileRaState
    index: int
    nr_pages: int = 0

    def brief(self) -> dict[str, Any]:
        """What a stage shows of it."""
        return {"index": self.index, "ra": self.ra.brief()}
