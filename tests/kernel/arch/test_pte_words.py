"""Linux PTE words and the hardware words derived from them, as read off a real ARM kernel."""

from __future__ import annotations

import pytest

from webapp.kernel.arch.arm.include.asm.pgtable import vm_get_page_prot
from webapp.kernel.arch.arm.mm.proc_v7_2level import PTE_EXT_NG, hardware_pte
from webapp.kernel.include.linux.mm import VM_EXEC, VM_READ, VM_SHARED, VM_WRITE

RECORDED = [
    ("clean user data", 0x79F, 0xE7F),
    ("dirty and writable", 0x75F, 0xC7F),
    ("writable but clean", 0x71F, 0xE7F),
    ("read and execute", 0x59F, 0xE7E),
    ("write-protected after having been dirty", 0x7DF, 0xE7F),
    ("old data", 0x79D, 0),
    ("old text", 0x59D, 0),
    ("PROT_NONE", 0xEDF, 0),
]


@pytest.mark.parametrize(("what", "linux", "hardware"), RECORDED, ids=[row[0] for row in RECORDED])
def test_the_hardware_word_is_the_recorded_one(what: str, linux: int, hardware: int) -> None:
    pfn = 0x413ED000

    assert hardware_pte(pfn | linux, PTE_EXT_NG) == (pfn | hardware if hardware else 0)


@pytest.mark.parametrize(
    ("flags", "prot"),
    [
        (0, 0xE9F),
        (VM_READ, 0x79F),
        (VM_READ | VM_WRITE, 0x79F),
        (VM_READ | VM_EXEC, 0x59F),
        (VM_READ | VM_WRITE | VM_SHARED, 0x71F),
        (VM_READ | VM_WRITE | VM_EXEC | VM_SHARED, 0x51F),
        (VM_READ | VM_SHARED, 0x79F),
    ],
)
def test_permissions_become_these_pte_bits(flags: int, prot: int) -> None:
    assert vm_get_page_prot(flags) == prot
