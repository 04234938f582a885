"""A tree and a `World` into a value. Work, numbers and sets are bounded; nothing but `ExpressionError` is raised."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from webapp.lesson.expression import tree
from webapp.lesson.expression.parser import Expression
from webapp.lesson.expression.problem import Absent, ExpressionError
from webapp.lesson.expression.typed import MAX_PAGES
from webapp.lesson.expression.vocabulary import ANY, NUMBER, PAGES, TEXT, TRUTH, Type
from webapp.lesson.expression.world import Event, Value, World
from webapp.lesson.selector import Selector

__all__ = ["Value", "evaluate"]

MAX_WORK = 400_000  # nodes visited
LARGEST = 1 << 63
MAX_SHIFT = 63
MAX_FLOAT = 1e18

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def evaluate(expression: Expression, world: World, moment: int | None = None) -> Value:
    """The value of an expression. ``moment`` is the stage whose state it asks for; None leaves that to the world."""
    return _Evaluator(world).value(expression.root, moment, {})


def type_of(value: object) -> Type:
    """The type of a value."""
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, int | float):
        return NUMBER
    return TEXT if isinstance(value, str) else PAGES


class _Evaluator:
    """One evaluation and the work it has done."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.work = 0

    def value(self, node: tree.Node, moment: int | None, own: Event) -> Value:
        """The value of a node; what the tree could not know about its type is checked by whoever uses it."""
        self.work += 1
        if self.work > MAX_WORK:
            raise ExpressionError("This takes too much work.", "Ask for less at once.", node.at)
        try:
            return self._value(node, moment, own)
        except ExpressionError as error:
            error.at = error.at or node.at
            raise

    def _value(self, node: tree.Node, moment: int | None, own: Event) -> Value:
        match node:
            case tree.Literal(value=value):
                return value
            case tree.OwnField(field=field):
                return own[field]
            case tree.Not(operand=operand):
                return not self.of(TRUTH, operand, moment, own)
            case tree.Minus(operand=operand):
                return bounded(-self.of(NUMBER, operand, moment, own))
            case tree.Binary():
                return self.binary(node, moment, own)
            case tree.Size(operand=operand):
                return len(self.of(PAGES, operand, moment, own))
            case tree.Aggregate():
                return self.aggregate(node, moment)
            case tree.EventField():
                return self.event(node)
            case tree.Word(name=name):
                return self.world.word(name)
            case tree.Times(selector=selector):
                return self.world.times(selector)
            case tree.OfStage():
                return self.of_stage(node, moment, own)
            case tree.At(selector=selector, operand=operand):
                return self.value(operand, self.stage(selector, self.world.moment), own)
            case tree.RowField(row=row, field=field):
                return self.world.row_field(row, field, moment)
            case tree.ObjectField(kind=kind, args=args, field=field):
                return self.world.object_field(kind, [self.value(arg, moment, own) for arg in args], field, moment)
            case tree.Call(name=name, args=args):
                return self.call(name, [self.value(arg, moment, own) for arg in args], moment)
        raise ExpressionError("This cannot be evaluated.", "", node.at)

    def of(self, wanted: Type, node: tree.Node, moment: int | None, own: Event) -> Any:
        """The value of a node that has to be of this type."""
        value = self.value(node, moment, own)
        if node.type is ANY and type_of(value) is not wanted:
            what = f"Here {wanted.value} is wanted; this is {type_of(value).value}."
            raise ExpressionError(what, "Compare it with a value of its own kind.", node.at)
        return value

    def binary(self, node: tree.Binary, moment: int | None, own: Event) -> Value:
        """An operator at work; ``and`` and ``or`` stop as soon as they know."""
        op = node.op
        if op in ("and", "or"):
            left = self.of(TRUTH, node.left, moment, own)
            return left if left is (op == "or") else bool(self.of(TRUTH, node.right, moment, own))
        a, b = self.value(node.left, moment, own), self.value(node.right, moment, own)
        if op in COMPARE:
            if type_of(a) is not type_of(b) or (op not in ("==", "!=") and type_of(a) in (TEXT, TRUTH)):
                what = f"`{op}` compares {type_of(a).value} with {type_of(b).value}."
                raise ExpressionError(what, "Compare like with like.", node.at)
            return bool(COMPARE[op](a, b))
        if op == "in":
            return self.contains(a, b, node)
        if isinstance(a, frozenset) and isinstance(b, frozenset):
            return a - b if op == "-" else a | b if op == "|" else a & b
        return arithmetic(op, self.number(a, node), self.number(b, node), node.at)

    def contains(self, a: Value, b: Value, node: tree.Binary) -> bool:
        """``in``"""
        if isinstance(b, frozenset) and type_of(a) is NUMBER:
            return a in b
        if isinstance(a, str) and isinstance(b, str):
            return a in b
        raise ExpressionError("`in` looks for a page in a set, or for a text in a text.", "", node.at)

    def number(self, value: Value, node: tree.Node) -> int | float:
        """A number, where one has to stand."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ExpressionError(f"Here a number is wanted; this is {type_of(value).value}.", "", node.at)
        return value

    def events(self, collection: str, call: str) -> list[Event]:
        """The events of a collection, system calls by name."""
        found = list(self.world.events(collection, call))
        self.work += len(found)
        return found

    def aggregate(self, node: tree.Aggregate, moment: int | None) -> Value:
        """``count``, ``sum``, ``max``, ``min``, ``union``"""
        found = [
            event
            for event in self.events(node.collection, node.call)
            if node.where is None or self.of(TRUTH, node.where, moment, event)
        ]
        if node.name == "count":
            return len(found)
        values = [event[node.field] for event in found]
        if node.name == "union":
            pages: frozenset[int] = frozenset().union(*(value for value in values if isinstance(value, frozenset)))
            return pages
        sizes = [len(value) if isinstance(value, frozenset) else self.number(value, node) for value in values]
        if not sizes:
            return 0
        return bounded(sum(sizes) if node.name == "sum" else max(sizes) if node.name == "max" else min(sizes))

    def event(self, node: tree.EventField) -> Value:
        """``fault[1].major``"""
        found = self.events(node.collection, node.call)
        if node.number > len(found):
            name = f"{node.collection}[{node.call}]" if node.call else node.collection
            had = f"The run has {len(found)} such event{'' if len(found) == 1 else 's'}"
            raise Absent(f"{had}; there is no {name}[{node.number}].", "Count them first.", node.at)
        return found[node.number - 1][node.field]

    def stage(self, selector: Selector, ask: Callable[[Selector], int | None]) -> int:
        """The stage that a selector names, or the moment after it."""
        stage = ask(selector)
        if stage is None:
            raise Absent(f"{selector.text} names no stage of this run.", "Ask happens(...) first.")
        return stage

    def of_stage(self, node: tree.OfStage, moment: int | None, own: Event) -> Value:
        """A question about one stage."""
        if node.name == "happens":
            return self.world.stage(node.selector) is not None
        stage = self.stage(node.selector, self.world.stage)
        if node.name == "stage":
            return stage
        if node.name == "next":
            return self.world.next_function(stage)
        if node.name == "ret":
            return self.world.result(node.selector)
        assert node.key is not None
        return self.world.argument(stage, self.of(TEXT, node.key, moment, own))

    def call(self, name: str, args: list[Value], moment: int | None) -> Value:
        """A function of values."""
        if name != "pages":
            return self.world.function(name, args, moment)
        first, last = args
        if not isinstance(first, int) or not isinstance(last, int) or first < 0 or last - first >= MAX_PAGES:
            raise ExpressionError(
                f"pages({first}, {last}) is no range of pages.", f"Up to {MAX_PAGES:,} pages from 0 on."
            )
        return frozenset(range(first, last + 1))


def arithmetic(op: str, a: int | float, b: int | float, at: int) -> int | float:
    """Two numbers; only whole ones have bits."""
    if op in ("//", "%") and b == 0:
        raise ExpressionError("This divides by zero.", "Ask for something else first.", at)
    if op in ("+", "-", "*", "//", "%"):
        ways: dict[str, Callable[[Any, Any], Any]] = {
            "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
        }  # fmt: skip
        return bounded(ways[op](a, b))
    if not isinstance(a, int) or not isinstance(b, int):
        raise ExpressionError(f"`{op}` works on the bits of whole numbers.", "", at)
    if op in ("<<", ">>") and not 0 <= b <= MAX_SHIFT:
        raise ExpressionError(f"Shifting by {b} is out of range.", f"Shift by 0 to {MAX_SHIFT}.", at)
    if op in ("<<", ">>"):
        return bounded(a << b if op == "<<" else a >> b)
    return bounded(a & b if op == "&" else a | b)


def bounded(value: int | float) -> int | float:
    """``value``, if it is of a sensible size."""
    if isinstance(value, float) and not abs(value) <= MAX_FLOAT:
        raise ExpressionError("The number is too large.", "")
    if abs(value) >= LARGEST:
        raise ExpressionError("The number is too large.", f"Stay below {LARGEST}.")
    return value
