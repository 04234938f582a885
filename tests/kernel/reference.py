"""What memory must hold, in a few lines of Python: bytes of files, private copies, and which page is which."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.kernel.hw.medium import content
from webapp.kernel.machine import Machine

PAGE = 4096


@dataclass
class Slot:
    """One mapped page: bytes from ``at`` of ``backing``, or the mapping's own copy of them."""

    backing: bytearray
    at: int
    private: bool
    copy: bytearray | None = None

    def bytes(self) -> bytearray | memoryview:
        if self.copy is not None:
            return self.copy
        return memoryview(self.backing)[self.at : self.at + PAGE]


class Memory:
    """Files and mappings as a program should find them."""

    def __init__(self, k: Machine) -> None:
        self.files = {
            name: bytearray(b"".join(content(inode, i) for i in range(-(-inode.i_size // PAGE))))
            for name, inode in k.fs.inodes.items()
        }
        self.slots: dict[int, Slot] = {}

    def map(self, address: int, pages: int, name: str, pgoff: int, private: bool) -> None:
        backing = self.files[name] if name else bytearray(pages * PAGE)
        for i in range(pages):
            self.slots[(address >> 12) + i] = Slot(backing, (pgoff + i) * PAGE, private)

    def unmap(self, address: int, pages: int) -> None:
        for i in range(pages):
            self.slots.pop((address >> 12) + i, None)

    def move(self, old: int, new: int, pages: int) -> None:
        for i in range(pages):
            slot = self.slots.pop((old >> 12) + i, None)
            if slot is not None:
                self.slots[(new >> 12) + i] = slot

    def dontneed(self, address: int, pages: int) -> None:
        for i in range(pages):
            slot = self.slots.get((address >> 12) + i)
            if slot is not None:
                slot.copy = None

    def load(self, address: int) -> int:
        return self.slots[address >> 12].bytes()[address & (PAGE - 1)]

    def store(self, address: int, value: int) -> None:
        slot = self.slots[address >> 12]
        if slot.private and slot.copy is None:
            slot.copy = bytearray(slot.bytes())
        slot.bytes()[address & (PAGE - 1)] = value

    def check_files(self, k: Machine) -> None:
        """Every page of every file has the right bytes: in the page cache if it is there, else on the disk."""
        for name, inode in k.fs.inodes.items():
            for index in range(len(self.files[name]) // PAGE):
                page = inode.mapping._pages.get(index)
                held = content(inode, index) if page is None or not page.flags & 4 else bytes(k.ram.frame(page.pfn))
                assert held == self.files[name][index * PAGE : (index + 1) * PAGE], (name, index)
