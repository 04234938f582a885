"""The one record of what happened: stages, and the state that each of them changed.

A *stage* is one event of a run. It is recorded when a kernel function is entered (``call``), when it
returns (``return``) and whenever something worth seeing happens inside one (``step``). Every change of
tracked state since the stage before travels with it as ``(ref, field, before, after)``.

Rules for callers:
    * Change state first, then record the stage.
    * State that a student may see lives in `Tracked` objects or `TrackedMap` entries; nothing else keeps history.
    * A ref names one incarnation of an object: a page that was dropped and read again gets a new ref.
    * Field ``"*"`` of a change is the whole row: created (before is None) or gone (after is None).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import InitVar, dataclass, fields
from typing import Any, ClassVar, NamedTuple

from webapp.kernel.errors import RunLimit

Change = tuple[str, str | int, Any, Any]
Row = dict[str, Any]
Rows = dict[str, Row]
NO_CHANGES: list[Change] = []
FLUSH_EVERY = 64  # stages handed to the sink at once


class Journal:
    """Collects stages and hands them to ``sink`` in small lists, oldest first.

    ``recording`` may be switched off for speed; virtual time and every result stay the same.
    """

    def __init__(self, limit: int = 200_000) -> None:
        self.recording = True
        self.limit = limit
        self.count = 0
        self.changes: list[Change] = []
        self.pending: list[RawStage] = []
        self.sink: Callable[[list[RawStage]], None] = lambda stages: None
        self._serials: dict[str, int] = {}

    def serial(self, kind: str) -> int:
        """The next number for a ref of this kind, from 1."""
        number = self._serials.get(kind, 0) + 1
        self._serials[kind] = number
        return number

    def take(self) -> list[Change]:
        """The changes since the last stage; they belong to the next one."""
        changes = self.changes
        if changes:
            self.changes = []
            return changes
        return NO_CHANGES

    def record(
        self, t: int, task: int, ctx: str, op: str, fn: str, depth: int, at: int,
        kind: str = "", text: str = "", values: dict[str, Any] | None = None, ret: int | str | None = None,
    ) -> None:  # fmt: skip
        """Append one stage, with the changes since the one before. The arguments are the fields of `RawStage`.

        Raises `RunLimit` when the run has recorded all that it may.
        """
        changes = self.take()
        self.pending.append(
            tuple.__new__(RawStage, (self.count, t, task, ctx, op, fn, depth, at, kind, text, values, ret, changes))
        )
        self.count += 1
        if len(self.pending) >= FLUSH_EVERY:
            self.flush()
        if self.count >= self.limit:
            self.recording = False
            raise RunLimit(f"Stopped after {self.limit:,} stages, the most that one run may record.")

    def flush(self) -> None:
        """Hand over what is pending, so that a reader sees every stage up to now."""
        if self.pending:
            stages, self.pending = self.pending, []
            self.sink(stages)


class RawStage(NamedTuple):
    """One stage as the model leaves it; `as_dict` turns it into plain data.

    ``at`` is the caller's source line on a call, the function's own line on a step, and the line of the
    C program where ``ctx`` is ``user``. ``values`` are the arguments of a call or the figures of a step.
    """

    n: int
    t: int
    task: int
    ctx: str
    op: str
    fn: str
    depth: int
    at: int
    kind: str
    text: str
    values: dict[str, Any] | None
    ret: int | str | None
    changes: list[Change]

    def as_dict(self) -> dict[str, Any]:
        """The stage as JSON-ready data; keys without content are left out."""
        n, t, task, ctx, op, fn, depth, at, kind, text, values, ret, changes = self
        out: dict[str, Any] = {"n": n, "t": t, "task": task, "ctx": ctx, "op": op, "fn": fn, "depth": depth}
        if at:
            out["at"] = at
        if kind:
            out["kind"] = kind
            out["text"] = text
        if values:
            out["args"] = values
        if ret is not None:
            out["ret"] = ret
        if changes:
            out["changes"] = changes
        return out


def plain(value: Any) -> Any:
    """What a row holds for this value: a ref for a tracked object, the value itself otherwise."""
    return value.ref if isinstance(value, Tracked) else value


@dataclass(eq=False)
class Tracked:
    """Base of all state that a student can see: an assignment to a public field is journalled.

    Subclasses are dataclasses; the first argument is the journal. Fields that start with an underscore
    are the model's own and are not shown.
    """

    KIND: ClassVar[str] = "object"
    SINGLE: ClassVar[bool] = False  # the only one of its kind: its ref is the kind itself
    journal: InitVar[Journal]

    def __post_init__(self, journal: Journal) -> None:
        state = self.__dict__
        state["ref"] = self.KIND if self.SINGLE else f"{self.KIND}/{journal.serial(self.KIND)}"
        state["_journal"] = journal
        self._born(journal)

    ref: ClassVar[str]

    def _born(self, journal: Journal) -> None:
        if journal.recording:
            journal.changes.append((self.ref, "*", None, self.row()))

    def row(self) -> Row:
        """The public fields and their plain values."""
        state = self.__dict__
        return {f.name: plain(state[f.name]) for f in fields(self) if f.name[0] != "_" and state[f.name] is not None}

    def forget(self) -> None:
        """The object ceases to exist; its row disappears."""
        journal = self.__dict__["_journal"]
        if journal.recording:
            journal.changes.append((self.ref, "*", self.row(), None))

    def __setattr__(self, name: str, value: Any) -> None:
        state = self.__dict__
        journal = state.get("_journal")
        if journal is None or not journal.recording or name[0] == "_":
            state[name] = value
            return
        before = state[name]
        state[name] = value
        if before is not value:
            before, after = plain(before), plain(value)
            if before != after:
                journal.changes.append((state["ref"], name, before, after))


@dataclass(eq=False)
class TrackedMap(Tracked):
    """A tracked object that also has numbered entries, such as page tables and the page cache."""

    KIND: ClassVar[str] = "map"

    def note(self, key: int | str, before: Any, after: Any) -> None:
        """Journal that entry ``key`` changed; whoever owns the entry has changed it already."""
        journal = self.__dict__["_journal"]
        if journal.recording and before != after:
            journal.changes.append((self.ref, key, before, after))


def apply(rows: Rows, changes: Iterable[Change]) -> None:
    """Carry ``rows`` over one stage, forwards."""
    for ref, field, _, after in changes:
        _put(rows, ref, field, after)


def revert(rows: Rows, changes: list[Change]) -> None:
    """Take ``rows`` back over one stage; the exact inverse of `apply`."""
    for ref, field, before, _ in reversed(changes):
        _put(rows, ref, field, before)


def _put(rows: Rows, ref: str, field: str | int, value: Any) -> None:
    if field != "*":
        if value is None:
            rows[ref].pop(str(field), None)
        else:
            rows[ref][str(field)] = value
    elif value is None:
        del rows[ref]
    else:
        rows[ref] = {str(name): held for name, held in value.items()}
