"""A lesson recorded in the playground: stages that somebody noted, with words, become a draft that passes the check.

selector_at(stages, n)            how a lesson would name this stage: by what happens there, never by its number
draft(session, stages)            the files of the lesson, by their path in its folder, which is `lesson_id`
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any

from msgspec import Meta, Struct

from webapp.lesson.files import LESSON_FILE
from webapp.lesson.finder import ABORT_HANDLER, find, system_call
from webapp.lesson.selector import parse
from webapp.lesson.skeleton import MAX_NAME

Stage = Mapping[str, Any]

MOST_NOTES = 40
MINUTES_A_STEP = 2
CHECKPOINT = 44  # characters
TITLE = 60


class Note(Struct, frozen=True, forbid_unknown_fields=True):
    """What was said at a stage."""

    stage: Annotated[int, Meta(ge=0)]
    title: Annotated[str, Meta(max_length=TITLE)] = ""
    text: Annotated[str, Meta(max_length=4000)] = ""


class Session(Struct, frozen=True, forbid_unknown_fields=True):
    """A recorded session: a program, its machine, and notes at stages of its run."""

    title: Annotated[str, Meta(max_length=TITLE)]
    program: str
    name: Annotated[str, Meta(max_length=80)]
    notes: Annotated[list[Note], Meta(min_length=1, max_length=MOST_NOTES)]
    machine: dict[str, int | float] = {}


class NoSuchStage(Exception):
    """A note stands at a stage that the run does not have, or that no selector names; the text is a sentence."""


def selector_at(stages: Sequence[Stage], n: int) -> str:
    """The shortest selector that names stage ``n``; `NoSuchStage` when there is none."""
    if not 0 <= n < len(stages):
        raise NoSuchStage(f"The run has no stage {n}: it has {len(stages):,}.")
    for text in candidates(stages, n):
        if find(parse(text), stages) == n:
            return text
    raise NoSuchStage(f"Stage {n} has no name that a lesson could use. Note the stage before it or after it.")


def candidates(stages: Sequence[Stage], n: int) -> Iterator[str]:
    """What might name stage ``n``, the most telling first."""
    if n == 0:
        yield "start"
        return
    if stages[n].get("kind") == "exit":
        yield "exit"
    if stages[n]["op"] == "return":
        begun = call_of(stages, n)
        if begun is not None:
            yield from (f"{text}.return" for text in candidates(stages, begun))
        return
    for place, begins in places(stages, n):
        if begins == n:
            yield place
        yield from (f"{place}.{link}" for link in links(stages, begins, n))
    yield from (f"run.{link}" for link in links(stages, 0, n))


def places(stages: Sequence[Stage], n: int) -> Iterator[tuple[str, int]]:
    """The faults and the system call that stage ``n`` may lie in, with the stage at which each begins."""
    faults, calls = [], []
    for stage in stages:
        if stage["op"] == "call" and stage["fn"] == ABORT_HANDLER:
            faults.append(stage["n"])
            if stage["n"] > n:
                break
        elif stage["n"] <= n and (name := system_call(stage)):
            calls.append((name, stage["n"]))
    inner = sum(begin <= n for begin in faults)
    known = [(f"fault[{k}]", faults[k - 1]) for k in (inner, inner + 1) if 1 <= k <= len(faults)]
    if calls:
        name, begin = calls[-1]
        nth = sum(other == name for other, _ in calls)
        known.append((f"call[{name}]" + count(nth), begin))
    yield from sorted(known, key=lambda place: (place[1] > n, -place[1]))


def links(stages: Sequence[Stage], begins: int, n: int) -> Iterator[str]:
    """The last link: what happens at stage ``n``, and how often it has happened since ``begins``."""
    here = stages[n]
    if here["op"] == "call":
        same = [stage["n"] for stage in stages[: n + 1] if stage["op"] == "call" and stage["fn"] == here["fn"]]
        shown = str(here["fn"])
    elif here.get("kind"):
        same = [stage["n"] for stage in stages[: n + 1] if stage.get("kind") == here["kind"]]
        shown = f"step({here['kind']})"
    else:
        return
    inside = sum(other >= begins for other in same)
    for nth in dict.fromkeys([max(1, inside), inside + 1, len(same)]):
        yield shown + count(nth)


def call_of(stages: Sequence[Stage], n: int) -> int | None:
    """The call that returns at stage ``n``."""
    end = stages[n]
    for stage in reversed(stages[:n]):
        same = stage["task"] == end["task"] and stage["depth"] == end["depth"]
        if same and stage["op"] == "call" and stage["fn"] == end["fn"]:
            return int(stage["n"])
    return None


def count(nth: int) -> str:
    """How often, unless once."""
    return "" if nth == 1 else f"[{nth}]"


def lesson_id(session: Session) -> str:
    """The name of the lesson's folder."""
    return slug(session.title) or "recorded-lesson"


def draft(session: Session, stages: Sequence[Stage]) -> dict[str, str]:
    """The files of a lesson; notes at one stage become one step, and the first step stands at the start."""
    named = sorted(session.notes, key=lambda note: note.stage)
    if named[0].stage != 0:
        named.insert(0, Note(0, "The program"))
    steps = [step(group, stages) for group in grouped(named)]
    program = re.sub(r"\W+", "_", session.name.removesuffix(".c").lower(), flags=re.ASCII).strip("_") or "prog"
    front = {
        "id": lesson_id(session),
        "title": session.title.strip() or "A recorded lesson",
        "summary": f"What happens when {program}.c runs.",
        "minutes": min(120, MINUTES_A_STEP * len(steps)),
        "program": f"{program}.c",
    } | ({"machine": session.machine} if session.machine else {})
    head = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in front.items())
    return {
        LESSON_FILE: f"---\n{head}---\n" + "".join(numbered(steps)),
        f"{program}.c": session.program,
    }


def grouped(notes: Sequence[Note]) -> list[list[Note]]:
    """Notes by stage."""
    groups = [[notes[0]]]
    for before, note in pairwise(notes):
        if note.stage == before.stage:
            groups[-1].append(note)
        else:
            groups.append([note])
    return groups


def step(notes: Sequence[Note], stages: Sequence[Stage]) -> tuple[str, str, str, str]:
    """A step's title, selector, checkpoint and text."""
    at = selector_at(stages, notes[0].stage)
    stage = stages[notes[0].stage]
    what = str(stage.get("fn") or stage.get("kind") or "the program")
    place = f"{what} returns" if stage["op"] == "return" else "the start" if at == "start" else what
    title = next((note.title.strip() for note in notes if note.title.strip()), "") or place
    text = "\n\n".join(plain(note.text) for note in notes if note.text.strip())
    return one_line(title), at, place[:CHECKPOINT], text or "What happens here?"


def numbered(steps: Sequence[tuple[str, str, str, str]]) -> Iterator[str]:
    """The steps as Markdown, each with an id of its own."""
    used: set[str] = set()
    for n, (title, at, checkpoint, text) in enumerate(steps, 1):
        id = slug(title)
        if not id or id in used:
            id = f"step-{n}"
        used.add(id)
        place = f"at: {at}\ncheckpoint: {json.dumps(checkpoint, ensure_ascii=False)}\n"
        yield f"\n## {title} {{#{id}}}\n\n```explain\n{place}```\n\n{text}\n"


def plain(text: str) -> str:
    """What was typed, as Markdown that says just that: no headings, no blocks, no HTML."""
    lines = (re.sub(r"^(\s*)(#|```|~~~|---|===)", r"\1\\\2", line.rstrip()) for line in text.strip().splitlines())
    return re.sub(r"([<\[\]{}])", r"\\\1", "\n".join(lines))


def one_line(title: str) -> str:
    """A heading of one line."""
    return re.sub(r"([<\[\]{}#])", r"\\\1", " ".join(title.split()))


def slug(title: str) -> str:
    """Lower-case words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:MAX_NAME].strip("-")
