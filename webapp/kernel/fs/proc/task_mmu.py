"""/proc/PID/maps: the VMAs as text.  Linux 5.10: fs/proc/task_mmu.c

Interface: `maps_text` is what the file says; `show_maps` leaves device and inode out, as the recordings do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.kernel.arch.arm.include.asm.memory import PAGE_SHIFT
from webapp.kernel.fs.exec import PROGRAM
from webapp.kernel.fs.namei import WORKING_DIRECTORY
from webapp.kernel.include.linux.mm import VM_EXEC, VM_MAYSHARE, VM_READ, VM_WRITE

if TYPE_CHECKING:
    from webapp.kernel.include.linux.mm_types import Mm, VmArea

NAME_COLUMN = 49  # 25 + 6 * sizeof(void *) characters come before the name
VECTORS = ("ffff0000-ffff1000 r-xp 00000000", "00:00 0", "[vectors]")  # no VMA: every address space has it
DISK, ROOTFS, TMPFS = "fe:00", "00:02", "00:01"
PROGRAM_INO = 11


def show_maps(mm: Mm) -> list[str]:
    """One line a VMA: range, permissions, offset, name."""
    lines = [(show_vma_header_prefix(vma), vma.name) for vma in mm._mmap]
    return [f"{prefix} {name}".rstrip() for prefix, name in [*lines, (VECTORS[0], VECTORS[2])]]


def maps_text(mm: Mm) -> str:
    """The whole file."""
    lines = [(show_vma_header_prefix(vma), device(vma), path(vma)) for vma in mm._mmap]
    return "".join(
        f"{f'{prefix} {dev} '.ljust(NAME_COLUMN if name else 0)}{name}\n" for prefix, dev, name in [*lines, VECTORS]
    )


def show_vma_header_prefix(vma: VmArea) -> str:
    """``start-end perms offset``. The last of the four permissions says whether writes would be shared."""
    flags = vma.vm_flags
    perms = "".join(letter if flags & bit else "-" for letter, bit in (("r", VM_READ), ("w", VM_WRITE), ("x", VM_EXEC)))
    perms += "s" if flags & VM_MAYSHARE else "p"
    offset = vma.vm_pgoff << PAGE_SHIFT if has_file(vma) else 0
    return f"{vma.vm_start:08x}-{vma.vm_end:08x} {perms} {offset:08x}"


def has_file(vma: VmArea) -> bool:
    """Whether there is a file behind it; the program's own is known by its name only."""
    return vma.vm_file is not None or vma.name == PROGRAM


def device(vma: VmArea) -> str:
    """Device and inode number."""
    if vma.name == PROGRAM:
        return f"{ROOTFS} {PROGRAM_INO}"
    if vma.vm_file is None:
        return "00:00 0"
    inode = vma.vm_file.inode
    return f"{DISK if inode.i_ino else TMPFS} {inode.i_ino}"


def path(vma: VmArea) -> str:
    """The name as the file shows it."""
    if vma.name == PROGRAM:
        return f"/{PROGRAM}"
    return f"{WORKING_DIRECTORY}/{vma.name}" if vma.vm_file is not None and vma.vm_file.inode.i_ino else vma.name
