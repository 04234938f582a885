"""The catalogue as templates show it: units, lessons, how far a student is, and plots of what was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.lesson.lesson import Lesson
from webapp.lesson.library import Library
from webapp.session.digest import Json
from webapp.session.students import Place

# A signature: faults in order from left to right, pages from top to bottom.
WIDTH, HEIGHT, MARGIN = 104, 82, 9
# The hero's plot: pages from left to right, how deep the kernel went from top to bottom.
DEEP_WIDTH, DEEP_GUTTER = 640, 150
LEVELS = ("No fault of its own", "Page-table entry set", "Page cache, readahead", "Disk")
LEVEL_Y = (56, 100, 144, 190)
LABEL_APART = 16


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign in a plot; ``kind`` is major, minor or signal."""

    x: float
    y: float
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """The small plot of a lesson, and its figures."""

    marks: tuple[Mark, ...]
    major: int
    minor: int


@dataclass(frozen=True, slots=True)
class Deep:
    """How deep the fault on each page of a file went."""

    title: str
    marks: tuple[Mark, ...]
    quiet: tuple[float, ...]  # where pages lie whose PTE another page's fault has set
    requests: tuple[tuple[float, float], ...]  # from where, how wide


@dataclass(frozen=True, slots=True)
class Card:
    """A lesson in the catalogue."""

    id: str
    number: int
    title: str
    summary: str
    minutes: int
    challenge: bool
    steps: int
    reached: int
    finished: bool
    needs: tuple[str, ...]  # titles of what comes before and is not finished
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class Column:
    """A unit."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything on the page. ``current`` is the lesson to go on with; ``begun`` whether it was begun."""

    columns: tuple[Column, ...]
    current: Card | None
    begun: bool
    deep: Deep | None


def catalogue(library: Library, places: Mapping[str, Place]) -> Catalogue:
    """The course for a student who has come this far."""
    lessons, course = library.lessons, library.course
    numbers = {id: n for n, id in enumerate(lessons, start=1)}

    def card(id: str) -> Card:
        lesson, place = lessons[id], places.get(id)
        needs = [before for before in course.requires.get(id, ()) if before in lessons]
        waiting = tuple(lessons[one].title for one in needs if one not in places or not places[one].finished)
        recorded = library.recording(lesson)
        return Card(
            id, numbers[id], lesson.title, lesson.summary, lesson.minutes, lesson.kind == "challenge",
            len(lesson.steps), place.reached if place else 0, bool(place and place.finished), waiting,
            signature(recorded) if recorded else None,
        )  # fmt: skip

    columns = tuple(Column(unit.title, tuple(card(id) for id in unit.lessons)) for unit in course.units if unit.lessons)
    cards = {one.id: one for column in columns for one in column.cards}
    begun = [id for id, place in places.items() if id in cards and not place.finished]
    fresh = [id for id in cards if id not in places]
    current = cards[begun[-1]] if begun else cards[fresh[0]] if fresh else next(iter(cards.values()), None)
    shown = lessons[current.id] if current else None
    return Catalogue(columns, current, bool(begun), deep_plot(library, shown) if shown else None)


def signature(recorded: Json) -> Signature:
    """The faults of a recording in their order."""
    faults = [event["fault"] for event in recorded["events"] if "fault" in event]
    totals = recorded["totals"]
    pages = [fault["page"] for fault in faults if fault.get("page", -1) >= 0]
    top = max(pages, default=0) or 1
    across = max(len(faults) - 1, 1)
    marks = tuple(
        Mark(
            round(MARGIN + n / across * (WIDTH - 2 * MARGIN), 1),
            round(MARGIN + max(fault.get("page", 0), 0) / top * (HEIGHT - 2 * MARGIN), 1),
            kind_of(fault),
        )
        for n, fault in enumerate(faults)
    )
    return Signature(marks, totals["major"], totals["minor"])


def kind_of(fault: Json) -> str:
    """How a fault is drawn."""
    if fault.get("signal"):
        return "signal"
    return "major" if fault["major"] else "minor"


def deep_plot(library: Library, lesson: Lesson) -> Deep | None:
    """The plot of a lesson's recording: of the file that most of its faults are about."""
    recorded = library.recording(lesson)
    faults = [event["fault"] for event in recorded["events"] if "fault" in event] if recorded else []
    on_file = [fault for fault in faults if fault.get("cache_add") or fault.get("ptes")]
    if recorded is None or not on_file:
        return None
    file = next((name for fault in on_file for name in fault.get("cache_add", {})), next(iter(recorded["files"]), ""))
    pages = int(str(recorded["files"].get(file, "0")).split("+")[0] or 0)
    if not 1 < pages <= 256:
        return None

    def x(page: float) -> float:
        return round(DEEP_GUTTER + (page + 0.5) / pages * (DEEP_WIDTH - DEEP_GUTTER), 1)

    marks: list[Mark] = []
    mapped: set[int] = set()
    right = -1e9
    for fault in on_file:
        page = fault.get("page", -1)
        if not 0 <= page < pages:
            continue
        mapped.update(one for run in fault.get("ptes", ()) for one in range(run["pages"][0], run["pages"][1] + 1))
        label = str(page) if x(page) - right >= LABEL_APART else ""
        right = x(page) if label else right
        marks.append(Mark(x(page), LEVEL_Y[depth(fault, file)], kind_of(fault), label))
    touched = {fault["page"] for fault in on_file if "page" in fault}
    step = (DEEP_WIDTH - DEEP_GUTTER) / pages
    read = [run for fault in on_file for run in fault.get("cache_add", {}).get(file, ())]
    totals = recorded["totals"]
    requests = sum(len(fault.get("read_bios", ())) for fault in faults)
    name = lesson.program.name
    title = f"{name}, recorded: {totals['faults']} faults, {totals['major']} major, {requests} requests to the disk"
    return Deep(
        title,
        tuple(marks),
        tuple(x(page) for page in sorted(mapped - touched) if page < pages),
        tuple((round(x(a) - step / 2, 1), round((b - a + 1) * step - 2, 1)) for a, b in read),
    )


def depth(fault: Json, file: str) -> int:
    """0 is the page table, 3 the disk: how far down this fault had to go for its own page."""
    page = fault["page"]
    if any(a <= page <= b for a, b in fault.get("cache_add", {}).get(file, ())) and fault.get("read_bios"):
        return 3
    return 2 if fault.get("filemap_fault") else 1
