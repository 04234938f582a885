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
from webapp.program.sites import Flattened, Sites, forking
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
    "_go_on",
    "_jump",
    "_land",
    "_new_frame",
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
    resumable: dict[str, tuple[str, ...]]  # functions that can go on in the middle, and the names they need for it
    forks: bool  # whether the program can fork


def emit(checked: Checked, mistakes: Mistakes, limits: Limits) -> Emitted:
    """Emit a program; what Python cannot take is a mistake."""
    templates: list[bytes] = []
    variables: dict[str, list[Seen]] = {}
    lines: set[int] = set()
    resumable: dict[str, tuple[str, ...]] = {}
    libraries = sorted(checked.libraries)
    forks = forking(checked.functions)
    out = [f"def _program({', '.join([*FIXED_NAMES, *ACCESS_NAMES, *(f'_x_{name}' for name in libraries)])}):"]
    size = 0
    for body in checked.functions:
        writer = Statements(mistakes, limits, templates)
        writer.size = size
        try:
            needed = emit_function(writer, body, forks)
        except TooLarge:
            mistakes.add(writer.line or body.line, 1, "the program becomes too large when compiled.")
            break
        size = writer.size
        if needed:
            resumable[body.name] = needed
        out += writer.lines
        lines |= writer.with_code
        variables[body.name] = [
            Seen(var.name, var.type, var.first, var.last, "" if var.in_memory else var.python, var.offset)
            for var in body.variables
        ]
    names = ", ".join(f'"{body.name}": _f_{body.name}' for body in checked.functions)
    out.append(f"    return {{{names}}}")
    source = "\n".join(out) + "\n"
    return Emitted(source, templates, variables, lines, libraries, resumable, bool(forks))


def emit_function(writer: Statements, body: FunctionBody, forks: frozenset[str]) -> tuple[str, ...]:
    """One C function; the names that it needs to go on in the middle, if it can."""
    flattened = Flattened(body, forks)
    resumable = flattened.rewrite()
    name_variables(body)
    lay_out(body)
    limits = writer.limits
    if body.frame_size > limits.stack_bytes:
        writer.mistakes.add(
            body.line, 1, f"the variables of {body.name}() take more than {limits.stack_bytes} bytes of stack."
        )
    params = ["_d", "_s", *(var.python for var in body.params)]
    writer.indent = 1
    writer.line = body.line
    writer.put(f"async def _f_{body.name}({', '.join([*params, '_saved=None'] if resumable else params)}):")
    writer.indent = 2
    if not resumable:
        prologue(writer, body)
        writer.sequence(body.body.body)
        epilogue(writer, body)
        return ()
    writer.sites = Sites(body, flattened)
    return resumable_body(writer, body)


def resumable_body(writer: Statements, body: FunctionBody) -> tuple[str, ...]:
    """A body that begins at its top, or at a site with ``_saved``: what its names held when it stood there.

    Where it calls sigsetjmp, a jump to this activation (``_frame``) is caught, and the body entered once more.
    """
    assert writer.sites is not None
    first = len(writer.lines)
    jumped_to = writer.sites.jumps
    writer.put("_at = 0")
    if jumped_to:
        writer.put("_frame = _new_frame()")
    writer.indent += 1
    prologue(writer, body)
    writer.indent -= 1
    began = len(writer.lines)
    if jumped_to:
        writer.put("while True:")
        writer.put("    try:")
        writer.indent += 2
    writer.sequence(body.body.body)
    epilogue(writer, body)
    if jumped_to:
        writer.indent -= 2
        writer.put("    except _jump as _j:")
        writer.put("        _at = _land(_j, _frame)")
        writer.put("        if not _at: raise")
    names = ("_d", "_s", *(["_frame"] if jumped_to else []), *python_names(body), *writer.kept)
    writer.lines[began:began] = [f"        else: _at, {', '.join(names)} = _saved"]
    start, rest = writer.lines[first : first + 1 + bool(jumped_to)], writer.lines[first + 1 + bool(jumped_to) :]
    writer.lines[first:] = ["        if _saved is None:", *("    " + line for line in start), *rest]
    return names


def python_names(body: FunctionBody) -> list[str]:
    """The variables of a function that are Python's."""
    return [var.python for var in body.variables if not var.in_memory or var.parameter]


def prologue(writer: Statements, body: FunctionBody) -> None:
    """What comes before the first statement: depth, stack frame, fuel, variables."""
    line, limits = body.line, writer.limits
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


def epilogue(writer: Statements, body: FunctionBody) -> None:
    """The end of the body, where it is reached."""
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
