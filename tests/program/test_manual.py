"""The editor's one line on each function and constant."""

from webapp.program.headers import CONSTANTS
from webapp.program.library import LIBRARY
from webapp.program.manual import CALLS, MEANINGS, manual


def test_every_function_has_its_line_and_no_other_has():
    assert set(CALLS) == set(LIBRARY)  # add a line to webapp/program/manual.py for a function that is new


def test_every_meaning_belongs_to_a_constant():
    assert set(MEANINGS) <= set(CONSTANTS)


def test_a_function_of_fixed_arguments_names_each():
    for name, function in LIBRARY.items():
        named = [each for each in CALLS[name][0].split(", ") if each not in ("", "...")]
        assert len(named) == len(function.params) if not function.variadic else len(named) >= len(function.params), name


def test_an_entry_tells_how_to_write_it():
    entries = {entry.name: entry for entry in manual()}

    assert entries["mmap"].form == "mmap(addr, length, prot, flags, fd, offset)"
    assert entries["MAP_PRIVATE"].form == "2"
    assert entries["MAP_PRIVATE"].header == "sys/mman.h"
    assert all(entry.doc.endswith(".") for entry in entries.values() if entry.doc)
