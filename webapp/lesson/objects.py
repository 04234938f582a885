"""What a lesson can point at: the objects of the machine pane, named as a person would name them.

A step lights them up (``light: [pte 0, window readahead]``) and a mark in the text outlines one
(``[page cache]{.pc light="page 0"}``). Pages and page-table entries are counted in columns of the
mapping on show, as in the pane. ``static/js/views/lesson/objects.js`` finds them in the running machine.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

ALONE = (
    "cpu",
    "tlb",
    "directory",
    "pte card",
    "address space",
    "page table",
    "page cache",
    "lru lists",
    "disk",
    "bio",
    "marker",
    "call stack",
    "window fault-around",
    "window readahead",
)
FORMS = {
    "page": re.compile(r"page \d{1,6}"),
    "pages": re.compile(r"pages \d{1,6}-\d{1,6}"),
    "pte": re.compile(r"pte \d{1,6}"),
    "ptes": re.compile(r"ptes \d{1,6}-\d{1,6}"),
    "vma": re.compile(r"vma [\w.\[\]-]{1,40}"),
    "counter": re.compile(r"counter [a-z_]{1,40}"),
}
# What a mark of a hue points at when it does not say.
DEFAULT_OBJECT = {
    "pt": "page table",
    "pc": "page cache",
    "ra": "window readahead",
    "io": "disk",
    "flt": "cpu",
}


def is_object(name: str) -> bool:
    """Can a lesson point at this?"""
    return name in ALONE or any(form.fullmatch(name) for form in FORMS.values())


def object_remedy(name: str) -> str:
    """What to write instead of a name that is no object."""
    near = get_close_matches(name, ALONE, 1)
    if near:
        return f"Did you mean `{near[0]}`?"
    return f"Write one of {', '.join(ALONE)}, page 0, pages 0-31, pte 0, ptes 0-15, vma data.bin, counter maj_flt."
