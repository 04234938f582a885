"""The // disk: line of a program."""

from __future__ import annotations

import pytest

from webapp.kernel.hw.bad_pages import BadPages
from webapp.program import ProgramError, compile_program

MAIN = "int main(void) { return 0; }\n"


def test_the_line_names_pages_that_cannot_be_read_or_written_also_before_the_files() -> None:
    text = "// disk: read_error=a.bin:5-7 write_error=a.bin:3\n// files: a.bin=8\n" + MAIN

    assert compile_program(text).scene.bad == (
        BadPages("read_error", "a.bin", 5, 7),
        BadPages("write_error", "a.bin", 3, 3),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("read_error=data.bin", "'read_error=data.bin' is not NAME=FILE:PAGES, as in read_error=data.bin:5-7."),
        ("seek_error=data.bin:5", "the disk has no 'seek_error': it can have read_error and write_error"),
        ("read_error=other.bin:5", "there is no file other.bin whose pages could be bad. Files are: data.bin."),
        ("read_error=data.bin:7-5", "7-5 is no range of pages: write the smaller number first."),
        ("read_error=data.bin:600", "data.bin has no page 600: its pages are 0 to 511."),
        (" ".join(f"read_error=data.bin:{page}" for page in range(17)), "17 bad places are too many: at most 16."),
    ],
)
def test_what_no_disk_can_have_is_refused_with_its_place(line: str, words: str) -> None:
    with pytest.raises(ProgramError) as refusal:
        compile_program(f"// disk: {line}\n{MAIN}")

    mistake = refusal.value.mistakes[0]
    assert words in mistake.message
    assert (mistake.line, mistake.column) == (1, 10)
