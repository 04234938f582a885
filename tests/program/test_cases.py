"""Whole programs give what gcc -O0 for ARM gives: the .out files were made with it, under qemu-arm."""

from pathlib import Path

import pytest

from tests.program.fake_cpu import start
from webapp.program import compile_program

CASES = sorted((Path(__file__).parent / "cases").glob("*.c"))
RECORDINGS = Path(__file__).parents[2] / "lessons" / "recordings"
MODELLED = [
    "seq_read",
    "middle_touch",
    "offset_map",
    "madv_random",
    "madv_sequential",
    "madv_willneed",
    "map_populate",
    "partial_munmap",
    "sigbus_eof",
    "write_readonly",
    "mmap_errors",
    "vma_merge",
    "many_pgd_slots",
    "remap_warm",
]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_program_prints_and_returns_what_it_does_under_gcc(path: Path) -> None:
    status, cpu, _ = start(path.read_text())

    assert f"{cpu.printed}exit status {status}\n" == path.with_suffix(".out").read_text()


@pytest.mark.parametrize("name", MODELLED)
def test_the_program_of_a_recording_compiles(name: str) -> None:
    program = compile_program((RECORDINGS / f"{name}.c").read_text(), f"{name}.c")

    assert program.scene.files["data.bin"]


def test_a_program_can_be_run_again_from_a_fresh_image() -> None:
    text = "#include <stdio.h>\nint n = 1;\nint main(void) { printf('%d', n++); return n; }".replace("'", '"')

    first, second = start(text), start(text)

    assert (first[0], first[1].printed) == (second[0], second[1].printed) == (2, "1")
