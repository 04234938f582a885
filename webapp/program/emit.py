"""Python text of a whole program.

One factory function `_program` holds an async function for every C function. Only identifiers made here and numbers
appear in the text: names of C variables are kept where Python allows them, everything else begins with an underscore,
which no C name keeps.
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass

from webapp.program.check import Checked
from webapp.program.emit_statements import Statements
from webapp.program.emit_stores import TooLarge
from webapp.program.errors import Mistakes
from webapp.program.limits import Limits
from webapp.program.stmts import Block, FunctionBody, Return, Stmt
from webapp.program.tree import AddressOf, Deref, Held, Variable
from webapp.program.types import CType, Pointer

FRAME_ALIGN = 8
FIXED_NAMES = [
    "_c",
    "_rd",
    "_wr",
    "_stack",
    "_templates",
    "_fuel",
    "_deep",
    "_fill",
    "_zero",
    "_copy",
    "_quotient",
    "_remainder",
    "_div",
    "_mod",
    "_wrap32",
    "_wrap64",
]
ACCESS_NAMES = [f"_{what}_{kind}{bits}" for what in "lgspw" for kind in "iu" for bits in (8, 16, 32, 64)]


@dataclass(frozen=True, slots=True)
class Seen:
    """A local variable as a debugger sees it; ``python`` is empty for one that lies at ``offset`` in the frame."""

    name: str
    type: CType
    first: int
    last: int
    python: str
    offset: int


@dataclass(frozen=True, slots=True)
class Emitted:
    """The Python text and what running it needs besides."""

    source: str
    templates: list[bytes]  # initial values of arrays and structs
    variables: dict[str, list[Seen]]  # by C function
    lines: set[int]  # of the C program, that hold code
    libraries: list[str]  # functions of the C library that are called


def emit(checked: Checked, mistakes: Mistakes, limits: Limits) -> Emitted:
    """Emit a program; what Python cannot take is a mistake."""
    templates: list[bytes] = []
    variables: dict[str, list[Seen]] = {}
    lines: set[int] = set()
    libraries = sorted(checked.libraries)
    out = [f"def _program({', '.join([*FIXED_NAMES, *ACCESS_NAMES, *(f'_x_{name}' for name in libraries)])}):"]
    size = 0
    for body in checked.functions:
        writer = Statements(mistakes, limits, templates)
        writer.size = size
        try:
            emit_function(writer, body, mistakes, limits)
        except TooLarge:
            mistakes.add(writer.line or body.line, 1, "the program becomes too large when compiled.")
            break
        size = writer.size
        out += writer.lines
        lines |= writer.with_code
        variables[body.name] = [
            Seen(var.name, var.type, var.first, var.last, "" if var.in_memory else var.python, var.offset)
            for var in body.variables
        ]
    names = ", ".join(f'"{body.name}": _f_{body.name}' for body in checked.functions)
    out.append(f"    return {{{names}}}")
    return Emitted("\n".join(out) + "\n", templates, variables, lines, libraries)


def emit_function(writer: Statements, body: FunctionBody, mistakes: Mistakes, limits: Limits) -> None:
    """One C function."""
    name_variables(body)
    lay_out(body)
    if body.frame_size > limits.stack_bytes:
        mistakes.add(
            body.line, 1, f"the variables of {body.name}() take more than {limits.stack_bytes} bytes of stack."
        )
    line = body.line
    params = ", ".join(["_d", "_s", *(var.python for var in body.params)])
    writer.indent = 1
    writer.put(f"async def _f_{body.name}({params}):")
    writer.indent = 2
    writer.line = line
    writer.put(f"if _d > {limits.stack_depth}: _deep({line})")
    if body.frame_size:
        writer.put(f"_s -= {body.frame_size}")
        writer.put(f"if _s < _stack.low: _stack.grow({line}, _s)")
        writer.put(f"_zero(_s, {body.frame_size})")
    writer.put("_c.fuel -= 1")
    writer.put(f"if _c.fuel < 0: await _fuel({line})")
    plain = [var.python for var in body.variables if not var.in_memory and not var.parameter]
    if plain:
        writer.put(" = ".join(plain) + " = 0")
    for var in body.params:
        if var.in_memory:
            spill(writer, var, line)
    for stmt in body.body.body:
        writer.statement(stmt)
    if not ends_with_return(body.body):
        writer.put("return 0")
    writer.lines.append("")


def spill(writer: Statements, var: Variable, line: int) -> None:
    """Put a parameter whose address is taken where it has one."""
    place = Deref(var.type, line, AddressOf(Pointer(var.type), line, var))
    writer.store(place, Held(var.type, line, python=var.python), line)


def ends_with_return(block: Block) -> bool:
    last: Stmt | None = block.body[-1] if block.body else None
    return isinstance(last, Return)


def name_variables(body: FunctionBody) -> None:
    """Give every local a Python name: its own if it can keep it."""
    taken: set[str] = set()
    for var in body.variables:
        stem = var.name.strip("_") or "v"
        if not (stem[0].isalpha() and stem.isascii()):
            stem = "v" + stem
        name, number = stem, 1
        while name in taken or keyword.iskeyword(name):
            number += 1
            name = f"{stem}_{number}"
        taken.add(name)
        var.python = name


def lay_out(body: FunctionBody) -> None:
    """Give the variables that live in memory their places in the frame."""
    offset = 0
    for var in body.variables:
        if var.in_memory:
            offset = -(-offset // var.type.align) * var.type.align
            var.offset = offset
            offset += var.type.size
    body.frame_size = -(-offset // FRAME_ALIGN) * FRAME_ALIGN
