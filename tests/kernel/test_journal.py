"""The journal: what is recorded, and that it can be run backwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.kernel.errors import RunLimit
from webapp.kernel.journal import Change, Journal, RawStage, Rows, Tracked, TrackedMap, apply, revert


@dataclass(eq=False)
class Lamp(Tracked):
    KIND: ClassVar[str] = "lamp"
    lit: bool = False
    next: Lamp | None = None
    _hidden: int = 0


@dataclass(eq=False)
class Shelf(TrackedMap):
    KIND: ClassVar[str] = "shelf"


def record(journal: Journal) -> None:
    journal.record(0, 1, "kernel", "step", "f", 0, 1, "note", "x")


def test_a_new_object_is_one_change_that_creates_its_row() -> None:
    journal = Journal()

    Lamp(journal)

    assert journal.take() == [("lamp/1", "*", None, {"lit": False})]


def test_an_assignment_is_journalled_with_the_value_before() -> None:
    journal = Journal()
    lamp = Lamp(journal)
    journal.take()

    lamp.lit = True

    assert journal.take() == [("lamp/1", "lit", False, True)]


def test_objects_appear_as_refs_and_hidden_fields_not_at_all() -> None:
    journal = Journal()
    first, second = Lamp(journal), Lamp(journal)
    journal.take()

    first.next = second
    first._hidden = 7

    assert journal.take() == [("lamp/1", "next", None, "lamp/2")]


def test_an_assignment_of_the_same_value_is_no_change() -> None:
    journal = Journal()
    lamp = Lamp(journal)
    journal.take()

    lamp.lit = False

    assert journal.take() == []


def test_a_second_incarnation_has_another_ref() -> None:
    journal = Journal()

    Lamp(journal).forget()

    assert Lamp(journal).ref == "lamp/2"


def test_changes_belong_to_one_stage_only() -> None:
    journal = Journal()
    seen: list[RawStage] = []
    journal.sink = seen.extend
    lamp = Lamp(journal)

    record(journal)
    record(journal)
    lamp.lit = True
    record(journal)
    journal.flush()

    assert [len(s.changes) for s in seen] == [1, 0, 1]


def test_recording_past_the_limit_stops_with_a_sentence() -> None:
    journal = Journal(limit=2)
    record(journal)

    with pytest.raises(RunLimit, match="Stopped after 2 stages"):
        record(journal)


operations = st.lists(
    st.one_of(
        st.tuples(st.just("new"), st.integers(0, 3), st.integers()),
        st.tuples(st.just("lit"), st.integers(0, 3), st.booleans()),
        st.tuples(st.just("put"), st.integers(0, 5), st.one_of(st.none(), st.integers(0, 9))),
        st.tuples(st.just("forget"), st.integers(0, 3), st.integers()),
    ),
    max_size=40,
)


@given(operations)
def test_forwards_then_backwards_is_the_identity(script: list[tuple[str, int, object]]) -> None:
    journal = Journal()
    shelf, entries = Shelf(journal), dict[int, object]()
    lamps: dict[int, Lamp] = {}
    history: list[list[Change]] = []
    for verb, number, value in script:
        if verb == "new" and number not in lamps:
            lamps[number] = Lamp(journal)
        elif verb == "lit" and number in lamps:
            lamps[number].lit = bool(value)
        elif verb == "put":
            shelf.note(number, entries.get(number), value)
            entries[number] = value
        elif verb == "forget" and number in lamps:
            lamps.pop(number).forget()
        history.append(journal.take())
    rows: Rows = {}
    states = [dict(rows)]
    for changes in history:
        apply(rows, changes)
        states.append({ref: dict(row) for ref, row in rows.items()})

    for changes, before in zip(reversed(history), reversed(states[:-1]), strict=True):
        revert(rows, changes)

        assert rows == before
