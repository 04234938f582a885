"""The address space of a program that has just started, and /proc/self/maps."""

from __future__ import annotations

import pytest

from tests.kernel.conftest import PAGE, Bench, map_file
from webapp.kernel.boot import start
from webapp.kernel.errors import TaskKilled
from webapp.kernel.fs.exec import MMAP_BASE, extend_stack
from webapp.kernel.fs.proc.rows import rows_of
from webapp.kernel.fs.proc.task_mmu import show_map
from webapp.kernel.hw.cpu import Cpu
from webapp.kernel.hw.mmu import Abort, translate
from webapp.kernel.mm.util import arch_pick_mmap_layout
from webapp.session import outcome

FRESH = """\
00010000-00066000 r-xp 00000000 00:02 11         /prog
00066000-00068000 r--p 00056000 00:02 11         /prog
00068000-0006a000 rw-p 00058000 00:02 11         /prog
0006a000-00090000 rw-p 00000000 00:00 0          [heap]
b6ffd000-b6ffe000 r-xp 00000000 00:00 0          [sigpage]
b6ffe000-b6fff000 r--p 00000000 00:00 0          [vvar]
b6fff000-b7000000 r-xp 00000000 00:00 0          [vdso]
befdf000-bf000000 rw-p 00000000 00:00 0          [stack]
ffff0000-ffff1000 r-xp 00000000 00:00 0          [vectors]
"""


class SmallImage:
    """A program with a page of text, of data and of stack, and perhaps one up the heap."""

    def __init__(self, *heap: int) -> None:
        self.pages = {vpn: bytearray(PAGE) for vpn in (0x10, 0x68, *heap, 0xBEFFF)}
        self.writable = {0x68, *heap, 0xBEFFF}
        self.data_end = 0x68000


async def nothing(cpu: Cpu) -> int:
    return 0


def fresh(image: SmallImage | None = None) -> Bench:
    b = Bench()
    start(b.k, image or SmallImage(), nothing)
    while not b.k.sched.run_slice():
        pass
    return b


def maps_of(b: Bench) -> list[str]:
    return outcome.maps(rows_of(b.k))


def test_the_maps_of_a_fresh_program_are_those_of_a_static_arm_binary() -> None:
    assert show_map(rows_of(fresh().k), "task/1") == FRESH


def test_a_mapped_file_shows_its_path_and_offset() -> None:
    b = Bench()
    b.run(lambda cpu: map_file(cpu, 2, pgoff=3, flags=1))

    assert (
        show_map(rows_of(b.k), "task/1").splitlines()[4]
        == "b6ffb000-b6ffd000 r--s 00003000 fe:00 12         /mnt/data.bin"
    )
    assert maps_of(b)[4] == "b6ffb000-b6ffd000 r--s 00003000 data.bin"


def test_the_heap_begins_behind_the_programs_variables() -> None:
    """Of [heap], what lies up to 0x96000 are variables here; malloc's part is as large as ever."""
    assert maps_of(fresh(SmallImage(0x95)))[3] == "0006a000-000bc000 rw-p 00000000 [heap]"


def test_mappings_hang_below_the_room_for_the_stack() -> None:
    assert arch_pick_mmap_layout() == MMAP_BASE


def test_page_tables_exist_for_text_vdso_and_stack_only() -> None:
    mm = fresh().k.mm

    assert sorted(mm._tables) == [0x00010000 >> 21, 0xB6FFF000 >> 21, 0xBEFFF000 >> 21]
    assert mm.pgtables_bytes == 3 * 2048


@pytest.mark.parametrize(
    ("vpn", "linux", "hardware"),
    [(0x10, 0x59F, 0xE7E), (0x68, 0x75F, 0xC7F), (0xBEFFF, 0x75F, 0xC7F), (0xB6FFF, 0x59F, 0xE7E)],
)
def test_the_pages_of_the_image_are_mapped_as_used(vpn: int, linux: int, hardware: int) -> None:
    table = fresh().k.mm._tables[vpn >> 9]

    assert (table.linux(vpn & 511) & 0xFFF, table.hardware(vpn & 511) & 0xFFF) == (linux, hardware)


def test_the_frames_of_the_image_are_its_own_byte_arrays() -> None:
    image = SmallImage()
    b = fresh(image)
    pfn = b.k.mm._tables[0].linux(0x68) >> 12

    image.pages[0x68][0] = 7

    assert b.k.ram.frame(pfn)[0] == 7


@pytest.mark.parametrize(
    ("address", "fsr"),
    [
        (0xC0000000, 0x00D),
        (0xDFFFFFFF, 0x00D),
        (0xE0000000, 0x005),
        (0xBF000000, 0x00F),
        (0xFFFF1000, 0x03F),
        (0x00000008, 0x017),
        (0x00200000, 0x005),
    ],
)
def test_a_stray_access_gets_the_recorded_fault_status(address: int, fsr: int) -> None:
    b = fresh()
    found = translate(b.k, address, write=False)

    assert isinstance(found, Abort)
    assert hex(found.fsr) == hex(fsr)


def test_the_vectors_page_may_be_read_by_the_program() -> None:
    assert not isinstance(translate(fresh().k, 0xFFFF0FE0, write=False), Abort)


def test_the_stack_grows_and_its_new_pages_are_written_to_without_faults() -> None:
    b = fresh()
    extend_stack(b.k, 0xBEF00123)

    assert maps_of(b)[7] == "bef00000-bf000000 rw-p 00000000 [stack]"
    assert all(vpn in b.k.cpu.writable for vpn in range(0xBEF00, 0xBF000))


def test_a_stack_of_more_than_eight_mebibytes_ends_the_program() -> None:
    b = fresh()
    extend_stack(b.k, 0xBE800000)

    with pytest.raises(TaskKilled, match="SIGSEGV"):
        extend_stack(b.k, 0xBE7FFFFF)
