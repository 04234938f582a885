"""What a read or write is about: the program's buffers, and the place in the file.  Fields only.

Linux 5.10: include/linux/uio.h, include/linux/fs.h
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from webapp.kernel.include.linux.fs import File

IOCB_APPEND, IOCB_DSYNC, IOCB_SYNC = 0x10, 0x2, 0x4  # ki_flags


class Iovec(NamedTuple):
    """struct iovec: one buffer of the program, ``len`` bytes from address ``base``."""

    base: int
    len: int


class UserPath(str):
    """A path that a program gives to a call: all that the call gets is the ``address``.

    As text it is what a debugger would see there now. The kernel looks for itself (`getname`), and may fault.
    """

    __slots__ = ("address",)
    address: int

    @classmethod
    def at(cls, address: int, seen: str) -> UserPath:
        """The path at an address."""
        path = cls(seen)
        path.address = address
        return path


@dataclass
class IovIter:
    """struct iov_iter: how far a copy is. ``count`` bytes are left, from ``iov_offset`` of the first buffer on."""

    iov: list[Iovec]
    count: int = field(init=False)
    iov_offset: int = 0

    def __post_init__(self) -> None:
        self.count = sum(segment.len for segment in self.iov)

    def brief(self) -> dict[str, int]:
        """What a stage shows of it."""
        return {"address": self.iov[0].base + self.iov_offset if self.iov else 0, "count": self.count}


@dataclass
class Kiocb:
    """struct kiocb: one read or write being carried out, at byte ``ki_pos`` of a file."""

    ki_filp: File
    ki_pos: int
    ki_flags: int = 0

    def brief(self) -> dict[str, int | str]:
        """What a stage shows of it."""
        return {"file": self.ki_filp.ref, "pos": self.ki_pos}
