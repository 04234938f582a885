"""fork, wait, exit and sleep, as the C library offers them."""

from __future__ import annotations

import sys
from types import FrameType

from webapp.kernel.errors import RunLimit
from webapp.program.constants import SIGNAL
from webapp.program.headers import STREAMS
from webapp.program.wrappers import LAST_ERRNO, Wrappers

USEC_PER_SEC, NSEC_PER_USEC, NSEC_PER_SEC = 1_000_000, 1000, 1_000_000_000
ANY_CHILD, SIG_DFL, SIGABRT = -1, 0, SIGNAL["SIGABRT"]


class Exited(Exception):
    """The program has called exit()."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Processes(Wrappers):
    """The functions."""

    async def x_fork(self, line: int) -> int:
        """The child goes on where every function stands now; see `sites`."""
        frame = sys._getframe(1)
        self.runtime.tell(line, frame)
        standing = self.runtime.standing(frame)
        result = await self.cpu.fork(self.process.fork(self.runtime, standing))
        if -LAST_ERRNO <= result < 0:
            self.set_errno(-result)
            return -1
        return result

    x_vfork = x_fork

    async def x_wait(self, line: int, status: int) -> int:
        return await self.wait(line, ANY_CHILD, status, 0, sys._getframe(1))

    async def x_waitpid(self, line: int, pid: int, status: int, options: int) -> int:
        return await self.wait(line, pid, status, options, sys._getframe(1))

    async def wait(self, line: int, pid: int, status: int, options: int, frame: FrameType) -> int:
        """wait4; the status is stored where the program wants it, if it wants it."""
        got = await self.syscall(line, frame, "wait4", pid, options)
        if got > 0 and status:
            await self.runtime.store(line, status, 4, self.cpu.answer[0], frame)
        return got

    def x_WIFEXITED(self, status: int) -> int:
        return int(status & 0x7F == 0)

    def x_WEXITSTATUS(self, status: int) -> int:
        return status >> 8 & 0xFF

    def x_WIFSIGNALED(self, status: int) -> int:
        return int(0 < status & 0x7F < 0x7F)

    def x_WTERMSIG(self, status: int) -> int:
        return status & 0x7F

    def x_WIFSTOPPED(self, status: int) -> int:
        return int(status & 0xFF == 0x7F)

    def x_WSTOPSIG(self, status: int) -> int:
        return status >> 8 & 0xFF

    def x_WCOREDUMP(self, status: int) -> int:
        return int(status & 0x80 != 0)

    async def x_usleep(self, line: int, microseconds: int) -> int:
        seconds, rest = divmod(microseconds, USEC_PER_SEC)
        return await self.syscall(line, sys._getframe(1), "clock_nanosleep", seconds, rest * NSEC_PER_USEC)

    async def x_sleep(self, line: int, seconds: int) -> int:
        """The seconds that were left when a signal came, else 0."""
        if not await self.syscall(line, sys._getframe(1), "clock_nanosleep", seconds, 0):
            return 0
        left, nanoseconds = self.cpu.answer
        return left + (2 * nanoseconds >= NSEC_PER_SEC)

    async def x_exit(self, line: int, status: int) -> int:
        self.runtime.tell(line, sys._getframe(1))
        self.flush()
        raise Exited(status & 255)

    async def x__exit(self, line: int, status: int) -> int:
        self.runtime.tell(line, sys._getframe(1))
        raise Exited(status & 255)

    x__Exit = x__exit

    async def x_abort(self, line: int) -> int:
        await self.abort(line, sys._getframe(1))
        return 0

    async def abort(self, line: int, frame: FrameType) -> None:
        """SIGABRT; should a handler return, once more with the default action."""
        self.runtime.tell(line, frame)
        await self.cpu.syscall("rt_sigprocmask", 1, 1, 1 << (SIGABRT - 1))
        await self.cpu.syscall("tgkill", SIGABRT)
        await self.cpu.syscall("rt_sigaction", SIGABRT, 1, SIG_DFL, 0, 0)
        await self.cpu.syscall("tgkill", SIGABRT)
        raise RunLimit(f"{self.name}:{line}: abort() has come back.")

    async def x___assert_fail(self, line: int, said: int, file: int, at: int, inside: int) -> int:
        frame = sys._getframe(1)
        texts = [(await self.string(line, frame, each)).decode("utf-8", "replace") for each in (file, inside, said)]
        self.show(
            line, frame, STREAMS["stderr"], f"prog: {texts[0]}:{at}: {texts[1]}: Assertion `{texts[2]}' failed.\n"
        )
        await self.abort(line, frame)
        return 0
