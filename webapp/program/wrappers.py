"""System calls as the C library makes them: -1 and errno after an error, and results through pointers."""

from __future__ import annotations

from types import FrameType

from webapp.program.image import ERRNO as ERRNO_ADDRESS
from webapp.program.stdio import Stdio

MASK = 0xFFFFFFFF
LAST_ERRNO = 4095


class Wrappers(Stdio):
    """What all wrappers around system calls need."""

    async def syscall(self, line: int, frame: FrameType, name: str, *args: int | str) -> int:
        """A system call as its wrapper in the C library makes it: -1 and errno after an error."""
        self.runtime.tell(line, frame)
        result = await self.cpu.syscall(name, *args)
        if -LAST_ERRNO <= result < 0:
            self.set_errno(-result)
            return -1
        return result

    def set_errno(self, number: int) -> None:
        self.runtime.fill(ERRNO_ADDRESS, number.to_bytes(4, "little"))

    def errno(self) -> int:
        return sum(self.cpu.peek(ERRNO_ADDRESS + i) << 8 * i for i in range(4))

    async def words(self, line: int, frame: FrameType, address: int, count: int) -> list[int]:
        """Words of the program's memory."""
        content = await self.read(line, frame, address, 4 * count)
        return [int.from_bytes(content[at : at + 4], "little") for at in range(0, 4 * count, 4)]

    async def put_words(self, line: int, frame: FrameType, address: int, *words: int) -> None:
        """Store words in the program's memory."""
        await self.write(line, frame, address, b"".join((word & MASK).to_bytes(4, "little") for word in words))
