"""The ``// disk:`` line of a program: pages that the disk shall fail to read or to write.

// disk: read_error=data.bin:5-7 write_error=data.bin:3

Each NAME=FILE:PAGES is a page or a range of pages of one of the program's files. A real kernel has no such disk; a
recording tool passes over the line.
"""

from __future__ import annotations

import re
from typing import Literal, cast

from webapp.kernel.hw.bad_pages import BadPages
from webapp.program.errors import Mistakes

PAGE_SIZE = 4096
MOST = 16  # of them in one program
KINDS = ("read_error", "write_error")
ENTRY = re.compile(r"(\w+)=([A-Za-z0-9_.\-]+):(\d{1,9})(?:-(\d{1,9}))?")
EXAMPLE = "read_error=data.bin:5-7"


def read_bad_pages(text: str, line: int, column: int, files: dict[str, int], mistakes: Mistakes) -> list[BadPages]:
    """The bad pages that one line asks for, of ``files`` (name -> bytes)."""
    bad: list[BadPages] = []
    for word in re.finditer(r"\S+", text):
        at, entry = column + word.start(), ENTRY.fullmatch(word.group())
        if entry is None:
            mistakes.add(line, at, f"'{word.group()}' is not NAME=FILE:PAGES, as in {EXAMPLE}.")
            continue
        name, file, first = entry[1], entry[2], int(entry[3])
        last = int(entry[4] or first)
        if problem := entry_problem(name, file, first, last, files):
            mistakes.add(line, at, problem)
        else:
            bad.append(BadPages(cast(Literal["read_error", "write_error"], name), file, first, last))
    if len(bad) > MOST:
        mistakes.add(line, column, f"{len(bad)} bad places are too many: at most {MOST}.")
    return bad


def entry_problem(name: str, file: str, first: int, last: int, files: dict[str, int]) -> str | None:
    """Why these pages cannot be bad, if so."""
    if name not in KINDS:
        return f"the disk has no '{name}': it can have {' and '.join(KINDS)}, as in {EXAMPLE}."
    if file not in files:
        return f"there is no file {file} whose pages could be bad. Files are: {', '.join(files)}."
    if first > last:
        return f"{first}-{last} is no range of pages: write the smaller number first."
    pages = -(-files[file] // PAGE_SIZE)
    if last >= pages:
        return f"{file} has no page {last}: its pages are 0 to {pages - 1}." if pages else f"{file} is empty."
    return None
