"""What a client may say, and how it is told that it may not.

Each message is one JSON object; `read` checks it against its form and returns a typed value. Whatever does not
fit raises `Refused` with a sentence that quotes the offending value and gives the form, and changes nothing.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, ClassVar, TypeVar

import msgspec

QUOTE_CHARACTERS = 60

RunId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=r"\A[^\x00-\x1f/\\<>]+\Z")]

Text = Annotated[str, msgspec.Meta(max_length=80)]


class Refused(Exception):
    """A request that cannot be met. ``what`` is a sentence; ``errors`` are places in the program."""

    def __init__(self, what: str, errors: list[dict[str, Any]] | None = None, run: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.errors = errors or []
        self.run = run

    def as_dict(self) -> dict[str, Any]:
        """The ``error`` object of the wire."""
        return {"what": self.what, "errors": self.errors}


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of what a client may send."""

    FORM: ClassVar[str] = "{}"
    COST: ClassVar[int] = 1  # against the client's message rate


class Open(Message, frozen=True):
    """Run this program from its start; in a lesson, as far as its questions are answered."""

    FORM: ClassVar[str] = '{"program": text, "name": "prog.c", "machine": {setting: number}, "lesson": id, "step": id}'
    COST: ClassVar[int] = 10

    program: str
    name: Name = "prog.c"
    machine: dict[str, int | float] = {}
    lesson: Text = ""
    step: Text = ""


class Check(Message, frozen=True):
    """Say what is wrong with this program; compile it and no more."""

    FORM: ClassVar[str] = '{"program": text, "name": "prog.c", "machine": {setting: number}}'
    COST: ClassVar[int] = 10

    program: str
    name: Name = "prog.c"
    machine: dict[str, int | float] = {}


class Resume(Message, frozen=True):
    """Go on with a run of which I hold the first ``have`` stages."""

    FORM: ClassVar[str] = '{"run": id, "have": number of stages held}'
    COST: ClassVar[int] = 5

    run: RunId
    have: Count


class Ack(Message, frozen=True):
    """I hold the first ``have`` stages; send more."""

    FORM: ClassVar[str] = '{"run": id, "have": number of stages held}'

    run: RunId
    have: Count


class Want(Message, frozen=True):
    """Send no stage from number ``upto`` on; null lifts the bound."""

    FORM: ClassVar[str] = '{"run": id, "upto": number of stages, or null}'

    run: RunId
    upto: Count | None


class Close(Message, frozen=True):
    """Forget this run."""

    FORM: ClassVar[str] = '{"run": id}'

    run: RunId


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stage by what happens there; static/js/place.js makes and finds it."""

    fault: Count
    op: Text
    fn: Text
    kind: Text
    nth: Count


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program on a machine at a stage: what a link carries, in the address or under an id."""

    program: Annotated[str, msgspec.Meta(min_length=1)]
    name: Name
    machine: dict[Text, int | float] = {}
    stage: Count = 0
    place: Place | None = None
    title: Annotated[str, msgspec.Meta(max_length=120)] = ""
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    model: Text = ""


class Keep(Message, frozen=True):
    """Store this share, for it is too long for a link."""

    FORM: ClassVar[str] = '{"share": {"program": text, "name": "prog.c", "stage": number, ...}}'
    COST: ClassVar[int] = 20

    share: Share


class Cat(Message, frozen=True):
    """Show me a file of /proc or /sys as it was after this stage."""

    FORM: ClassVar[str] = '{"run": id, "path": "/proc/self/maps", "stage": number}'
    COST: ClassVar[int] = 2

    run: RunId
    path: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    stage: Count


KINDS: dict[str, type[Message]] = {
    "open": Open,
    "check": Check,
    "resume": Resume,
    "ack": Ack,
    "want": Want,
    "close": Close,
    "keep": Keep,
    "cat": Cat,
}
M = TypeVar("M", bound=Message)


def read(kind: type[M], payload: Any) -> M:
    """The payload as a message of this kind, or `Refused` with a sentence."""
    try:
        return msgspec.convert(payload, kind)
    except msgspec.ValidationError as error:
        raise Refused(_sentence(kind, payload, str(error))) from None


def quote(value: Any) -> str:
    """The value as JSON, cut short: what a sentence may repeat of it."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=repr)
    except (ValueError, RecursionError):
        text = repr(type(value))
    return text if len(text) <= QUOTE_CHARACTERS else text[:QUOTE_CHARACTERS] + "..."


def _sentence(kind: type[Message], payload: Any, complaint: str) -> str:
    """Say what is wrong, quote it, and give the form."""
    wrong, _, path = complaint.partition(" - at `")
    value = _at(payload, path.rstrip("`"))
    where = re.sub(r"^\$\.?", "", path.rstrip("`")) or "the message"
    name = kind.__name__.lower()
    return f"The message {name!r} was not understood: {wrong} ({where} is {quote(value)}). Send {kind.FORM}."


def _at(value: Any, path: str) -> Any:
    """The part of ``value`` that a path such as ``$.machine[...]`` names, as far as it can be followed."""
    for key in re.findall(r"\.(\w+)", path):
        if not isinstance(value, dict) or key not in value:
            break
        value = value[key]
    return value
