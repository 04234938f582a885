"""What the page knows about the model before any run: its functions, its names for numbers, its example programs."""

from __future__ import annotations

import gzip
import importlib
import re
from dataclasses import asdict, dataclass, fields
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

import webapp.kernel
from webapp import __version__, paths
from webapp.kernel.include.linux import mm, page_flags
from webapp.kernel.include.uapi.asm_generic import errno, mman
from webapp.kernel.machine import REGISTRY, FunctionInfo, MachineSettings
from webapp.program import ProgramError, compile_program
from webapp.program.manual import manual

GZIP_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is made once: plain, compressed, and named by its hash."""

    body: bytes
    packed: bytes
    etag: str


# What a program is about, from the plain to the special, and what in its text says so.
TOPICS = {
    "Reading through a mapping": r"",
    "Reading with read()": r"\bp?readv?\(",
    "Writing": r"PROT_WRITE|\bp?write\(",
    "Memory without a file": r"MAP_ANON|malloc\(",
    "Advice, locking and mincore": r"\b(madvise|posix_fadvise|readahead|mlock|mincore)\(",
    "Changing mappings": r"\b(mprotect|mremap|ftruncate)\(|MAP_FIXED",
    "Signals": r"\b(signal|sigaction)\(",
    "Two processes": r"\bfork\(",
    "Memory runs short": r"memcg_pages|mem=|drop_caches",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A program to start from. ``origin`` is ``recording`` or the folder of a lesson, ``topic`` one of `TOPICS`."""

    id: str
    name: str
    title: str
    text: str
    origin: str
    topic: str


def document(content: Any) -> Document:
    """``content`` as a `Document` in JSON."""
    return pack(orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS))


def pack(body: bytes) -> Document:
    """Text as a `Document`."""
    return Document(body, gzip.compress(body, GZIP_LEVEL, mtime=0), sha256(body).hexdigest()[:32])


@cache
def model() -> Document:
    """Every modelled function with its docstring, and the names of flags and errors."""
    _import_all()
    functions = {name: _function(info) for name, info in sorted(REGISTRY.items())}
    library = [asdict(entry) for entry in manual()]
    settings = _settings()
    return document(
        {"version": __version__, "functions": functions, "names": _names(), "settings": settings, "library": library}
    )


@cache
def sources() -> Document:
    """The text of every modelled function, by its name, in lines: the largest part, which is seen last."""
    _import_all()
    return document({name: info.source for name, info in sorted(REGISTRY.items())})


@cache
def programs() -> Document:
    """The example programs."""
    return document([vars_of(example) for example in examples()])


@cache
def examples() -> tuple[Example, ...]:
    """Programs of the recordings of the real kernel and of lessons, by topic; only such as run.

    In each topic the recordings come first, which are about one thing each. Solutions of exercises are not among them.
    """
    lessons = paths.lessons_dir()
    files = sorted(lessons.glob("*/*.c"), key=lambda path: (path.parent.name == "recordings", path))
    files = [path for path in files if not path.stem.startswith("solution")]
    found = [example for example in map(_example, files) if _compiles(example)]
    return tuple(sorted(found, key=lambda example: (list(TOPICS).index(example.topic), example.origin != "recording")))


def _compiles(example: Example) -> bool:
    try:
        compile_program(example.text, example.name)
    except ProgramError:
        return False
    return True


def vars_of(example: Example) -> dict[str, str]:
    """The example as plain data."""
    return {name: getattr(example, name) for name in Example.__slots__}


def _example(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    folder = path.parent.name
    origin = "recording" if folder == "recordings" else folder
    id = path.stem if origin == "recording" else f"{folder}/{path.stem}"
    return Example(id, path.name, _title(text) or path.stem.replace("_", " "), text, origin, _topic(text))


def _topic(text: str) -> str:
    """What a program is an example of: the last topic whose signs it shows."""
    return next(name for name, signs in reversed(TOPICS.items()) if re.search(signs, text))


def _title(text: str) -> str:
    """The first comment of a program, without its full stop."""
    match = re.match(r"\s*(?://[ \t]*(?P<line>[^\n]+)|/\*[\s*]*(?P<block>[^\n*]+))", text)
    found = (match["line"] or match["block"]).strip() if match else ""
    return "" if re.match(r"(files|machine):", found) else found.removesuffix(".")


def _function(info: FunctionInfo) -> dict[str, Any]:
    return {
        "file": info.file,
        "model": info.model,
        "line": info.line,
        "inlined": info.inlined,
        "hardware": info.hardware,
        "doc": info.doc,
        "params": info.params,
    }


def _names() -> dict[str, dict[str, int]]:
    """Names of numbers that a stage may hold, by kind."""
    constants = {name: value for name, value in vars(mman).items() if isinstance(value, int)}
    return {
        "errno": {name: number for number, name in errno.ERRNO_NAMES.items()},
        "page_flags": page_flags.PAGE_FLAG_NAMES,
        "vm_flags": mm.VM_FLAG_NAMES,
        "vm_fault": mm.VM_FAULT_NAMES,
        "prot": {name: value for name, value in constants.items() if name.startswith("PROT_")},
        "map": {name: value for name, value in constants.items() if name.startswith("MAP_")},
        "madvise": {name: value for name, value in constants.items() if name.startswith("MADV_")},
    }


def _settings() -> dict[str, dict[str, Any]]:
    """The machine settings with default, range and explanation."""
    return {
        setting.name: {
            "default": setting.default,
            "low": setting.metadata["range"][0],
            "high": setting.metadata["range"][1],
            "whole": isinstance(setting.default, int),
            "help": setting.metadata["help"],
        }
        for setting in fields(MachineSettings)
    }


def _import_all() -> None:
    """Import every module of the kernel, so that each function is registered."""
    root = Path(next(iter(webapp.kernel.__path__)))
    for file in sorted(root.rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        importlib.import_module(".".join(("webapp.kernel", *(part for part in parts if part != "__init__"))))
