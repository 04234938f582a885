"""Data aborts: from the fault status to a page, a retry, or a signal.

Interface:
    * The exception vector calls `do_DataAbort` with the faulting byte address and the fault status (FSR).
    * Everything here runs in the context of the task that touched the address and may sleep.
    * On return the CPU executes the same instruction again, unless a signal was sent.

The kernel comes here too, when it copies from or to a program's buffer that is not mapped yet. Such a fault is served
like the program's own, only that no signal is sent if it cannot be: the copy is told instead, and read() or write()
returns -EFAULT, or less than was asked for.

Linux 5.10: arch/arm/mm/fault.c, arch/arm/mm/fsr-2level.c.  Not modelled: prefetch aborts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from webapp.kernel.arch.arm.include.asm.memory import FIRST_USER_ADDRESS, PAGE_MASK, TASK_SIZE
from webapp.kernel.arch.arm.mm.extable import fixup_exception
from webapp.kernel.include.linux.mm import (
    FAULT_FLAG_ALLOW_RETRY,
    FAULT_FLAG_DEFAULT,
    FAULT_FLAG_TRIED,
    FAULT_FLAG_USER,
    FAULT_FLAG_WRITE,
    VM_ACCESS_FLAGS,
    VM_FAULT_BADACCESS,
    VM_FAULT_BADMAP,
    VM_FAULT_ERROR,
    VM_FAULT_OOM,
    VM_FAULT_RETRY,
    VM_FAULT_SIGBUS,
    VM_GROWSDOWN,
    VM_WRITE,
    vm_fault_t,
)
from webapp.kernel.locking.rwsem import down_read, down_read_trylock, up_read
from webapp.kernel.machine import kernel_function
from webapp.kernel.mm.expand_stack import expand_stack
from webapp.kernel.mm.memory import handle_mm_fault
from webapp.kernel.mm.vma import find_vma
from webapp.kernel.signal.signal import force_sig_fault

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, VmArea
    from webapp.kernel.machine import Machine

FSR_WRITE = 1 << 11
FSR_CM = 1 << 13  # a cache maintenance operation, which never counts as a write
SEGV_MAPERR, SEGV_ACCERR, BUS_ADRERR = 1, 2, 2


class FsrInfo(NamedTuple):
    """One row of the table that do_DataAbort looks in: who serves the fault, and the signal if nobody does."""

    fn: Callable[[Machine, int, int], Awaitable[int]]
    sig: str
    code: int
    name: str


def fsr_fs(fsr: int) -> int:
    """The five status bits of the short-descriptor FSR: bits 3:0, and bit 10 above them."""
    return (fsr & 0xF) | (fsr >> 6 & 0x10)


def is_write_fault(fsr: int) -> bool:
    """Whether the access was a write."""
    return bool(fsr & FSR_WRITE) and not fsr & FSR_CM


def user_mode(k: Machine) -> bool:
    """Whether the aborted instruction was the program's, by the mode bits that the CPU saved; ask before sleeping."""
    return k.regs._saved_mode == "user"


@kernel_function
async def do_DataAbort(k: Machine, addr: int, fsr: int) -> None:
    """Look the fault status up in a table and call the handler that it names.

    The status is not the whole register: bit 11 says write, bits 7:4 name the domain. A handler that
    returns 0 has dealt with the fault; otherwise the signal from the table is sent.
    """
    inf = fsr_info(fsr_fs(fsr))
    fault = k.fault
    fault.n, fault.address, fault.fsr, fault.write = fault.n + 1, addr, fsr, is_write_fault(fsr)
    fault.active, fault.attempt, fault.mapped, fault.vma, fault.around = True, 0, 0, None, None
    k.stage("abort", f"fault status {fsr_fs(fsr)}: {inf.name}", status=fsr_fs(fsr))
    if await inf.fn(k, addr, fsr):
        force_sig_fault(k, inf.sig, inf.code, addr)
    fault.active = False


@kernel_function
async def do_translation_fault(k: Machine, addr: int, fsr: int) -> int:
    """No first-level entry: the 2 MiB slot has no page of PTEs yet.

    For a user address this is simply a page fault. Above TASK_SIZE a user has no business.
    """
    if addr < TASK_SIZE:
        return await do_page_fault(k, addr, fsr)
    do_bad_area(k, addr, fsr)
    return 0


@kernel_function
async def do_page_fault(k: Machine, addr: int, fsr: int) -> int:
    """Serve the fault under mmap_lock, once or, if the lock was dropped on the way, twice.

    It is dropped to wait for the disk, or to start more readahead.

    VM_FAULT_RETRY means that mmap_lock is no longer held: the VMA may be gone, so everything is looked up
    again, this time with FAULT_FLAG_TRIED. What is left over becomes a signal; or, if the kernel itself made the
    access (no FAULT_FLAG_USER), the end of that copy. A copy that must not sleep has page faults disabled, and ends at
    once.
    """
    from_user = user_mode(k)
    if k.current._pagefault_disabled:
        __do_kernel_fault(k, addr, fsr)
        return 0
    mm = k.mm
    flags = FAULT_FLAG_DEFAULT
    if from_user:
        flags |= FAULT_FLAG_USER
    if is_write_fault(fsr):
        flags |= FAULT_FLAG_WRITE
    if not down_read_trylock(k, mm._sem):
        await down_read(k, mm._sem)
    while True:
        fault = await __do_page_fault(k, mm, addr, fsr, flags)
        if fault & VM_FAULT_ERROR or not (fault & VM_FAULT_RETRY and flags & FAULT_FLAG_ALLOW_RETRY):
            break
        flags |= FAULT_FLAG_TRIED
        k.stage("retry", "mmap_lock was dropped on the way: look the VMA up and try again", flags=flags)
        await down_read(k, mm._sem)
    up_read(k, mm._sem)
    if not fault & (VM_FAULT_ERROR | VM_FAULT_BADMAP | VM_FAULT_BADACCESS):
        return 0
    if not from_user:
        __do_kernel_fault(k, addr, fsr)
        return 0
    if fault & VM_FAULT_OOM:
        pagefault_out_of_memory(k)
        return 0
    if fault & VM_FAULT_SIGBUS:
        __do_user_fault(k, addr, fsr, "SIGBUS", BUS_ADRERR)
    else:
        __do_user_fault(k, addr, fsr, "SIGSEGV", SEGV_ACCERR if fault == VM_FAULT_BADACCESS else SEGV_MAPERR)
    return 0


@kernel_function(inlined=True)
async def __do_page_fault(k: Machine, mm: Mm, addr: int, fsr: int, flags: int) -> vm_fault_t:
    """Find the VMA, check that it allows the access, and let memory management do the rest."""
    vma = find_vma(k, mm, addr)
    if vma is None:
        k.stage("note", f"no mapping ends above {addr:#010x}")
        return VM_FAULT_BADMAP
    if vma.vm_start > addr and not check_stack(k, vma, addr):
        k.stage("note", f"{addr:#010x} lies below the next mapping, {vma.vm_start:#010x}: in no VMA")
        return VM_FAULT_BADMAP
    k.fault.vma = vma.ref
    if access_error(k, fsr, vma):
        return VM_FAULT_BADACCESS
    return await handle_mm_fault(k, vma, addr & PAGE_MASK, flags)


def check_stack(k: Machine, vma: VmArea, addr: int) -> bool:
    """Below a stack, the stack may grow down to the address; nothing grows into the lowest 8 KiB."""
    return bool(vma.vm_flags & VM_GROWSDOWN) and addr >= FIRST_USER_ADDRESS and expand_stack(k, vma, addr) == 0


@kernel_function(inlined=True)
def access_error(k: Machine, fsr: int, vma: VmArea) -> bool:
    """Does the VMA forbid the access? A write needs VM_WRITE; a read is fine with any of read, write, execute."""
    mask = VM_WRITE if is_write_fault(fsr) else VM_ACCESS_FLAGS
    return not vma.vm_flags & mask


@kernel_function
async def do_sect_fault(k: Machine, addr: int, fsr: int) -> int:
    """A section exists but the user may not touch it: that is the kernel's own mapping."""
    do_bad_area(k, addr, fsr)
    return 0


@kernel_function
async def do_bad(k: Machine, addr: int, fsr: int) -> int:
    """A fault that no handler is meant for: the table's signal is sent."""
    return 1


@kernel_function
def do_bad_area(k: Machine, addr: int, fsr: int) -> None:
    """Not an address of this user, whatever the VMAs say."""
    if user_mode(k):
        __do_user_fault(k, addr, fsr, "SIGSEGV", SEGV_MAPERR)
    else:
        __do_kernel_fault(k, addr, fsr)


@kernel_function
def __do_user_fault(k: Machine, addr: int, fsr: int, sig: str, code: int) -> None:
    """Send the signal for a fault that user code has caused."""
    force_sig_fault(k, sig, code, addr)


@kernel_function
def __do_kernel_fault(k: Machine, addr: int, fsr: int) -> None:
    """The kernel's own access cannot be served. It is one that may touch a user's memory, so it has a fixup."""
    fixup_exception(k)


@kernel_function
def pagefault_out_of_memory(k: Machine) -> None:
    """No memory for the fault: return to the program, which faults again, until memory appears."""
    k.stage("note", "out of memory in a page fault; the instruction will be tried again")


_FSR_INFO = {
    4: FsrInfo(do_translation_fault, "SIGSEGV", SEGV_MAPERR, "I-cache maintenance fault"),
    5: FsrInfo(do_translation_fault, "SIGSEGV", SEGV_MAPERR, "section translation fault"),
    7: FsrInfo(do_page_fault, "SIGSEGV", SEGV_MAPERR, "page translation fault"),
    9: FsrInfo(do_bad, "SIGSEGV", SEGV_ACCERR, "section domain fault"),
    11: FsrInfo(do_bad, "SIGSEGV", SEGV_ACCERR, "page domain fault"),
    13: FsrInfo(do_sect_fault, "SIGSEGV", SEGV_ACCERR, "section permission fault"),
    15: FsrInfo(do_page_fault, "SIGSEGV", SEGV_ACCERR, "page permission fault"),
}


def fsr_info(status: int) -> FsrInfo:
    """The row for a fault status; those that this MMU cannot raise have no handler."""
    return _FSR_INFO.get(status, FsrInfo(do_bad, "SIGBUS", 0, f"unknown {status}"))
