"""Simulated memory as C library functions reach it: whole pages where they are at hand."""

from __future__ import annotations

from types import FrameType
from typing import TYPE_CHECKING

from webapp.kernel.errors import RunLimit
from webapp.program.image import PAGE_SHIFT, PAGE_SIZE

if TYPE_CHECKING:
    from webapp.program.process import Process
    from webapp.program.runtime import Runtime

MASK = 0xFFFFFFFF
LONGEST_STRING = 1 << 20


class Memory:
    """Bytes of the running program, read and written on behalf of a C library function."""

    def __init__(self, process: Process, runtime: Runtime) -> None:
        self.process, self.runtime, self.cpu = process, runtime, runtime.cpu
        self.name = process.program.name

    async def page(self, line: int, frame: FrameType, address: int, write: bool) -> bytearray | None:
        """The page of an address, if it can be had whole; asking costs fuel, as copying costs time."""
        table = self.cpu.writable if write else self.cpu.readable
        self.cpu.fuel -= 1
        if self.cpu.fuel < 0:
            self.runtime.tell(line, frame)
            await self.cpu.out_of_fuel()
        found = table.get(address >> PAGE_SHIFT)
        if found is None and not write:
            await self.runtime.load(line, address, 1, frame)
            found = table.get(address >> PAGE_SHIFT)
        return found

    async def read(self, line: int, frame: FrameType, address: int, size: int) -> bytes:
        """``size`` bytes, from low to high addresses."""
        out = bytearray()
        while len(out) < size:
            at = address + len(out) & MASK
            page = await self.page(line, frame, at, write=False)
            if page is None:
                out.append(await self.runtime.load(line, at, 1, frame))
            else:
                start = at & (PAGE_SIZE - 1)
                out += page[start : start + size - len(out)]
        return bytes(out)

    async def write(self, line: int, frame: FrameType, address: int, content: bytes) -> None:
        """Put ``content`` at an address, from low to high."""
        done = 0
        while done < len(content):
            at = address + done & MASK
            page = await self.page(line, frame, at, write=True)
            if page is None:
                await self.runtime.store(line, at, 1, content[done], frame)
                done += 1
            else:
                start = at & (PAGE_SIZE - 1)
                piece = content[done : done + PAGE_SIZE - start]
                page[start : start + len(piece)] = piece
                done += len(piece)

    async def until(self, line: int, frame: FrameType, address: int, stop: bytes, most: int) -> bytes:
        """The bytes before the first that is one of ``stop``, or ``most`` of them."""
        out = bytearray()
        while len(out) < most:
            at = address + len(out) & MASK
            room = min(most - len(out), PAGE_SIZE - (at & (PAGE_SIZE - 1)))
            piece = await self.read(line, frame, at, room)
            ends = [end for char in stop if (end := piece.find(char)) >= 0]
            if ends:
                return bytes(out + piece[: min(ends)])
            out += piece
            if len(out) > LONGEST_STRING:
                raise RunLimit(f"{self.name}:{line}: this string has no end within {LONGEST_STRING} bytes.")
        return bytes(out)

    async def string(self, line: int, frame: FrameType, address: int, most: int = 1 << 32) -> bytes:
        """A string, without its closing zero."""
        return await self.until(line, frame, address, b"\0", most)
