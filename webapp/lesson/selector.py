"""Selectors name a stage of a run by what happens there, never by its number.

``fault[1].filemap_fault`` is the stage in which the first fault enters ``filemap_fault()``, wherever that
is in this run. The grammar, with every form explained, is the table in ``lessons/README.md``.

Here a selector is read; ``finder.py`` looks for the stage. ``static/js/selector.js`` does both in the browser,
and ``tests/golden/selectors.json`` holds the two to the same answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from webapp.lesson.problem import SelectorError

NAME = r"[A-Za-z_][A-Za-z0-9_]*"
COUNT = r"(?:\[([1-9][0-9]{0,5})\])?"
FIRST = re.compile(rf"(?:(start|exit|run)|call\[({NAME})\]{COUNT}|fault\[([1-9][0-9]{{0,5}})\])(?![^.])")
RESERVED = r"(?!(?:return|step)(?![A-Za-z0-9_]))"
INNER = re.compile(rf"\.(?:(return)|step\(([a-z0-9_-]+)\){COUNT}|({RESERVED}{NAME}){COUNT})(?![^.])")


@dataclass(frozen=True, slots=True)
class Part:
    """One link of a selector: the ``count``-th thing of that kind and name inside what stands before it.

    Kinds: start, exit, run, call, fault (these begin a selector), function, step, return.
    """

    kind: str
    name: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector that has been read: its text and its links from the outside in."""

    text: str
    parts: tuple[Part, ...]


def parse(text: str) -> Selector:
    """Read a selector; raises `SelectorError`."""
    match = FIRST.match(text)
    if not match:
        raise SelectorError(
            f"'{text}' does not begin with a place in the run.",
            "Begin with start, exit, run, call[mmap] or fault[1]; counts start at 1.",
        )
    parts = [_first(match)]
    at = match.end()
    while at < len(text):
        match = INNER.match(text, at)
        if not match:
            raise SelectorError(
                f"'{text}' cannot be read from '{text[at:]}' on.",
                "Go on with .function_name, .function_name[2], .step(kind) or .return; counts start at 1.",
            )
        is_return, kind, kind_count, function, function_count = match.groups()
        if is_return:
            parts.append(Part("return"))
        elif kind:
            parts.append(Part("step", kind, int(kind_count or 1)))
        else:
            parts.append(Part("function", function, int(function_count or 1)))
        at = match.end()
    _check_order(text, parts)
    return Selector(text, tuple(parts))


def _first(match: re.Match[str]) -> Part:
    """The place that a selector begins with."""
    word, call, call_count, fault_count = match.groups()
    if call:
        return Part("call", call, int(call_count or 1))
    if fault_count:
        return Part("fault", count=int(fault_count))
    return Part(word)


def _check_order(text: str, parts: list[Part]) -> None:
    """Refuse links that cannot follow each other."""
    first = parts[0].kind
    if first in ("start", "exit") and len(parts) > 1:
        raise SelectorError(f"'{text}': nothing can follow {first}.", f"Write {first} alone.")
    if first == "run" and (len(parts) == 1 or parts[1].kind == "return"):
        raise SelectorError(f"'{text}' names the whole run.", "Say what in it, such as run.step(ra-window)[2].")
    for part in parts[:-1]:
        if part.kind in ("step", "return"):
            raise SelectorError(f"'{text}': nothing can follow .{part.kind}.", "Put it last.")
