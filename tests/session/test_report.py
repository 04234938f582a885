"""The readable account."""

import pytest

from tests.session.stories import Story, ToldRun, a_fatal_read, a_read_of_a_mapped_file
from webapp.session.report import call_text, report, result_text

READ_WRITE = "PROT_READ|PROT_WRITE"
POPULATED = "MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE"


def text(stages, why="exit status 3"):
    return "\n".join(report(ToldRun(stages, why)))


def test_the_account_of_a_read():
    told = text(a_read_of_a_mapped_file())

    assert told.startswith("story.c: exit status 3\n")
    assert "mmap(NULL, 0x3001, PROT_READ, MAP_PRIVATE, 3, 0x1000) = 0xb6ff0000" in told
    assert "munmap(0xb6ff0000, 0) = -EINVAL" in told
    assert "close(3) = 0" in told
    assert "MAJOR|RETRY, NOPAGE" in told
    assert "b6ff0000-b6ff4000 r--p 00001000 data.bin" in told
    assert "data.bin: 4 of 4 pages, 0-3" in told
    assert told.endswith("1 faults: 1 major, 0 minor; 1 read requests, 4 pages")


def test_columns_of_the_fault_table_line_up():
    rows = text(a_read_of_a_mapped_file()).split("\nFaults\n")[1].split("\n\n")[0].split("\n")

    assert rows[0].index("fsr") == rows[1].index("0x17")
    assert rows[0].index("kind") == rows[1].index("major")


def test_a_fatal_fault_shows_its_address_and_signal():
    told = text(a_fatal_read())

    assert "killed by SIGSEGV" in told
    assert "0x50000000" in told
    assert "1 fatal" in told


def test_a_stopped_run_says_why():
    assert text(Story().stages, "It ran too long.").startswith("story.c: stopped. It ran too long.")


@pytest.mark.parametrize(
    ("name", "args", "shown"),
    [
        ("mmap", [0x1000, 8192, 3, 0x8022, 0xFFFFFFFF, 0], f"mmap(0x1000, 0x2000, {READ_WRITE}, {POPULATED}, -1, 0x0)"),
        ("mmap", [0, 1, 0, 0x800003, 4, 0], "mmap(NULL, 1, PROT_NONE, MAP_SHARED_VALIDATE|0x800000, 4, 0x0)"),
        ("madvise", [0x1000, 4096, 3], "madvise(0x1000, 0x1000, MADV_WILLNEED)"),
        ("madvise", [0x1000, 4096, 0xFFFFFFFF], "madvise(0x1000, 0x1000, -1)"),
        ("msync", [0x1000, 4096, 4], "msync(0x1000, 0x1000, MS_SYNC)"),
        ("open", ["data.bin", 0], 'open("data.bin", 0)'),
    ],
)  # fmt: skip
def test_calls_read_like_c(name, args, shown):
    assert call_text(name, args) == shown


@pytest.mark.parametrize(
    ("name", "ret", "shown"),
    [("mmap", -12, "-ENOMEM"), ("mmap", 0xB6FF0000, "0xb6ff0000"), ("munmap", 0, "0"), ("x", -999, "-999")],
)
def test_results_are_addresses_numbers_or_errnos(name, ret, shown):
    assert result_text(name, ret) == shown
