"""Names: the disk's one directory, /mnt, and how a path leads to an inode.

A file that is there from the start lies in one extent of neighbouring sectors. New blocks come from behind the last
file, in the order in which they are asked for. A name leads to an inode; an inode lives until it has neither names nor
open files.

Linux 5.10: fs/namei.c, fs/ext4/namei.c.  Not modelled: making directories, links, renaming, permissions (root may all).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.arch.arm.lib.uaccess import strncpy_from_user
from webapp.kernel.errors import NotModelled
from webapp.kernel.fs.dcache import d_alloc, d_delete, d_instantiate, d_lookup, d_splice_alias, dget, dput
from webapp.kernel.fs.ext4.inode import evict_later, ext4_da_aops
from webapp.kernel.fs.inode import iget_locked, iput
from webapp.kernel.include.linux.bio import SECTORS_PER_PAGE
from webapp.kernel.include.linux.dcache import Dentry
from webapp.kernel.include.linux.fs import AddressSpace, Extent, Inode
from webapp.kernel.include.linux.gfp import GFP_NOFS
from webapp.kernel.include.linux.uio import UserPath
from webapp.kernel.include.uapi.asm_generic.errno import EISDIR, ENAMETOOLONG, ENOENT, ENOTDIR
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.memcontrol import mem_cgroup_charge_other
from webapp.kernel.mm.swap import lru_cache_add_other

if TYPE_CHECKING:
    from webapp.kernel.journal import Journal
    from webapp.kernel.machine import Machine

FIRST_SECTOR = 20648  # where the first file begins
FIRST_INO = 12  # of the first ordinary file on an ext4 file system
ROOT_INO = 2
MOUNTED = 2  # references to the root of a disk: it is mounted, and some process works there
WORKING_DIRECTORY = "/mnt"
PATH_MAX, NAME_MAX = 4096, 255  # bytes; PATH_MAX with the closing zero


@dataclass
class Filesystem:
    """The inodes of /mnt by name, and where on the disk new blocks come from."""

    inodes: dict[str, Inode] = field(default_factory=dict)
    root: Inode | None = None
    bitmaps_read: bool = False  # which blocks are free is in memory
    directory_read: bool = False  # the block that lists the names is in memory
    s_root: Dentry | None = None
    dentries: dict[str, Dentry] = field(default_factory=dict)  # names of /mnt that are in memory
    s_dentry_lru: OrderedDict[Dentry, None] = field(default_factory=OrderedDict)  # longest unused first
    s_inodes: list[Inode] = field(default_factory=list)  # in memory, the latest first
    s_inode_lru: OrderedDict[Inode, None] = field(default_factory=OrderedDict)
    wb_err: int = 0  # s_wb_err: the errseq of failed writes of all files
    committed: bool = False  # the sync(2) under way has made the journal commit
    next_ino: int = FIRST_INO
    next_sector: int = FIRST_SECTOR

    @classmethod
    def make(cls, journal: Journal, files: dict[str, int]) -> Filesystem:
        """A file system with these files; sizes in bytes."""
        fs = cls()
        for name, size in files.items():
            pages = -(-size // PAGE_SIZE)
            inode = fs.new_inode(journal, name, size, fs.take_blocks(pages))
            inode._formatted = size
            if pages:
                inode._extents = [Extent(0, pages - 1, inode.sector)]
        fs.root = _new_inode(journal, ROOT_INO, ".", PAGE_SIZE, 0, directory=True)
        fs.root.i_cached, fs.root.i_count = True, 1
        fs.s_inodes.append(fs.root)
        fs.s_root = Dentry(journal, "/", None, fs.root, MOUNTED)
        return fs

    def new_inode(self, journal: Journal, name: str, size: int, sector: int) -> Inode:
        """A new file under a name that is free."""
        inode = self.inodes[name] = _new_inode(journal, self.next_ino, name, size, sector)
        self.next_ino += 1
        return inode

    def take_blocks(self, number: int) -> int:
        """So many free blocks in a row; the sector of the first."""
        sector = self.next_sector
        self.next_sector += number * SECTORS_PER_PAGE
        return sector


@dataclass(frozen=True, slots=True)
class Path:
    """Where a walk has come to, with a reference to the dentry."""

    dentry: Dentry
    slash: bool = False  # the path ends in a slash, so it must be a directory's

    @property
    def inode(self) -> Inode | None:
        """What the name leads to; None: there is no such file."""
        return self.dentry.d_inode

    @property
    def existing(self) -> Inode:
        """The same, where it is known that there is one."""
        assert self.dentry.d_inode is not None
        return self.dentry.d_inode


def _new_inode(journal: Journal, ino: int, name: str, size: int, sector: int, directory: bool = False) -> Inode:
    inode = Inode(journal, i_ino=ino, name=name, i_size=size, sector=sector, directory=directory)
    inode.i_mapping = AddressSpace(journal, inode=inode, _a_ops=ext4_da_aops)
    return inode


def is_proc(path: str) -> bool:
    """Whether a path leads into /proc or /sys."""
    return path.startswith(("/proc/", "/sys/"))


@kernel_function
async def link_path_walk(k: Machine, path: str) -> Path | int:
    """Walk a path, absolute or from /mnt, up to its last name; may sleep. A negative errno if it leads nowhere.

    -ENOENT when a directory on the way is missing (or the path is empty), -ENOTDIR when a name on the way is a file's,
    -ENAMETOOLONG for a name above 255 bytes or a path above 4095.
    """
    if len(path.encode()) >= PATH_MAX:
        return -ENAMETOOLONG
    if not path:
        return -ENOENT
    if is_proc(path):
        raise NotModelled(f"{path}: with files of /proc and /sys, only open() is modelled, and what it leads to.")
    root = k.fs.s_root
    assert root is not None
    at: Dentry | None = None if path.startswith("/") else root  # None: above /mnt
    for name in [part for part in path.split("/") if part]:
        if at is not None and at is not root:
            error = -ENOENT if at.d_inode is None else -ENOTDIR
            dput(k, at)
            return error
        if len(name.encode()) > NAME_MAX:
            return -ENAMETOOLONG
        if name in (".", ".."):
            at = at if name == "." else None
        elif at is not None:
            at = await lookup(k, root, name)
        elif name == WORKING_DIRECTORY[1:]:
            at = root
        else:
            return -ENOENT
    if at is None:
        return -ENOENT
    return Path(dget(root) if at is root else at, path.endswith("/"))


async def lookup(k: Machine, parent: Dentry, name: str) -> Dentry:
    """The dentry of a name in /mnt, with a reference; may sleep. Made if it is not in memory (lookup_fast, _slow)."""
    dentry = d_lookup(k, parent, name)
    if dentry is None:
        dentry = d_alloc(k, parent, name)
        await ext4_lookup(k, dentry)
    return dentry


@kernel_function(file="fs/ext4/namei.c")
async def ext4_lookup(k: Machine, dentry: Dentry) -> None:
    """Look the name up in the directory, and get its inode into memory; may sleep.

    The first time, a block of the disk is read for that; its page takes a place in the pagevec, and the group pays.
    """
    if not k.fs.directory_read:
        k.fs.directory_read = True
        await mem_cgroup_charge_other(k, GFP_NOFS)
        lru_cache_add_other(k)
    inode = k.fs.inodes.get(dentry.d_name)
    d_splice_alias(k, None if inode is None else iget_locked(k, inode), dentry)


async def getname(k: Machine, path: str) -> str | int:
    """A copy of the path that a program names, for it could change the original meanwhile; may sleep. Or -EFAULT."""
    if not isinstance(path, UserPath):  # the kernel's own
        return path
    name = await strncpy_from_user(k, path.address, PATH_MAX)
    return name if isinstance(name, int) else name.decode("utf-8", "replace")


async def filename_lookup(k: Machine, path: str) -> Path | int:
    """Where a path leads to, if there is a file; may sleep. Otherwise a negative errno."""
    name = await getname(k, path)
    found = name if isinstance(name, int) else await link_path_walk(k, name)
    if isinstance(found, int):
        return found
    error = -ENOENT if found.inode is None else -ENOTDIR if found.slash and not found.inode.directory else 0
    if error:
        dput(k, found.dentry)
        return error
    return found


@kernel_function(file="fs/ext4/namei.c")
def ext4_create(k: Machine, dentry: Dentry, mode: int) -> Inode:
    """A new, empty file: an inode and an entry in the directory. Blocks come when something is written back."""
    inode = k.fs.new_inode(k.journal, dentry.d_name, 0, 0)
    inode._i_mode = mode & 0o7777 & ~k.current._umask
    inode._transaction = inode._datasync = True
    d_instantiate(k, dentry, iget_locked(k, inode))
    k.stage("note", f"{inode.name} is a new file: inode {inode.i_ino}, no bytes, no blocks")
    return inode


@kernel_function
async def sys_unlink(k: Machine, path: str) -> int:
    """Take a name away; may sleep. The file itself stays for as long as it is open or mapped somewhere.

    -EISDIR for a directory.
    """
    found = await filename_lookup(k, path)
    if isinstance(found, int):
        return found
    dentry, inode = found.dentry, found.existing
    if inode.directory:
        dput(k, dentry)
        return -EISDIR
    del k.fs.inodes[inode.name]
    inode.i_nlink = 0
    inode._evict_inode = evict_later
    inode.i_count += 1
    used = dentry.d_count > 1
    k.stage("note", f"the name {inode.name} is gone" + ("; open files still lead to the inode" if used else ""))
    d_delete(k, dentry)
    dput(k, dentry)
    iput(k, inode)
    return 0
