"""Signals and jumps, as the C library offers them.

A jmp_buf holds which activation of which function to go back to, and behind which call (see `sites`); a sigjmp_buf may
hold the set of blocked signals besides. Real ones hold registers; a program cannot tell the difference.
"""

from __future__ import annotations

import sys
from types import FrameType

from webapp.kernel.errors import NotModelled
from webapp.program.constants import ERRNO
from webapp.program.runtime import Jump
from webapp.program.wrappers import MASK, Wrappers

SIG_ERR = MASK
SA_RESTART = 0x10000000
SIG_SETMASK = 2
LAST_SIGNAL = 64
SIGSET_BYTES, MASK_AT, FLAGS_AT = 128, 4, 132  # of a sigset_t, and where a struct sigaction has its members
JMP_BUF_MARK = 0x6A6D7062


class Signals(Wrappers):
    """The functions."""

    async def run_handler(self, handler: int, sig: int, info: int, context: int) -> None:
        """The kernel goes on in a handler: call the function at that address below the frame that was made for it."""
        program = self.process.program
        name = program.handlers.get(handler)
        if name is None:
            raise NotModelled(
                f"{self.name}: the handler of signal {sig} is no function of the program: {handler:#010x}."
            )
        depth, stack = self.runtime.deepest
        arguments = [sig, info, context][: program.parameters[name]]
        await self.runtime.functions[name](depth + 1, info, *arguments)
        self.runtime.deepest = depth, stack

    async def x_signal(self, line: int, sig: int, handler: int) -> int:
        """signal(): BSD's meaning, as glibc has it: the handler stays, and system calls are restarted."""
        if not await self.syscall(
            line, sys._getframe(1), "rt_sigaction", sig, 1, handler & MASK, 1 << max(sig - 1, 0), SA_RESTART
        ):
            return self.cpu.answer[0]
        return SIG_ERR

    async def x_sigaction(self, line: int, sig: int, new: int, old: int) -> int:
        frame = sys._getframe(1)
        handler = mask = flags = 0
        if new:
            handler, low, high = await self.words(line, frame, new, 3)
            (flags,) = await self.words(line, frame, new + FLAGS_AT, 1)
            mask = low | high << 32
        result = await self.syscall(line, frame, "rt_sigaction", sig, int(new != 0), handler, mask, flags)
        if not result and old:
            handler, mask, flags = self.cpu.answer
            await self.put_words(line, frame, old, handler, mask, mask >> 32)
            await self.put_words(line, frame, old + FLAGS_AT, flags)
        return result

    async def x_sigprocmask(self, line: int, how: int, new: int, old: int) -> int:
        frame = sys._getframe(1)
        low, high = await self.words(line, frame, new, 2) if new else (0, 0)
        result = await self.syscall(line, frame, "rt_sigprocmask", how, int(new != 0), low | high << 32)
        if not result and old:
            (mask,) = self.cpu.answer
            await self.put_words(line, frame, old, mask, mask >> 32)
        return result

    async def x_sigemptyset(self, line: int, at: int) -> int:
        await self.write(line, sys._getframe(1), at, bytes(SIGSET_BYTES))
        return 0

    async def x_sigfillset(self, line: int, at: int) -> int:
        await self.write(line, sys._getframe(1), at, b"\xff" * SIGSET_BYTES)
        return 0

    async def x_sigaddset(self, line: int, at: int, sig: int) -> int:
        return await self.change_set(line, sys._getframe(1), at, sig, True)

    async def x_sigdelset(self, line: int, at: int, sig: int) -> int:
        return await self.change_set(line, sys._getframe(1), at, sig, False)

    async def change_set(self, line: int, frame: FrameType, at: int, sig: int, member: bool) -> int:
        """Put a signal into a set or take it out."""
        if not 1 <= sig <= LAST_SIGNAL:
            self.set_errno(ERRNO["EINVAL"])
            return -1
        at += (sig - 1) // 32 * 4
        (word,) = await self.words(line, frame, at, 1)
        bit = 1 << (sig - 1) % 32
        await self.put_words(line, frame, at, word | bit if member else word & ~bit)
        return 0

    async def x_sigismember(self, line: int, at: int, sig: int) -> int:
        if not 1 <= sig <= LAST_SIGNAL:
            self.set_errno(ERRNO["EINVAL"])
            return -1
        (word,) = await self.words(line, sys._getframe(1), at + (sig - 1) // 32 * 4, 1)
        return word >> (sig - 1) % 32 & 1

    async def x_raise(self, line: int, sig: int) -> int:
        return await self.syscall(line, sys._getframe(1), "tgkill", sig)

    # Jumps. The last two arguments are the compiler's: the activation and the call.

    async def x_sigsetjmp(self, line: int, buffer: int, save: int, frame_number: int, site: int) -> int:
        frame = sys._getframe(1)
        mask = 0
        if save:
            await self.syscall(line, frame, "rt_sigprocmask", SIG_SETMASK, 0, 0)
            (mask,) = self.cpu.answer
        words = (JMP_BUF_MARK, frame_number, site, int(save != 0), mask, mask >> 32)
        await self.put_words(line, frame, buffer, *words)
        return 0

    async def x_setjmp(self, line: int, buffer: int, frame_number: int, site: int) -> int:
        frame = sys._getframe(1)
        await self.put_words(line, frame, buffer, JMP_BUF_MARK, frame_number, site, 0)
        return 0

    x__setjmp = x_setjmp

    async def x_siglongjmp(self, line: int, buffer: int, value: int) -> int:
        frame = sys._getframe(1)
        mark, number, site, saved, low, high = await self.words(line, frame, buffer, 6)
        if mark != JMP_BUF_MARK:
            raise NotModelled(f"{self.name}:{line}: longjmp() with a buffer that setjmp() has not filled.")
        if saved:
            await self.syscall(line, frame, "rt_sigprocmask", SIG_SETMASK, 1, low | high << 32)
        raise Jump(number, site, value or 1)

    x_longjmp = x_siglongjmp
