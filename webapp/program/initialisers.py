"""Initial values of arrays and structs: braces, designators and strings flattened to values at offsets."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pycparser import c_ast

from webapp.program.context import Context
from webapp.program.tree import Const, Deref, Expr, VarRef
from webapp.program.types import Array, CType, Integer, Record, is_scalar

if TYPE_CHECKING:
    from webapp.program.expressions import Expressions

Items = deque[c_ast.Node]
MOST_VALUES = 1 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One value; ``content`` is an expression of type ``kind``, or the bytes of a string."""

    offset: int
    kind: CType
    content: Expr | bytes


class Initialiser:
    """Flattens the initialiser of one variable."""

    def __init__(self, context: Context, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions
        self.entries: list[Entry] = []

    def read(self, kind: CType, init: c_ast.Node) -> CType:
        """Collect the entries; returns the type, which is complete now."""
        if isinstance(kind, Array) and kind.length is None:
            length = self.open_array(kind, init)
            return Array(kind.of, length, const=kind.const, volatile=kind.volatile)
        self.fill(kind, 0, init)
        return kind

    def open_array(self, kind: Array, init: c_ast.Node) -> int:
        """An array whose initialiser gives its length."""
        if (text := self.text_for(kind, init)) is not None:
            self.entries.append(Entry(0, kind, text + b"\0"))
            return len(text) + 1
        if not isinstance(init, c_ast.InitList):
            self.context.wrong(init, "an array is initialised by a list in braces.")
        return self.members(kind, 0, deque(init.exprs), braced=True)

    def add(self, entry: Entry, node: c_ast.Node) -> None:
        if len(self.entries) >= MOST_VALUES:
            self.context.wrong(node, "this list is too long.")
        self.entries.append(entry)

    def text_for(self, kind: Array, node: c_ast.Node) -> bytes | None:
        """The string that initialises a char array, if one does."""
        if isinstance(node, c_ast.InitList) and len(node.exprs) == 1:
            node = node.exprs[0]
        is_text = isinstance(node, c_ast.Constant) and node.type == "string"
        if not is_text or not isinstance(kind.of, Integer) or kind.of.size != 1:
            return None
        return self.expressions.string(node)

    def fill(self, kind: CType, offset: int, init: c_ast.Node) -> None:
        """The value of one object."""
        if isinstance(kind, Array) and (text := self.text_for(kind, init)) is not None:
            self.add(Entry(offset, kind, (text + b"\0")[: kind.length or 0]), init)
        elif isinstance(init, c_ast.InitList):
            if isinstance(kind, (Array, Record)):
                self.members(kind, offset, deque(init.exprs), braced=True)
            elif init.exprs:
                self.fill(kind, offset, init.exprs[0])
        elif isinstance(kind, Array):
            self.context.wrong(init, "an array is initialised by a list in braces.")
        elif is_scalar(kind):
            value = self.expressions.value(init)
            self.add(Entry(offset, kind, self.expressions.passed(init, kind, value)), init)
        else:
            self.copy(kind, offset, init, self.expressions.value(init))

    def copy(self, kind: CType, offset: int, init: c_ast.Node, value: Expr) -> None:
        """A struct initialised by another."""
        same = isinstance(kind, Record) and isinstance(value.type, Record) and kind.layout is value.type.layout
        if not same or not isinstance(value, (VarRef, Deref)):
            self.context.wrong(init, f"'{value.type}' cannot initialise '{kind}'.")
        self.add(Entry(offset, kind, value), init)

    def members(self, kind: Array | Record, offset: int, items: Items, braced: bool) -> int:
        """Fill the elements of an aggregate in turn; returns how many it has come to."""
        index, most = 0, 0
        while items:
            item = items[0]
            if isinstance(item, c_ast.NamedInitializer):
                if not braced:
                    break
                index = self.designated(kind, offset, items.popleft())
            else:
                element = self.element(kind, index)
                if element is None:
                    if braced:
                        items.clear()  # gcc warns of what is too much, and drops it
                    break
                self.one(element[0], offset + element[1], items)
            index += 1
            most = max(most, index)
        return most

    def one(self, kind: CType, offset: int, items: Items) -> None:
        """Fill one element from the front of the list; braces around it may be missing."""
        item = items[0]
        if isinstance(kind, (Array, Record)) and not isinstance(item, c_ast.InitList):
            if isinstance(kind, Array) and self.text_for(kind, item) is not None:
                self.fill(kind, offset, items.popleft())
                return
            if isinstance(kind, Record):
                value = self.expressions.value(item)
                if isinstance(value.type, Record):
                    self.copy(kind, offset, items.popleft(), value)
                    return
            if self.members(kind, offset, items, braced=False) == 0 and items:
                items.popleft()  # an empty aggregate takes nothing; do not stand still
            return
        self.fill(kind, offset, items.popleft())

    def element(self, kind: CType, index: int) -> tuple[CType, int] | None:
        """Type and offset of the element with that number, if there is one."""
        if isinstance(kind, Array):
            inside = kind.length is None or index < kind.length
            return (kind.of, index * kind.of.size) if inside else None
        assert isinstance(kind, Record)
        members = list(kind.layout.members.values())
        if kind.layout.keyword == "union":
            members = members[:1]
        return members[index] if index < len(members) else None

    def designated(self, kind: CType, offset: int, item: c_ast.NamedInitializer) -> int:
        """``.x = 1`` or ``[3] = 1``; returns the number of the element that it names."""
        first = -1
        for name in item.name:
            index = self.designation(kind, item, name)
            first = index if first < 0 else first
            if isinstance(kind, Record):
                found = list(kind.layout.members.values())[index]
            else:
                element = self.element(kind, index)
                if element is None:
                    self.context.wrong(item, f"there is no element [{index}] in '{kind}'.")
                found = element
            kind, offset = found[0], offset + found[1]
        self.fill(kind, offset, item.expr)
        return first

    def designation(self, kind: CType, item: c_ast.Node, name: c_ast.Node) -> int:
        """The number of the element that one designator names."""
        if isinstance(kind, Record) and isinstance(name, c_ast.ID):
            if name.name not in kind.layout.members:
                self.context.wrong(item, f"{kind} has no member {name.name}.")
            return list(kind.layout.members).index(name.name)
        if not isinstance(kind, Array) or (isinstance(name, c_ast.ID) and isinstance(kind, Record)):
            self.context.wrong(item, f"this designator does not fit '{kind}'.")
        value = self.expressions.value(name.expr if isinstance(name, c_ast.ArrayDesignator) else name)
        if not isinstance(value, Const) or not isinstance(value.type, Integer) or not 0 <= value.value < MOST_VALUES:
            self.context.wrong(item, "the number of an element is a constant.")
        return value.value
