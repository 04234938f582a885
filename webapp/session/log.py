"""The recorded stages of one run, as the bytes that go over the wire.

Stages are encoded once. They are kept in blocks of 64, each the JSON of its stages joined by commas, with the
offset at which each stage ends; a batch is a cut through blocks and costs no decoding. Blocks that nobody is
about to read are compressed in groups by `pack`.

Rules for callers:
    * One thread at a time adds and packs; others may read meanwhile.
    * A `Seal` covers whole blocks only, so it does not depend on how the run was cut into slices.
"""

from __future__ import annotations

import threading
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

BLOCK = 64  # stages
GROUP = 16  # blocks compressed together
PACK_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Seal:
    """The first ``stages`` stages of a log (whole blocks) and the hash of their bytes."""

    stages: int
    chain: str


@dataclass(slots=True)
class Group:
    """Consecutive blocks compressed as one; ``ends`` are their ends in the plain bytes."""

    data: bytes
    ends: array[int]


class StageLog:
    """An append-only list of encoded stages."""

    def __init__(self, expected: Seal | None = None) -> None:
        """``expected`` is the seal of an earlier log of the run; `differs` tells whether this one departs from it."""
        self._expected = expected
        self.differs = False
        self._packed: list[Group] = []
        self._blocks: list[bytes] = []  # plain blocks, after the packed ones
        self._tail: list[bytes] = []
        self._moving = threading.Lock()  # blocks, from tail to list to packed group, while somebody reads them
        self._ends = array("I")  # of each stage, counted from the start of its block
        self._opened: tuple[int, list[bytes]] = (-1, [])  # the group unpacked last
        self._chain = blake2b(digest_size=16)
        self._offset = 0  # where the next stage starts in its block
        self._sealed_bytes = 0

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def nbytes(self) -> int:
        """Bytes of memory held, index included."""
        return self._sealed_bytes + self._offset + len(self._ends) * self._ends.itemsize

    def seal(self) -> Seal:
        """How many stages lie in whole blocks, and their hash."""
        return Seal(len(self._ends) - len(self._tail), self._chain.hexdigest())

    def append(self, stage: bytes) -> None:
        """Add one encoded stage."""
        self._tail.append(stage)
        self._offset += len(stage)
        self._ends.append(self._offset)
        self._offset += 1
        if len(self._tail) == BLOCK:
            self._seal()

    def extend(self, stages: Iterable[dict[str, Any]]) -> None:
        """Encode and add stages."""
        for stage in stages:
            self.append(orjson.dumps(stage))

    def cut(self, start: int, stop: int, most_bytes: int) -> tuple[bytes, int]:
        """Stages from ``start`` towards ``stop``, joined by commas, and where they end; at least one stage."""
        parts: list[bytes] = []
        size = 0
        at = start
        with self._moving:
            while at < min(stop, len(self)):
                part, after = self._cut_block(at, stop, most_bytes - size, bool(parts))
                if after == at:
                    break
                parts.append(part)
                size += len(part) + 1
                at = after
        return b",".join(parts), at

    def read(self, start: int, stop: int) -> list[dict[str, Any]]:
        """Stages ``start`` to ``stop`` (exclusive) as plain data."""
        text, _ = self.cut(start, stop, 1 << 62)
        stages: list[dict[str, Any]] = orjson.loads(b"[" + text + b"]")
        return stages

    def __iter__(self) -> Iterator[dict[str, Any]]:
        at = 0
        while at < len(self):
            yield from self.read(at, at + BLOCK)
            at = min(at + BLOCK, len(self))

    def pack(self, before: int) -> bool:
        """Compress one more group of blocks that end before stage ``before``; True if there was one."""
        first = len(self._packed) * GROUP * BLOCK
        if before < first + GROUP * BLOCK or len(self._blocks) < GROUP:
            return False
        blocks = self._blocks[:GROUP]
        ends = array("I")
        for block in blocks:
            ends.append((ends[-1] if ends else 0) + len(block))
        group = Group(zlib.compress(b"".join(blocks), PACK_LEVEL), ends)
        with self._moving:
            self._blocks = self._blocks[GROUP:]
            self._packed.append(group)
        self._sealed_bytes += len(group.data) - ends[-1]
        return True

    def _seal(self) -> None:
        block = b",".join(self._tail)
        self._chain.update(block)
        with self._moving:
            self._blocks.append(block)
            self._tail = []
            self._offset = 0
        self._sealed_bytes += len(block)
        if self._expected is not None and self._expected.stages == len(self._ends):
            self.differs = self._expected != self.seal()

    def _cut_block(self, at: int, stop: int, room: int, optional: bool) -> tuple[bytes, int]:
        """The part of one block from stage ``at`` on that fits into ``room`` bytes."""
        first = at - at % BLOCK
        last = min(stop, first + BLOCK, len(self))
        begin = self._ends[at - 1] + 1 if at > first else 0
        while last > at and self._ends[last - 1] - begin > room:
            last -= 1
        if last == at:
            if optional:
                return b"", at
            last = at + 1
        return self._block(at // BLOCK)[begin : self._ends[last - 1]], last

    def _block(self, number: int) -> bytes:
        """The plain bytes of a block, wherever they are kept."""
        group, inside = divmod(number, GROUP)
        if group < len(self._packed):
            return self._unpack(group)[inside]
        plain = number - len(self._packed) * GROUP
        return self._blocks[plain] if plain < len(self._blocks) else b",".join(self._tail)

    def _unpack(self, number: int) -> list[bytes]:
        """The blocks of a packed group; the last one read is kept."""
        if self._opened[0] != number:
            group = self._packed[number]
            data = zlib.decompress(group.data)
            starts = [0, *group.ends[:-1]]
            self._opened = (number, [data[a:b] for a, b in zip(starts, group.ends, strict=True)])
        return self._opened[1]
