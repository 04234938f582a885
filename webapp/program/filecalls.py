"""The C library's wrappers around the calls on files: they differ from the kernel's calls in a few details.

* An error becomes -1 and errno, except for posix_fadvise(), which returns the errno itself.
* Offsets have 32 bits unless _FILE_OFFSET_BITS is 64. The wrappers ``..64`` are for those programs; the kernel's
  calls have 64-bit offsets anyway.
* The struct that stat() fills is not the kernel's, unless offsets have 64 bits.
"""

from __future__ import annotations

import sys
from types import FrameType

from webapp.kernel.fs.namei import PATH_MAX
from webapp.kernel.include.linux.uio import UserPath
from webapp.program.constants import ERRNO, OPEN
from webapp.program.image import STAT_BUFFER, STAT_SIZE
from webapp.program.wrappers import Wrappers

MASK = 0xFFFFFFFF
LARGEST_OFFSET = 0x7FFFFFFF
# Parts of the kernel's struct stat64 that make up the C library's struct stat, as (from, bytes).
SMALL_STAT = ((0, 12), (96, 4), (16, 24), (0, 0), (48, 4), (56, 4), (64, 4), (72, 24))


class FileCalls(Wrappers):
    """Calls that take a path, an offset, or a struct."""

    def failed(self, number: int) -> int:
        """Set errno, and what to return."""
        self.set_errno(number)
        return -1

    def path(self, address: int) -> UserPath:
        """The path at an address, which the C library passes on unseen."""
        seen = bytearray()
        while len(seen) < PATH_MAX and (byte := self.cpu.peek(address + len(seen) & MASK)):
            seen.append(byte)
        return UserPath.at(address, seen.decode("utf-8", "replace"))

    async def x_open(self, line: int, path: int, flags: int, mode: int = 0) -> int:
        return await self.open(line, sys._getframe(1), path, flags, mode)

    async def x_open64(self, line: int, path: int, flags: int, mode: int = 0) -> int:
        return await self.open(line, sys._getframe(1), path, flags | OPEN["O_LARGEFILE"], mode)

    async def open(self, line: int, frame: FrameType, path: int, flags: int, mode: int) -> int:
        modes = [mode] if flags & OPEN["O_CREAT"] else []
        return await self.syscall(line, frame, "open", self.path(path), flags, *modes)

    async def x_unlink(self, line: int, path: int) -> int:
        return await self.syscall(line, sys._getframe(1), "unlink", self.path(path))

    async def x_truncate(self, line: int, path: int, length: int) -> int:
        return await self.syscall(line, sys._getframe(1), "truncate64", self.path(path), length)

    x_truncate64 = x_truncate

    async def x_ftruncate(self, line: int, fd: int, length: int) -> int:
        return await self.syscall(line, sys._getframe(1), "ftruncate", fd, length)

    async def x_ftruncate64(self, line: int, fd: int, length: int) -> int:
        return await self.syscall(line, sys._getframe(1), "ftruncate64", fd, length)

    async def x_lseek(self, line: int, fd: int, offset: int, whence: int) -> int:
        result = await self.syscall(line, sys._getframe(1), "_llseek", fd, offset, whence)
        return result if result <= LARGEST_OFFSET else self.failed(ERRNO["EOVERFLOW"])

    async def x_lseek64(self, line: int, fd: int, offset: int, whence: int) -> int:
        return await self.syscall(line, sys._getframe(1), "_llseek", fd, offset, whence)

    async def x_pread(self, line: int, fd: int, buffer: int, size: int, offset: int) -> int:
        return await self.syscall(line, sys._getframe(1), "pread64", fd, buffer, size, offset)

    async def x_pwrite(self, line: int, fd: int, buffer: int, size: int, offset: int) -> int:
        return await self.syscall(line, sys._getframe(1), "pwrite64", fd, buffer, size, offset)

    async def x_preadv(self, line: int, fd: int, vec: int, count: int, offset: int) -> int:
        return await self.syscall(line, sys._getframe(1), "preadv", fd, vec, count, offset)

    async def x_pwritev(self, line: int, fd: int, vec: int, count: int, offset: int) -> int:
        return await self.syscall(line, sys._getframe(1), "pwritev", fd, vec, count, offset)

    x_pread64, x_pwrite64, x_preadv64, x_pwritev64 = x_pread, x_pwrite, x_preadv, x_pwritev

    async def x_sync_file_range(self, line: int, fd: int, offset: int, size: int, flags: int) -> int:
        return await self.syscall(line, sys._getframe(1), "sync_file_range", fd, offset, size, flags)

    async def x_readahead(self, line: int, fd: int, offset: int, count: int) -> int:
        return await self.syscall(line, sys._getframe(1), "readahead", fd, offset, count)

    async def x_posix_fadvise(self, line: int, fd: int, offset: int, length: int, advice: int) -> int:
        self.runtime.tell(line, sys._getframe(1))
        return -await self.cpu.syscall("arm_fadvise64_64", fd, advice, offset, length)

    x_posix_fadvise64 = x_posix_fadvise

    async def x_stat64(self, line: int, path: int, buffer: int) -> int:
        return await self.syscall(line, sys._getframe(1), "stat64", self.path(path), buffer)

    async def x_fstat64(self, line: int, fd: int, buffer: int) -> int:
        return await self.syscall(line, sys._getframe(1), "fstat64", fd, buffer)

    async def x_stat(self, line: int, path: int, buffer: int) -> int:
        frame = sys._getframe(1)
        if await self.syscall(line, frame, "stat64", self.path(path), STAT_BUFFER):
            return -1
        return await self.small_stat(line, frame, buffer)

    async def x_fstat(self, line: int, fd: int, buffer: int) -> int:
        frame = sys._getframe(1)
        if await self.syscall(line, frame, "fstat64", fd, STAT_BUFFER):
            return -1
        return await self.small_stat(line, frame, buffer)

    async def small_stat(self, line: int, frame: FrameType, buffer: int) -> int:
        """Turn the kernel's struct into the program's; EOVERFLOW if the size does not fit."""
        large = bytes(self.cpu.peek(STAT_BUFFER + at) for at in range(STAT_SIZE))
        if int.from_bytes(large[48:56], "little") > LARGEST_OFFSET:
            return self.failed(ERRNO["EOVERFLOW"])
        fields = [large[at : at + size] for at, size in SMALL_STAT]
        fields[3] = bytes(4)  # padding
        await self.write(line, frame, buffer, b"".join(fields) + bytes(8))
        return 0
