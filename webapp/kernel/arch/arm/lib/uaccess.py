"""The kernel's own accesses to a program's memory.

read() and write() copy between the page cache and a buffer of the program. The buffer is named by a virtual address of
the program, and the kernel uses it just as the program would: through the same TLB and page tables, with the program's
rights (these instructions are LDRT and STRT). So the copy may fault, in the middle of a system call.

Interface:
    * `access_ok` first: addresses above TASK_SIZE are the kernel's own, and no program may make it copy there.
    * `__get_user` and `__put_user` touch one byte. They may sleep in a fault. 0 or -EFAULT.
    * `raw_copy_to_user` and `raw_copy_from_user` copy many, and return how many they could **not** copy.
    * `strncpy_from_user` copies a string, as far as it goes.
    * Between `pagefault_disable` and `pagefault_enable` nothing sleeps: a byte that is not mapped ends the copy.

Linux 5.10: arch/arm/lib/{copy_to_user,copy_from_user,getuser,putuser}.S, arch/arm/include/asm/uaccess.h
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT, PAGE_SIZE, TASK_SIZE
from webapp.kernel.arch.arm.kernel.entry_armv import vector_dabt
from webapp.kernel.hw.mmu import Abort, data_abort, translate
from webapp.kernel.include.uapi.asm_generic.errno import EFAULT

if TYPE_CHECKING:
    from webapp.kernel.machine import Machine

WORD, STORE_MULTIPLE = 4, 32  # bytes that one instruction stores


def access_ok(address: int, size: int) -> bool:
    """Whether [address, address + size) lies in the user's part of the address space, mapped or not."""
    return address + size <= TASK_SIZE


async def user_frame(k: Machine, address: int, write: bool) -> bytearray | None:
    """The frame behind a user address; may sleep in a fault. None if that cannot be served."""
    pages = k.tlb.pages()
    frame = (pages.writable if write else pages.readable).get(address >> PAGE_SHIFT)
    if frame is not None:
        return frame
    while isinstance(found := translate(k, address, write), Abort):
        data_abort(k, address, found.fsr)
        await vector_dabt(k, address, found.fsr)
        if k.current._fixed_up:
            k.current._fixed_up = False
            return None
    return k.ram.frame(found.pfn)


async def __get_user(k: Machine, address: int) -> int:
    """Read one byte of the program's memory, only to see that it is there; may sleep. 0 or -EFAULT."""
    return 0 if await user_frame(k, address, False) is not None else -EFAULT


async def __put_user(k: Machine, value: int, address: int) -> int:
    """Write one byte to the program's memory; may sleep. 0 or -EFAULT."""
    frame = await user_frame(k, address, True)
    if frame is None:
        return -EFAULT
    frame[address & (PAGE_SIZE - 1)] = value
    return 0


async def raw_copy_to_user(k: Machine, to: int, data: bytes | bytearray | memoryview) -> int:
    """Copy ``data`` to the program's address ``to``; may sleep. The number of bytes that could not be copied.

    Most of it is copied by instructions that store eight words. If one of them reaches into a page that is not there,
    none of its words count as copied.
    """
    done = 0
    while done < len(data):
        frame = await user_frame(k, to + done, True)
        if frame is None:
            done = whole_stores(to, len(data), done)
            break
        offset = (to + done) & (PAGE_SIZE - 1)
        piece = data[done : done + PAGE_SIZE - offset]
        frame[offset : offset + len(piece)] = piece
        done += len(piece)
    return len(data) - done


def whole_stores(to: int, size: int, done: int) -> int:
    """How many of ``done`` bytes count, when the store at that place fails: see copy_template.S.

    First single bytes up to a word border, then eight words at a time, then the rest word by word.
    """
    head = -to % WORD
    block = head + (done - head) // STORE_MULTIPLE * STORE_MULTIPLE
    return block if head < done and block + STORE_MULTIPLE <= size else done


async def raw_copy_from_user(k: Machine, to: memoryview, address: int) -> int:
    """Fill ``to`` from the program's ``address``; may sleep. The number of bytes that could not be copied."""
    done = 0
    while done < len(to):
        frame = await user_frame(k, address + done, False)
        if frame is None:
            break
        offset = (address + done) & (PAGE_SIZE - 1)
        size = min(len(to) - done, PAGE_SIZE - offset)
        to[done : done + size] = frame[offset : offset + size]
        done += size
    return len(to) - done


async def strncpy_from_user(k: Machine, address: int, count: int) -> bytes | int:
    """The string at ``address``, without its closing zero, at most ``count`` bytes of it; may sleep. Or -EFAULT.

    It may run up to the end of the user's part of the address space, but not into a page that is not there.
    """
    copied = bytearray()
    while len(copied) < count:
        at = address + len(copied)
        frame = await user_frame(k, at, False) if at < TASK_SIZE else None
        if frame is None:
            return -EFAULT
        offset = at & (PAGE_SIZE - 1)
        piece = frame[offset : offset + count - len(copied)]
        text, end, _ = piece.partition(b"\0")
        copied += text
        if end:
            break
    return bytes(copied)


def pagefault_disable(k: Machine) -> None:
    """From now on the running task's copies must not sleep: what is not mapped is not copied."""
    k.current._pagefault_disabled += 1


def pagefault_enable(k: Machine) -> None:
    """Its copies may fault again."""
    k.current._pagefault_disabled -= 1
