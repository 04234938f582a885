"""What expressions are asked of: a run of the model, or a recording of the real kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from webapp.lesson.selector import Selector

Value = int | float | bool | str | frozenset[int]
Event = Mapping[str, Value]


class World(Protocol):
    """Answers questions; raises `ExpressionError` where there is no answer.

    Events are those of the whole run. State is that after a stage; None is the moment for which the world was asked.
    """

    def events(self, collection: str, call: str) -> Sequence[Event]:
        """The faults, io, windows or calls of the run, in order; of the calls only those of a name, if given."""

    def moment(self, selector: Selector) -> int | None:
        """What `function`, `object_field` and `row_field` take as the moment after a selector's stage."""

    def word(self, name: str) -> Value:
        """A plain word."""

    def stage(self, selector: Selector) -> int | None:
        """The number of the stage that a selector names."""

    def times(self, selector: Selector) -> int:
        """How often the selector's last link happens inside what stands before it."""

    def next_function(self, stage: int) -> str:
        """The function that the task of a stage enters next."""

    def argument(self, stage: int, key: str) -> Value:
        """A value that a stage carries."""

    def result(self, selector: Selector) -> Value:
        """What the function that a selector enters returns."""

    def function(self, name: str, args: Sequence[Value], moment: int | None) -> Value:
        """A function of state."""

    def object_field(self, kind: str, args: Sequence[Value], field: str, moment: int | None) -> Value:
        """A field of a page, a PTE or a VMA."""

    def row_field(self, row: str, field: str, moment: int | None) -> Value:
        """A field of a row of which there is one."""
