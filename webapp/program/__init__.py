"""C programs: compiled once to Python, then run against the machine.

    program = compile_program(text, "seq_read.c")     # ProgramError holds all the mistakes
    process = program.load()                          # a fresh image for one run
    status = await process.main(cpu)                  # the exit status

The C is a subset of what gcc takes for 32-bit ARM, with the same results: preprocess, parse, check, emit. See `check`
for the order of evaluation, `image` for the address space, `library` for the functions that can be called, `limits`
for what is bounded.

Refused by name: float and double, goto, calls through pointers to functions (only signal handlers have addresses),
bit-fields, variable-length arrays, structs passed by value.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from webapp.program.check import Checked, check
from webapp.program.emit import Emitted, Seen, emit
from webapp.program.errors import Mistake, Mistakes, ProgramError
from webapp.program.image import Image, Segments
from webapp.program.limits import Limits
from webapp.program.parse import parse
from webapp.program.port import Cpu
from webapp.program.preprocess import preprocess
from webapp.program.process import Process
from webapp.program.scene import Scene, read_scene

Factory = Callable[..., dict[str, Callable[..., Awaitable[int]]]]


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled program; it can be run any number of times."""

    name: str
    text: str
    scene: Scene
    python_source: str
    lines: frozenset[int]  # that hold code
    limits: Limits
    segments: Segments
    templates: list[bytes]
    variables: dict[str, list[Seen]]
    libraries: list[str]
    resumable: dict[str, tuple[str, ...]]  # functions that can go on in the middle, and the names they need for it
    parameters: dict[str, int]  # of every function, how many
    handlers: dict[int, str]  # functions that have an address because the program takes it
    forks: bool
    main_arguments: int
    factory: Factory

    def load(self) -> Process:
        """A fresh run of it."""
        return Process(self)

    async def run(self, cpu: Cpu) -> int:
        """Load and run it on a machine that has nothing pinned yet; returns the exit status."""
        process = self.load()
        process.image.pin(cpu.readable, cpu.writable)
        return await process.main(cpu)


def compile_program(text: str, name: str = "prog.c", limits: Limits | None = None) -> Program:
    """Compile C; raises `ProgramError` with every mistake that could be found."""
    limits = limits or Limits()
    mistakes = Mistakes(name, text)
    if len(text.encode("utf-8", "surrogatepass")) > limits.source_bytes:
        mistakes.add(1, 1, f"the program is too long: at most {limits.source_bytes} bytes.")
        mistakes.raise_if_any()
    text = text.replace("\r\n", "\n")
    scene = read_scene(text, mistakes, limits)
    try:
        checked, emitted = translate(text, mistakes, limits)
    except RecursionError:
        mistakes.add(1, 1, "the program is nested too deeply somewhere: split up its longest expressions.")
    mistakes.raise_if_any()
    main = next(body for body in checked.functions if body.name == "main")
    return Program(
        name=name,
        text=text,
        scene=scene,
        python_source=emitted.source,
        lines=frozenset(emitted.lines),
        limits=limits,
        segments=checked.segments,
        templates=emitted.templates,
        variables=emitted.variables,
        libraries=emitted.libraries,
        resumable=emitted.resumable,
        parameters={body.name: len(body.params) for body in checked.functions},
        handlers=checked.segments.functions_by_address(),
        forks=emitted.forks,
        main_arguments=len(main.params),
        factory=build(emitted.source, mistakes),
    )


def translate(text: str, mistakes: Mistakes, limits: Limits) -> tuple[Checked, Emitted]:
    """From C to Python text; raises `ProgramError` after any mistake."""
    unit = preprocess(text, mistakes, limits)
    tree = parse(unit, mistakes, limits)
    checked = check(tree, unit, mistakes, limits) if tree is not None else None
    mistakes.raise_if_any()
    assert checked is not None
    emitted = emit(checked, mistakes, limits)
    mistakes.raise_if_any()
    return checked, emitted


def build(source: str, mistakes: Mistakes) -> Factory:
    """Compile the Python text. It sees no builtins: all that it needs are the arguments of its factory."""
    namespace: dict[str, Any] = {"__builtins__": {}}
    try:
        exec(compile(source, f"<{mistakes.name} as Python>", "exec"), namespace)
    except (SyntaxError, RecursionError, MemoryError):
        mistakes.add(1, 1, "the program is nested too deeply somewhere: split up its longest expressions.")
        mistakes.raise_if_any()
    factory: Factory = namespace["_program"]
    return factory


__all__ = [
    "Cpu",
    "Image",
    "Limits",
    "Mistake",
    "Process",
    "Program",
    "ProgramError",
    "Scene",
    "compile_program",
]
