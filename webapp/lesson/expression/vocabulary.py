"""Every word of the expression language: its type, its meaning, an example.

The tables of ``lessons/README.md`` are made from these, and a test evaluates every example.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Type(Enum):
    """What a value can be."""

    NUMBER = "a number"
    TRUTH = "true or false"
    TEXT = "a text"
    PAGES = "a set of pages"
    ANY = "a value known only when the run is there"


NUMBER, TRUTH, TEXT, PAGES, ANY = Type.NUMBER, Type.TRUTH, Type.TEXT, Type.PAGES, Type.ANY


@dataclass(frozen=True, slots=True)
class Word:
    """One word: what it yields, and what it takes in order (functions only)."""

    type: Type
    meaning: str
    example: str = ""
    takes: tuple[Type | str, ...] = ()  # "selector" and "expression" are not values


# Events. Those of the whole run, in order, counted from 1.
COLLECTIONS: dict[str, dict[str, Word]] = {
    "fault": {
        "n": Word(NUMBER, "its number, as in `fault[3]`"),
        "page": Word(NUMBER, "the page touched, counted from the start of its mapping; -1 outside every mapping"),
        "mapping": Word(NUMBER, "the number of the mapping, in the order of the successful `mmap` calls; 0 for none"),
        "major": Word(TRUTH, "counted in `maj_flt`"),
        "minor": Word(TRUTH, "counted in `min_flt`"),
        "fatal": Word(TRUTH, "it ended in a signal"),
        "signal": Word(TEXT, "the name of the signal, such as `'SIGSEGV'`, or the empty text"),
        "write": Word(TRUTH, "the access was a write"),
        "attempts": Word(NUMBER, "how often `handle_mm_fault` was called for it"),
        "fsr": Word(NUMBER, "the fault status register"),
        "around": Word(PAGES, "the file pages that fault-around looked at"),
        "mapped": Word(PAGES, "the pages whose PTEs were set, counted from the start of the mapping"),
        "cached": Word(PAGES, "the file pages that entered the page cache meanwhile"),
        "requests": Word(NUMBER, "read requests that it submitted"),
        "pages_read": Word(NUMBER, "pages that those requests asked for"),
        "windows": Word(NUMBER, "readahead decisions that led to reading"),
        "asked": Word(NUMBER, "how often `filemap_fault` was called for it"),
        "bits": Word(NUMBER, "the low 12 bits of the PTE that it set for the page touched; 0 for none"),
    },
    "io": {
        "n": Word(NUMBER, "its number, as in `io[1]`"),
        "pages": Word(NUMBER, "how many pages it moves"),
        "write": Word(TRUTH, "it writes to the disk"),
    },
    "window": {
        "n": Word(NUMBER, "its number, as in `window[2]`"),
        "start": Word(NUMBER, "its first page"),
        "size": Word(NUMBER, "its number of pages"),
        "async": Word(NUMBER, "how many of its last pages stand behind the marker, that page included"),
    },
    "call": {
        "n": Word(NUMBER, "its number among all system calls"),
        "name": Word(TEXT, "its name"),
        "ret": Word(NUMBER, "what it returned"),
        "failed": Word(TRUTH, "it returned an error"),
    },
}
COLLECTION_MEANING = {
    "fault": "data and prefetch aborts, once they are over",
    "io": "requests to the disk",
    "window": "readahead windows, each a call of `do_page_cache_ra`",
    "call": "system calls, once they have returned; `call[mmap]` is the first `mmap`, `call[mmap][2]` the second",
}

AGGREGATES: dict[str, Word] = {
    "count": Word(NUMBER, "how many", "count(fault where major)"),
    "sum": Word(NUMBER, "the sum of a number of each", "sum(io.pages where not write)"),
    "max": Word(NUMBER, "the largest; 0 when there are none", "max(window.size)"),
    "min": Word(NUMBER, "the smallest; 0 when there are none", "min(fault.page)"),
    "union": Word(PAGES, "the sets of all, together", "union(fault.mapped where minor)"),
}

# Plain words.
NAMES: dict[str, Word] = {
    "status": Word(NUMBER, "the program's exit status; -1 when it did not end by itself", "status == 0"),
    "signal": Word(TEXT, "the signal that ended it, or the empty text", "signal == ''"),
    "stdout": Word(TEXT, "what it printed, without blanks at both ends", "stdout == '7584'"),
    "stages": Word(NUMBER, "how many stages the run has", "stages > 1000"),
    "lines": Word(NUMBER, "lines of the program that hold code: no blank ones, no comments", "lines < 30"),
    "time": Word(NUMBER, "virtual nanoseconds since the start", "time > 0"),
}

# Functions of the run.
FUNCTIONS: dict[str, Word] = {
    "happens": Word(TRUTH, "the run has this stage", "happens(fault[1].filemap_fault)", ("selector",)),
    "stage": Word(NUMBER, "the number of this stage", "stage(start) == 0", ("selector",)),
    "next": Word(
        TEXT, "the function that the same task enters next", "next(fault[1].__do_fault) == 'ext4_filemap_fault'",
        ("selector",),
    ),
    "arg": Word(
        ANY, "an argument of the function entered, or a value of the step, by name",
        "arg(fault[1].step(ra-window), 'size') == 32", ("selector", TEXT),
    ),
    "ret": Word(
        ANY, "what the function entered returns", "'VM_FAULT_RETRY' in ret(fault[1].handle_mm_fault)", ("selector",)
    ),
    "at": Word(
        ANY, "a question about the state after this stage",
        "at(fault[1].submit_bio, cached('data.bin')) == {0-31}", ("selector", "expression"),
    ),
    "pages": Word(PAGES, "the pages from one to another", "pages(0, 15) == {0-15}", (NUMBER, NUMBER)),
    "bytes": Word(NUMBER, "the size of a file", "bytes('data.bin') == 262144", (TEXT,)),
    # State: sets of pages of a file.
    "cached": Word(PAGES, "pages of the file in the page cache", "cached('data.bin') == {0-63}", (TEXT,)),
    "mapped": Word(PAGES, "pages of the file that a PTE of the program points at", "mapped('data.bin') == {}", (TEXT,)),
    "flagged": Word(
        PAGES, "cached pages with this flag of `page->flags`", "flagged('data.bin', 'uptodate') == {0-63}", (TEXT, TEXT)
    ),
    "on_list": Word(
        PAGES, "cached pages on this LRU list", "on_list('data.bin', 'inactive_file') == {0-63}", (TEXT, TEXT)
    ),
}  # fmt: skip

# State: one object and its fields. What is not there has zeros, as an empty PTE has.
OBJECTS: dict[str, dict[str, Word]] = {
    "page": {
        "flags": Word(NUMBER, "the flag word", "page('data.bin', 24).flags > 0"),
        "pfn": Word(NUMBER, "the frame number", "page('data.bin', 0).pfn > 0"),
        "mapcount": Word(NUMBER, "how many PTEs point at it", "page('data.bin', 0).mapcount == 0"),
        "refcount": Word(NUMBER, "references", "page('data.bin', 0).refcount > 0"),
    },
    "pte": {
        "linux": Word(NUMBER, "Linux's word", "pte('data.bin', 0).linux == 0"),
        "hw": Word(NUMBER, "the word for the MMU", "pte('data.bin', 0).hw == 0"),
        "pfn": Word(NUMBER, "the frame that it points at", "pte('data.bin', 0).pfn == 0"),
        "present": Word(TRUTH, "L_PTE_PRESENT", "not pte('data.bin', 0).present"),
        "young": Word(TRUTH, "L_PTE_YOUNG", "not pte('data.bin', 0).young"),
        "dirty": Word(TRUTH, "L_PTE_DIRTY", "not pte('data.bin', 0).dirty"),
        "rdonly": Word(TRUTH, "L_PTE_RDONLY", "not pte('data.bin', 0).rdonly"),
    },
    "vma": {
        "exists": Word(TRUTH, "the file is mapped", "not vma('data.bin').exists"),
        "start": Word(NUMBER, "its first address", "vma('data.bin').start == 0"),
        "end": Word(NUMBER, "the first address behind it", "vma('data.bin').end == 0"),
        "pages": Word(NUMBER, "its length in pages", "vma('data.bin').pages == 0"),
        "pgoff": Word(NUMBER, "the file page at its start", "vma('data.bin').pgoff == 0"),
    },
}
OBJECT_TAKES: dict[str, tuple[Type, ...]] = {"page": (TEXT, NUMBER), "pte": (TEXT, NUMBER), "vma": (TEXT,)}
OBJECT_MEANING = {
    "page": "the cached page of a file, by its number in the file",
    "pte": "the PTE of the first mapping of a file that covers this page of it",
    "vma": "the first mapping of a file, by address",
}

# State: rows of which there is one. Their fields are those of the model; they count from the start of the run.
ROWS = {
    "vmstat": "counters of memory, as in /proc/vmstat",
    "lru": "lengths of the LRU lists",
    "disk": "what the disk has done",
    "task": "the program's task: `maj_flt`, `min_flt`",
    "mm": "its address space: `map_count`, `total_vm`, `rss_file`",
    "cpu": "registers: `DFAR`, `DFSR`",
    "machine": "the machine's settings",
}
ROW_EXAMPLE = {
    "vmstat": "vmstat.pgmajfault >= 1", "lru": "lru.inactive_file == 64", "disk": "disk.reads == 2",
    "task": "task.maj_flt == 3", "mm": "mm.map_count > 0", "cpu": "cpu.DFSR == 0x17",
    "machine": "machine.read_ahead_kb == 128",
}  # fmt: skip
