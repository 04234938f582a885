"""Files, inodes and the page cache of an inode. Fields only.

Linux 5.10: include/linux/fs.h, include/linux/pagemap.h
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from webapp.kernel.include.linux.mutex import Mutex
from webapp.kernel.include.linux.rwsem import RwSemaphore
from webapp.kernel.journal import Tracked, TrackedMap

if TYPE_CHECKING:
    from webapp.kernel.include.linux.backing_dev_defs import IoList
    from webapp.kernel.include.linux.dcache import Dentry
    from webapp.kernel.include.linux.mm_types import Page, VmArea
    from webapp.kernel.include.linux.uio import IovIter, Kiocb
    from webapp.kernel.include.linux.writeback import WritebackControl
    from webapp.kernel.machine import Machine

FMODE_READ, FMODE_WRITE = 0x1, 0x2
FMODE_RANDOM = 0x1000  # posix_fadvise(POSIX_FADV_RANDOM)
FMODE_PATH = 0x4000
O_ACCMODE, O_RDONLY, O_WRONLY, O_RDWR = 0o3, 0o0, 0o1, 0o2
# arch/arm/include/uapi/asm/fcntl.h differs from other machines in O_DIRECTORY, O_NOFOLLOW, O_DIRECT and O_LARGEFILE.
O_CREAT, O_EXCL, O_TRUNC, O_APPEND = 0o100, 0o200, 0o1000, 0o2000
O_DSYNC, O_DIRECTORY, O_DIRECT, O_LARGEFILE = 0o10000, 0o40000, 0o200000, 0o400000
O_CLOEXEC, __O_SYNC, O_PATH, __O_TMPFILE = 0o2000000, 0o4000000, 0o10000000, 0o20000000
S_IFMT, S_IFDIR, S_IFREG = 0o170000, 0o040000, 0o100000
I_DIRTY_SYNC, I_DIRTY_DATASYNC, I_DIRTY_PAGES = 0x1, 0x2, 0x4
I_DIRTY_INODE = I_DIRTY_SYNC | I_DIRTY_DATASYNC
I_DIRTY = I_DIRTY_INODE | I_DIRTY_PAGES
I_SYNC = 0x80  # it is being written
I_REFERENCED = 0x100  # used again while it was on the list of the unused
I_SYNC_QUEUED = 0x20000  # the flusher has it in hand
S_MAXBYTES = 0xFFFFFFFF000  # largest ext4 file with 4 KiB blocks on a 32-bit kernel
MAX_NON_LFS = 0x7FFFFFFF
DISK, TMPFS = "fe:00", "00:01"  # device numbers of /dev/vda, and of the memory that hidden files live in
PROC = "00:05"  # and of what only seems to be files: /proc and /sys


@dataclass(frozen=True, slots=True)
class AddressSpaceOperations:
    """struct address_space_operations: how the file system that owns the pages wants them treated.

    ``writepages`` is None for memory that has no disk behind it. ``write_begin`` gets a page ready for write(2) and
    returns it locked, or a negative errno; ``write_end`` takes it back with what was copied into it.
    """

    name: str
    set_page_dirty: Callable[[Machine, Page], bool]
    writepages: Callable[[Machine, AddressSpace, WritebackControl], Awaitable[int]] | None = None
    writepage: Callable[[Machine, Page, WritebackControl], int] | None = None  # for reclaim; the page is locked
    write_begin: Callable[[Machine, AddressSpace, int, int], Awaitable[Page | int]] | None = None
    write_end: Callable[[Machine, AddressSpace, int, int, int, Page], int] | None = None


@dataclass(frozen=True, slots=True)
class FileOperations:
    """struct file_operations of a file that is not ext4's: who serves read and write."""

    name: str
    read_iter: Callable[[Machine, Kiocb, IovIter], Awaitable[int]]
    write_iter: Callable[[Machine, Kiocb, IovIter], Awaitable[int]]


@dataclass(eq=False)
class AddressSpace(TrackedMap):
    """struct address_space: the cached pages of one inode, by page index, and the VMAs that map it.

    ``tag_dirty`` and ``tag_writeback`` count the pages that the index marks as changed and as being written,
    ``nrexceptional`` the slots that hold the shadow of an evicted page: an odd number instead of a page.
    ``writeback_index`` is where the flusher goes on the next time, ``wb_err`` the errseq of failed writes.
    """

    KIND: ClassVar[str] = "cache"
    inode: Inode
    nrpages: int = 0
    nrexceptional: int = 0
    tag_dirty: int = 0
    tag_writeback: int = 0
    writeback_index: int = 0
    wb_err: int = 0
    _a_ops: AddressSpaceOperations | None = None
    _pages: dict[int, Page] = field(default_factory=dict)  # i_pages
    _shadows: dict[int, int] = field(default_factory=dict)  # in i_pages too
    _nodes: dict[int, list[int]] = field(default_factory=dict)  # node of 64 slots -> pages and shadows in it
    _dirty: set[int] = field(default_factory=set)  # PAGECACHE_TAG_DIRTY
    _writeback: set[int] = field(default_factory=set)  # PAGECACHE_TAG_WRITEBACK
    _towrite: set[int] = field(default_factory=set)  # PAGECACHE_TAG_TOWRITE
    _i_mmap: list[VmArea] = field(default_factory=list)  # an interval tree in Linux, ordered by vm_pgoff
    _i_mmap_writable: int = 0


class Extent(NamedTuple):
    """struct ext4_extent: pages ``first``..``last`` of a file lie one after the other from ``sector`` (512 B) on."""

    first: int
    last: int
    sector: int


@dataclass(eq=False)
class Inode(Tracked):
    """struct inode of an ext4 file (or directory). ``sector`` (512 B) is where its first extent begins, ``s_dev`` the
    device of its file system.

    ``i_mtime`` is when it was last written to (virtual ns; none: before the program started), ``i_state`` its
    I_DIRTY_ bits, ``i_nlink`` how many names it has; ``dirtied_when`` is the tick at which it became dirty,
    ``i_io_list`` the flusher's list that holds it.

    An inode that is in memory (``i_cached``) is kept when nobody uses it any more (``i_count`` 0), on a list of the
    unused (``i_lru``) from which reclaim takes it. If it is not in memory, this row is what the disk has.
    """

    KIND: ClassVar[str] = "inode"
    i_ino: int
    name: str
    i_size: int
    sector: int
    s_dev: str = DISK
    directory: bool = False
    i_mtime: int | None = None
    i_state: int = 0
    dirtied_when: int | None = None
    i_io_list: IoList | None = None
    i_mapping: AddressSpace | None = None
    i_nlink: int = 1
    i_cached: bool = False
    i_count: int = 0
    i_lru: bool = False
    _i_mode: int = 0o644
    _i_rwsem: RwSemaphore = field(default_factory=RwSemaphore)  # held by who writes to the file or truncates it
    _extents: list[Extent] = field(default_factory=list)  # in the order of the file, with holes between them
    _delayed: set[int] = field(default_factory=set)  # pages that will get a block when they are written back
    _formatted: int = 0  # bytes that the disk held from the start
    _written: dict[int, bytes] = field(default_factory=dict)  # what the disk holds of pages that were written
    _f_op: FileOperations | None = None  # None: ext4's
    _evict_inode: Callable[[Machine, Inode], None] | None = None  # what happens when nobody can reach it any more
    _transaction: bool = False  # the running journal transaction has changes of this inode
    _datasync: bool = False  # and among them some without which the data cannot be found: its size, its blocks

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
    """struct file: one open. ``fd`` is the number the program knows it by, -1 after close; ``f_pos`` counts bytes.

    ``f_wb_err`` is the errseq of the file's failed writes as this open file has been told of them.
    """

    KIND: ClassVar[str] = "file"
    inode: Inode
    f_mode: int
    f_flags: int
    f_ra: FileRaState
    fd: int = -1
    f_count: int = 1
    f_pos: int = 0
    f_wb_err: int = 0
    _dentry: Dentry | None = None  # f_path: the name by which it was opened
    _f_sb_err: int = 0
    _f_pos_lock: Mutex = field(default_factory=lambda: Mutex("the file position"))


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
