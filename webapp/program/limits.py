"""What a program may use. Programs come from strangers: everything that can grow has a bound here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one program; those of the text give mistakes, those of the run end it with a sentence."""

    source_bytes: int = 65536  # of the program text
    tokens: int = 40_000  # after macro expansion
    nesting: int = 60  # of brackets, blocks and operators within one another
    loops: int = 8  # of loops and switches within one another
    emitted_bytes: int = 4 << 20  # of the Python text made of it
    data_bytes: int = 1 << 20  # of global variables and of string literals
    stack_bytes: int = 1 << 20  # of simulated stack
    stack_depth: int = 500  # of C functions within one another
    output_chars: int = 65536  # printed by one run
    files: int = 16
    file_name_chars: int = 64
    file_pages: int = 65536
