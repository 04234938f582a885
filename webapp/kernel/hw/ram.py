"""Physical memory: 4 KiB frames that come into being, zeroed, when they are first used.

Rules for callers: addresses are physical bytes; words are 32 bits, little endian, aligned.
"""

from __future__ import annotations

from struct import Struct

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE

_WORD = Struct("<I")


class Ram:
    """The frames of one machine, by frame number (pfn)."""

    def __init__(self) -> None:
        self.frames: dict[int, bytearray] = {}

    def frame(self, pfn: int) -> bytearray:
        """The 4096 bytes of a frame; writing to them writes memory."""
        held = self.frames.get(pfn)
        if held is None:
            held = self.frames[pfn] = bytearray(PAGE_SIZE)
        return held

    def word(self, address: int) -> int:
        """The word at a physical address."""
        held = self.frames.get(address >> PAGE_SHIFT)
        return 0 if held is None else int(_WORD.unpack_from(held, address & (PAGE_SIZE - 1))[0])

    def set_word(self, address: int, value: int) -> None:
        """Write the word at a physical address."""
        _WORD.pack_into(self.frame(address >> PAGE_SHIFT), address & (PAGE_SIZE - 1), value)

    def clear(self, pfn: int) -> None:
        """Zero a frame (the kernel is built to hand out zeroed pages)."""
        self.frames.pop(pfn, None)
