"""Questions about a state."""

import pytest

from webapp.session import outcome


def vma(start, flags, **rest):
    return {"vm_mm": "mm/1", "vm_start": start, "vm_end": start + 0x1000, "vm_flags": flags,
            "vm_pgoff": 0, "name": "", "linked": True, **rest}  # fmt: skip


@pytest.fixture
def rows():
    return {
        "task/1": {"mm": "mm/1"},
        "vma/4": vma(0x30000, 0x75, name="prog"),
        "vma/3": vma(0x20000, 0xF9, vm_pgoff=2, vm_file="file/1", name="data.bin"),
        "vma/2": vma(0x10000, 0x73, vm_pgoff=0x10),
        "vma/9": {**vma(0x50000, 0x71), "vm_mm": "mm/2"},
        "file/1": {"inode": "inode/1", "fd": 3},
        "inode/1": {"name": "data.bin", "s_dev": "fe:00"},
        "inode/2": {"name": "prog"},
        "cache/1": {"inode": "inode/1", "nrpages": 4, "10": "page/1", "2": "page/2", "3": "page/3", "11": "page/4"},
        "cache/2": {"inode": "inode/2", "0": "page/9"},
        "stdout": {"10": "c", "2": "b", "0": "a"},
    }


def test_maps_are_in_address_order_with_offsets_of_files_only(rows):
    assert outcome.maps(rows) == [
        "00010000-00011000 rw-p 00000000",
        "00020000-00021000 r--s 00002000 data.bin",
        "00030000-00031000 r-xp 00000000 /prog",
        "ffff0000-ffff1000 r-xp 00000000 [vectors]",
    ]


def test_the_programs_own_mappings_can_be_left_out(rows):
    assert not [line for line in outcome.maps(rows, whole=False) if "prog" in line]


def test_resident_pages_are_told_for_each_file_of_the_scene(rows):
    assert outcome.resident(rows, ["data.bin", "empty.bin"]) == {"data.bin": [[2, 3], [10, 11]], "empty.bin": []}


def test_output_keeps_its_order(rows):
    assert outcome.stdout(rows) == "abc"


@pytest.mark.parametrize(
    ("exit", "told"),
    [(None, None), ("status 0", {"status": 0}), ("status 7", {"status": 7}), ("SIGBUS", {"signal": "SIGBUS"})],
)
def test_how_the_program_ended(exit, told):
    assert outcome.ending({"program": {"exit": exit}}) == told
