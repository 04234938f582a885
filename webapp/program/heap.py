"""malloc and its family, after glibc: small blocks from the heap, which brk makes grow; large ones by mmap.

Every block has a chunk header of 8 bytes before it: the size of the chunk in the word right before the block, with
flags in its lowest bits. Freed chunks are used again, those of the same size first; neighbours that are free are
joined, and a large free end of the heap is given back.

Not modelled: several arenas; the exact order in which glibc's bins are searched.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import TYPE_CHECKING

from webapp.program.constants import ERRNO
from webapp.program.headers import STREAMS
from webapp.program.image import ARENA_LEFT, PAGE_SIZE
from webapp.program.processes import Processes
from webapp.program.wrappers import MASK

if TYPE_CHECKING:
    from webapp.program.process import Process
    from webapp.program.runtime import Runtime

HEADER, ALIGN, LEAST = 8, 8, 16  # bytes: of a chunk's header, of sizes, of a chunk
PREV_INUSE, IS_MMAPPED = 1, 2
TOP_PAD = 128 << 10  # what brk gets on top of what is asked for
TRIM_THRESHOLD = 128 << 10
FIRST_THRESHOLD, MOST_THRESHOLD = 128 << 10, 512 << 10  # blocks of this size on come by mmap
LARGEST = 0x7FFFFFFF
PROT_RW, MAP_PRIVATE_ANON = 3, 0x22
MREMAP_MAYMOVE = 1
CACHED = 7  # freed chunks of one size that are kept as they are


@dataclass
class Chunks:
    """What malloc knows: chunks by address (of the header), those that are free, and the rest of the heap, ``top``."""

    sizes: dict[int, int] = field(default_factory=dict)
    free: dict[int, int] = field(default_factory=dict)
    cached: dict[int, list[int]] = field(default_factory=dict)  # by size, the latest last
    mapped: dict[int, int] = field(default_factory=dict)  # of their own: header -> bytes
    top: int = 0
    end: int = 0
    threshold: int = FIRST_THRESHOLD
    trim: int = TRIM_THRESHOLD

    def copy(self) -> Chunks:
        """For a child of fork."""
        cached = {size: list(chunks) for size, chunks in self.cached.items()}
        return replace(self, sizes=dict(self.sizes), free=dict(self.free), cached=cached, mapped=dict(self.mapped))

    def fitting(self, size: int) -> int | None:
        """Take a free chunk of at least ``size`` bytes, the smallest; what is left of it stays free."""
        fits = [(have, at) for at, have in self.free.items() if have >= size]
        if not fits:
            return None
        have, at = min(fits)
        del self.free[at]
        if have - size >= LEAST:
            self.free[at + size] = have - size
            have = size
        self.sizes[at] = have
        return at

    def release(self, at: int) -> None:
        """A chunk is free: join it with free neighbours, or with the rest of the heap."""
        size = self.sizes.pop(at)
        before = next((start for start, have in self.free.items() if start + have == at), None)
        if before is not None:
            at, size = before, size + self.free.pop(before)
        size += self.free.pop(at + size, 0)
        if at + size == self.top:
            self.top = at
        else:
            self.free[at] = size


def chunk_size(wanted: int) -> int:
    """Bytes of the chunk for a block: a header word more, rounded up."""
    return max(LEAST, (wanted + 4 + ALIGN - 1) & ~(ALIGN - 1))


class Heap(Processes):
    """The functions."""

    def __init__(self, process: Process, runtime: Runtime) -> None:
        super().__init__(process, runtime)
        end = process.image.heap_end
        self.chunks = Chunks(top=end - ARENA_LEFT, end=end)

    async def x_malloc(self, line: int, size: int) -> int:
        return await self.allocate(line, sys._getframe(1), size)

    async def x_calloc(self, line: int, count: int, size: int) -> int:
        frame = sys._getframe(1)
        known = self.chunks.top
        block = await self.allocate(line, frame, count * size)
        if block and block - HEADER not in self.chunks.mapped:
            if block - HEADER < known:  # what comes from the end of the heap is zero already
                await self.clear(line, frame, block, count * size)
        return block

    async def clear(self, line: int, frame: FrameType, at: int, size: int) -> None:
        """Zeros, a page at a time."""
        for start in range(0, size, PAGE_SIZE):
            await self.write(line, frame, at + start, bytes(min(PAGE_SIZE, size - start)))

    async def x_realloc(self, line: int, block: int, size: int) -> int:
        frame = sys._getframe(1)
        if not block:
            return await self.allocate(line, frame, size)
        if not size:
            await self.give_back(line, frame, block)
            return 0
        return await self.resize(line, frame, block, size)

    async def x_free(self, line: int, block: int) -> int:
        if block:
            await self.give_back(line, sys._getframe(1), block)
        return 0

    async def x_sbrk(self, line: int, increment: int) -> int:
        frame = sys._getframe(1)
        before = await self.syscall(line, frame, "brk", 0)
        if increment and await self.syscall(line, frame, "brk", before + increment & MASK) != before + increment:
            self.set_errno(ERRNO["ENOMEM"])
            return MASK
        return before

    async def x_brk(self, line: int, end: int) -> int:
        if await self.syscall(line, sys._getframe(1), "brk", end) >= end:
            return 0
        self.set_errno(ERRNO["ENOMEM"])
        return -1

    # How it is done.

    async def allocate(self, line: int, frame: FrameType, wanted: int) -> int:
        """A block of ``wanted`` bytes, or 0 and ENOMEM."""
        chunks, size = self.chunks, chunk_size(wanted)
        if wanted > LARGEST:
            self.set_errno(ERRNO["ENOMEM"])
            return 0
        cached = chunks.cached.get(size)
        at = cached.pop() if cached else chunks.fitting(size)
        if at is None and size > chunks.end - chunks.top - LEAST:
            if size >= chunks.threshold:
                return await self.map_block(line, frame, wanted)
            if not await self.grow(line, frame, size):
                return await self.map_block(line, frame, wanted)
        if at is None:
            at = chunks.top
            chunks.top += size
            chunks.sizes[at] = size
        await self.put_words(line, frame, at + 4, chunks.sizes[at] | PREV_INUSE)
        if at + size == chunks.top:
            await self.put_words(line, frame, chunks.top + 4, chunks.end - chunks.top | PREV_INUSE)
        return at + HEADER

    async def grow(self, line: int, frame: FrameType, size: int) -> bool:
        """Ask for more heap: what is wanted, and 128 KiB more."""
        chunks = self.chunks
        missing = size + TOP_PAD + LEAST - (chunks.end - chunks.top)
        end = chunks.end + (missing + PAGE_SIZE - 1 & ~(PAGE_SIZE - 1))
        if await self.syscall(line, frame, "brk", end) != end:
            return False
        chunks.end = end
        return True

    async def map_block(self, line: int, frame: FrameType, wanted: int) -> int:
        """A mapping of its own; the block begins behind the header, 8 bytes into its first page."""
        size = chunk_size(wanted) + 4 + PAGE_SIZE - 1 & ~(PAGE_SIZE - 1)
        at = await self.syscall(line, frame, "mmap", 0, size, PROT_RW, MAP_PRIVATE_ANON, -1, 0) & MASK
        if at == MASK:
            return 0
        self.chunks.mapped[at] = size
        await self.put_words(line, frame, at + 4, size | IS_MMAPPED)
        return at + HEADER

    async def give_back(self, line: int, frame: FrameType, block: int) -> None:
        """free(): a mapping is unmapped, and its size is from now on taken from the heap; a chunk is kept for reuse."""
        chunks, at = self.chunks, block - HEADER & MASK
        await self.words(line, frame, at + 4, 1)  # the size: after a fork or at a bad address, reading it may fault
        if at in chunks.mapped:
            size = chunks.mapped.pop(at)
            if chunks.threshold < size <= MOST_THRESHOLD:
                chunks.threshold, chunks.trim = size, 2 * size
            await self.syscall(line, frame, "munmap", at, size)
            return
        size = chunks.sizes.get(at, 0)
        if not size or at in chunks.cached.get(size, []):
            what = "double free or corruption" if size else "free(): invalid pointer"
            await self.complain(line, frame, what)
            return
        cached = chunks.cached.setdefault(size, [])
        if size <= 520 and len(cached) < CACHED:
            cached.append(at)
            return
        chunks.release(at)
        if chunks.end - chunks.top > chunks.trim:
            keep = chunks.end - chunks.top - LEAST - 1 - TOP_PAD & ~(PAGE_SIZE - 1)
            if keep > 0:
                await self.syscall(line, frame, "brk", chunks.end - keep)
                chunks.end -= keep

    async def complain(self, line: int, frame: FrameType, what: str) -> None:
        """What glibc does with a pointer that it did not give out: say so and abort."""
        self.show(line, frame, STREAMS["stderr"], f"{what}\n")
        await self.abort(line, frame)

    async def resize(self, line: int, frame: FrameType, block: int, wanted: int) -> int:
        """realloc(): in place if the chunk is large enough or lies before the rest of the heap, else by a copy."""
        chunks, at, size = self.chunks, block - HEADER & MASK, chunk_size(wanted)
        await self.words(line, frame, at + 4, 1)
        if at in chunks.mapped:
            return await self.remap_block(line, frame, at, wanted)
        have = chunks.sizes.get(at, 0)
        if not have:
            await self.complain(line, frame, "realloc(): invalid pointer")
        if size <= have:
            return block
        if at + have == chunks.top and size - have < chunks.end - chunks.top - LEAST:
            chunks.sizes[at] = size
            chunks.top = at + size
            await self.put_words(line, frame, at + 4, size | PREV_INUSE)
            return block
        new = await self.allocate(line, frame, wanted)
        if new:
            await self.move(line, frame, new, block, have - 4)
            await self.give_back(line, frame, block)
        return new

    async def remap_block(self, line: int, frame: FrameType, at: int, wanted: int) -> int:
        """A mapping changes its size by mremap, which may move it."""
        chunks, old = self.chunks, self.chunks.mapped[at]
        size = chunk_size(wanted) + 4 + PAGE_SIZE - 1 & ~(PAGE_SIZE - 1)
        if size == old:
            return at + HEADER
        moved = await self.syscall(line, frame, "mremap", at, old, size, MREMAP_MAYMOVE, 0) & MASK
        if moved == MASK:
            return 0
        del chunks.mapped[at]
        chunks.mapped[moved] = size
        await self.put_words(line, frame, moved + 4, size | IS_MMAPPED)
        return moved + HEADER

    async def move(self, line: int, frame: FrameType, target: int, source: int, size: int) -> None:
        """Copy a block, a page at a time."""
        for start in range(0, size, PAGE_SIZE):
            piece = await self.read(line, frame, source + start, min(PAGE_SIZE, size - start))
            await self.write(line, frame, target + start, piece)
