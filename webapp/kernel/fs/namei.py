"""The disk's one directory, /mnt: every file lies in one extent of neighbouring sectors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SIZE
from webapp.kernel.fs.ext4.inode import ext4_da_aops
from webapp.kernel.include.linux.bio import SECTORS_PER_PAGE
from webapp.kernel.include.linux.fs import AddressSpace, Inode

if TYPE_CHECKING:
    from webapp.kernel.journal import Journal

FIRST_SECTOR = 20648  # where the first file begins
FIRST_INO = 12  # of the first ordinary file on an ext4 file system
ROOT_INO = 2
WORKING_DIRECTORY = "/mnt"


@dataclass
class Filesystem:
    """The inodes of /mnt by name."""

    inodes: dict[str, Inode] = field(default_factory=dict)
    root: Inode | None = None
    directory_read: bool = False  # the block that lists the names is in memory
    wb_err: int = 0  # s_wb_err: the errseq of failed writes of all files
    committed: bool = False  # the sync(2) under way has made the journal commit

    @classmethod
    def make(cls, journal: Journal, files: dict[str, int]) -> Filesystem:
        """A file system with these files; sizes in bytes."""
        fs = cls()
        sector = FIRST_SECTOR
        for number, (name, size) in enumerate(files.items()):
            fs.inodes[name] = _new_inode(journal, FIRST_INO + number, name, size, sector)
            sector += -(-size // PAGE_SIZE) * SECTORS_PER_PAGE
        fs.root = _new_inode(journal, ROOT_INO, ".", PAGE_SIZE, 0, directory=True)
        return fs

    def lookup(self, path: str) -> Inode | None:
        """The inode for a path relative to /mnt or absolute; None when there is none."""
        if not path.startswith("/"):
            path = f"{WORKING_DIRECTORY}/{path}"
        parts: list[str] = []
        for part in path.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in ("", "."):
                parts.append(part)
        if parts == [WORKING_DIRECTORY[1:]]:
            return self.root
        return self.inodes.get(parts[1]) if len(parts) == 2 and parts[0] == WORKING_DIRECTORY[1:] else None


def _new_inode(journal: Journal, ino: int, name: str, size: int, sector: int, directory: bool = False) -> Inode:
    inode = Inode(journal, i_ino=ino, name=name, i_size=size, sector=sector, directory=directory)
    inode.i_mapping = AddressSpace(journal, inode=inode, _a_ops=ext4_da_aops)
    return inode
