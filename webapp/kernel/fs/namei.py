"""Names: the disk's one directory, /mnt, and how a path leads to an inode.

A file that is there from the start lies in one extent of neighbouring sectors. New blocks come from behind the last
file, in the order in which they are asked for. A name leads to an inode; an inode lives until it has neither names nor
open files.

Linux 5.10: fs/namei.c, fs/ext4/namei.c.  Not modelled: making directories, links, renaming, permissions (root may all).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.fs.ext4.inode import evict_later, ext4_da_aops
from webapp.kernel.include.linux.bio import SECTORS_PER_PAGE
from webapp.kernel.include.linux.fs import AddressSpace, Extent, Inode
from webapp.kernel.include.uapi.asm_generic.errno import EISDIR, ENAMETOOLONG, ENOENT, ENOTDIR
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.swap import lru_cache_add_other

if TYPE_CHECKING:
    from webapp.kernel.journal import Journal
    from webapp.kernel.machine import Machine

FIRST_SECTOR = 20648  # where the first file begins
FIRST_INO = 12  # of the first ordinary file on an ext4 file system
ROOT_INO = 2
WORKING_DIRECTORY = "/mnt"
PATH_MAX, NAME_MAX = 4096, 255  # bytes; PATH_MAX with the closing zero


@dataclass
class Filesystem:
    """The inodes of /mnt by name, and where on the disk new blocks come from."""

    inodes: dict[str, Inode] = field(default_factory=dict)
    root: Inode | None = None
    directory_read: bool = False  # the block that lists the names is in memory
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
    """Where a walk has come to: the last name, whether it is in /mnt, and its inode if it has one."""

    name: str
    inode: Inode | None
    slash: bool = False  # the path ends in a slash, so it must be a directory's


def _new_inode(journal: Journal, ino: int, name: str, size: int, sector: int, directory: bool = False) -> Inode:
    inode = Inode(journal, i_ino=ino, name=name, i_size=size, sector=sector, directory=directory)
    inode.i_mapping = AddressSpace(journal, inode=inode, _a_ops=ext4_da_aops)
    return inode


@kernel_function
def link_path_walk(k: Machine, path: str) -> Path | int:
    """Walk a path, absolute or from /mnt, up to its last name. A negative errno if it leads nowhere.

    -ENOENT when a directory on the way is missing (or the path is empty), -ENOTDIR when a name on the way is a file's,
    -ENAMETOOLONG for a name above 255 bytes or a path above 4095.
    """
    if len(path.encode()) >= PATH_MAX:
        return -ENAMETOOLONG
    if not path:
        return -ENOENT
    parts = [part for part in path.split("/") if part]
    in_mnt, inode = not path.startswith("/"), k.fs.root
    name = "."
    for at, name in enumerate(parts):
        if inode is not None and not inode.directory:
            return -ENOTDIR
        if len(name.encode()) > NAME_MAX:
            return -ENAMETOOLONG
        if name in (".", ".."):
            in_mnt = in_mnt and name == "."
        elif not in_mnt:
            in_mnt = name == WORKING_DIRECTORY[1:]
            inode = k.fs.root if in_mnt else None
        else:
            inode = lookup(k, name)
        if inode is None and (at < len(parts) - 1 or not in_mnt):
            return -ENOENT
    return Path(name if inode is None or not inode.directory else ".", inode, path.endswith("/"))


def lookup(k: Machine, name: str) -> Inode | None:
    """Look a name up in /mnt. The first time, the directory's block is read; that takes a place in the pagevec."""
    if not k.fs.directory_read:
        k.fs.directory_read = True
        lru_cache_add_other(k)
    return k.fs.inodes.get(name)


def filename_lookup(k: Machine, path: str) -> Inode | int:
    """The inode that a path leads to, or a negative errno."""
    found = link_path_walk(k, path)
    if isinstance(found, int):
        return found
    if found.inode is None:
        return -ENOENT
    return -ENOTDIR if found.slash and not found.inode.directory else found.inode


@kernel_function(file="fs/ext4/namei.c")
def ext4_create(k: Machine, name: str, mode: int) -> Inode:
    """A new, empty file: an inode and an entry in the directory. Blocks come when something is written back."""
    inode = k.fs.new_inode(k.journal, name, 0, 0)
    inode._i_mode = mode & 0o7777 & ~k.current._umask
    inode._transaction = inode._datasync = True
    k.stage("note", f"{name} is a new file: inode {inode.i_ino}, no bytes, no blocks")
    return inode


@kernel_function
def sys_unlink(k: Machine, path: str) -> int:
    """Take a name away. The file itself stays for as long as it is open or mapped somewhere.

    -EISDIR for a directory.
    """
    found = filename_lookup(k, path)
    if isinstance(found, int):
        return found
    if found.directory:
        return -EISDIR
    del k.fs.inodes[found.name]
    found.i_nlink = 0
    found._evict_inode = evict_later
    k.stage("note", f"the name {found.name} is gone; {found._i_count} open files still lead to the inode")
    if not found._i_count:
        evict_later(k, found)
    return 0
