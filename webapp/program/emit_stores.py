"""Expressions as statements of their own: assignments, stores, what is evaluated for its effects alone."""

from __future__ import annotations

from webapp.program.emit_values import Values, pointer_to
from webapp.program.errors import Mistakes
from webapp.program.limits import Limits
from webapp.program.pytext import BIT_AND, OR, Code, code_name
from webapp.program.stmts import Setup
from webapp.program.tree import Assign, Binary, Choice, Comma, Const, Convert, Deref, Expr, Update, VarRef
from webapp.program.types import BOOL, is_scalar

DEEPEST_BRACKETS = 150  # CPython reads 200
DEEPEST_INDENT = 90  # and 100


class TooLarge(Exception):
    """The Python text grows beyond its limit."""


class Stores(Values):
    """Emits lines of Python; knows the C line that they belong to."""

    def __init__(self, mistakes: Mistakes, limits: Limits, templates: list[bytes]) -> None:
        super().__init__()
        self.mistakes, self.limits, self.templates = mistakes, limits, templates
        self.lines: list[str] = []
        self.indent = 2
        self.size = 0
        self.line = 0
        self.with_code: set[int] = set()
        self.names = 0

    def put(self, text: str) -> None:
        """Add a line; refuse what Python could not read."""
        self.size += len(text) + 4 * self.indent
        if self.size > self.limits.emitted_bytes:
            raise TooLarge
        if self.indent > DEEPEST_INDENT or (len(text) > DEEPEST_BRACKETS and brackets(text) > DEEPEST_BRACKETS):
            self.mistakes.add(self.line, 1, "this is nested too deeply: split it up.")
        self.lines.append("    " * self.indent + text)

    def fresh(self, stem: str) -> str:
        """A name that outlives a statement."""
        self.names += 1
        return f"_{stem}{self.names}"

    def at_line(self, line: int) -> None:
        """Begin a statement of that line."""
        self.temporaries = 0
        self.line = line
        self.with_code.add(line)

    def discard(self, expr: Expr) -> None:
        """Evaluate for the effects; like gcc, drop what has none, even a load, unless it is volatile."""
        if not expr.effects:
            return
        if isinstance(expr, Assign):
            self.assignment(expr)
        elif isinstance(expr, Update):
            self.updating(expr)
        elif isinstance(expr, Choice):
            self.put(f"if {self.test(expr.condition).at(OR)}:")
            self.branch(expr.yes)
            if expr.no.effects:
                self.put("else:")
                self.branch(expr.no)
        elif isinstance(expr, Binary) and expr.op in ("&&", "||") and expr.right.effects:
            self.put(f"if {'not ' if expr.op == '||' else ''}{self.test(expr.left).at(BIT_AND)}:")
            self.branch(expr.right)
        elif isinstance(expr, (Deref, VarRef)):
            if expr.type.volatile and is_scalar(expr.type):
                self.put(self.exact(expr).text)
            elif isinstance(expr, Deref):
                self.discard(expr.pointer)
        elif isinstance(expr, (Convert, Comma, Binary)):
            for part in expr.parts():
                self.discard(part)
        else:
            self.put(self.exact(expr).text)

    def branch(self, expr: Expr) -> None:
        """An expression evaluated for its effects in a block of its own."""
        self.indent += 1
        length = len(self.lines)
        self.discard(expr)
        if len(self.lines) == length:
            self.put("pass")
        self.indent -= 1

    def assignment(self, expr: Assign) -> None:
        before, target, value = self.prepared(expr)
        for text in before:
            self.put(text)
        if isinstance(target, VarRef) and not target.var.in_memory:
            self.put(f"{target.var.python} = {self.exact(value).text}")
        else:
            self.store(target, value, expr.line)

    def updating(self, expr: Update) -> None:
        """A compound assignment, ++ or -- as a statement."""
        if expr.first is not None:
            for text in self.hold_first(expr, expr.first):
                self.put(text)
        if isinstance(expr.target, VarRef) and not expr.target.var.in_memory:
            expr.old.python = expr.target.var.python
            self.put(f"{expr.old.python} = {self.exact(expr.value).text}")
            return
        address, place = self.hold(pointer_to(expr.target))
        self.put(address)
        expr.old.python = self.temporary()
        there = Deref(expr.target.type, expr.line, place)
        self.put(f"{expr.old.python} = {self.load(there).text}")
        self.store(there, expr.value, expr.line)

    def store(self, target: Expr, value: Expr, line: int) -> None:
        """A store as a statement: through ``_wr`` where it has the page, else by a coroutine."""
        name, size = code_name(target.type), target.type.size
        code = self.bits(value, target)
        if not code.simple:
            self.put(f"_v = {code.text}")
            code = Code("_v", code.low, code.high)
        pointer = pointer_to(target)
        if isinstance(pointer, Const):
            found, address, offset = (
                f"(_m := _wr({pointer.value >> 12})) is not None",
                str(pointer.value),
                pointer.value & 4095,
            )
            place, fits = str(offset), offset <= 4096 - size
        else:
            found, address = f"(_m := _wr((_a := {self.address(pointer)}) >> 12)) is not None", "_a"
            place, fits = "_a & 4095", True
            if size > 1:
                found, place = f"{found} and (_o := _a & 4095) <= {4096 - size}", "_o"
        slow = f"await _s_{name}({line}, {address}, {code.text})"
        if not fits:
            self.put(slow)
        elif size == 1:
            self.put(f"if {found}: _m[{place}] = {code.text}")
            self.put(f"else: {slow}")
        else:
            signed = "i" if code.low < 0 else "u"
            self.put(f"if {found}: _p_{signed}{8 * size}(_m, {place}, {code.text})")
            self.put(f"else: {slow}")

    def bits(self, value: Expr, target: Expr) -> Code:
        """A value to store: only its bits matter, so it may be given as signed or as unsigned."""
        bits = 8 * target.type.size
        if target.type == BOOL or 8 * value.type.size != bits:
            return self.exact(value)
        code = self.modular(value, bits)
        if code.low >= 0 and code.high < 1 << bits:
            return code
        if bits > 8 and code.low >= -1 << (bits - 1) and code.high < 1 << (bits - 1):
            return code
        return Code(f"{code.at(BIT_AND)} & {(1 << bits) - 1}", 0, (1 << bits) - 1, BIT_AND)

    def setup(self, stmt: Setup) -> None:
        """Give an array or struct its initial value."""
        if any(stmt.template):
            self.templates.append(stmt.template)
            self.put(f"_fill(_s + {stmt.var.offset}, _templates[{len(self.templates) - 1}])")
        else:
            self.put(f"_zero(_s + {stmt.var.offset}, {len(stmt.template)})")
        for each in stmt.stores:
            self.at_line(each.line)
            self.discard(each)


def brackets(text: str) -> int:
    """How deeply round brackets are nested in a line."""
    depth = deepest = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    return deepest
