"""Statements as lines of Python text.

C's loops become Python's; what `continue` has to do before the next round is written out in front of it. A switch becomes a chain of
ifs where every arm ends by itself, and otherwise a loop of one round through which a match falls from arm to arm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.program.emit_values import Values, pointer_to
from webapp.program.errors import Mistakes
from webapp.program.limits import Limits
from webapp.program.pytext import BIT_AND, OR, Code, code_name
from webapp.program.tree import (
    Arm,
    Assign,
    Binary,
    Block,
    Break,
    Choice,
    Comma,
    Const,
    Continue,
    Convert,
    Deref,
    Expr,
    If,
    Loop,
    Return,
    Run,
    Setup,
    Stmt,
    Switch,
    Update,
    VarRef,
)
from webapp.program.types import BOOL, Void, is_scalar

DEEPEST_BRACKETS = 150  # CPython reads 200
DEEPEST_INDENT = 90  # and 100


class TooLarge(Exception):
    """The Python text grows beyond its limit."""


@dataclass(slots=True)
class Around:
    """A loop or switch being emitted: what `continue` does in it, and how a switch passes one on."""

    go_on: Callable[[], None] | None  # None for a switch written as a chain of ifs
    flag: str = ""  # of a switch written as a loop: set when a continue leaves it


class Statements(Values):
    """Emits the statements of one function."""

    def __init__(self, mistakes: Mistakes, limits: Limits, templates: list[bytes]) -> None:
        super().__init__()
        self.mistakes, self.limits, self.templates = mistakes, limits, templates
        self.lines: list[str] = []
        self.indent = 2
        self.size = 0
        self.line = 0
        self.with_code: set[int] = set()
        self.around: list[Around] = []
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

    def block(self, stmts: list[Stmt]) -> None:
        """An indented block."""
        self.indent += 1
        length = len(self.lines)
        for stmt in stmts:
            self.statement(stmt)
        if len(self.lines) == length:
            self.put("pass")
        self.indent -= 1

    def at_line(self, line: int) -> None:
        """Begin a statement of that line."""
        self.temporaries = 0
        self.line = line
        self.with_code.add(line)

    def statement(self, stmt: Stmt) -> None:
        if isinstance(stmt, Block):
            for each in stmt.body:
                self.statement(each)
            return
        self.at_line(stmt.line)
        if isinstance(stmt, Run):
            self.discard(stmt.expr)
        elif isinstance(stmt, Setup):
            self.setup(stmt)
        elif isinstance(stmt, If):
            self.choose(stmt)
        elif isinstance(stmt, Loop):
            self.loop(stmt)
        elif isinstance(stmt, Switch):
            self.switch(stmt)
        elif isinstance(stmt, Return):
            self.leave(stmt)
        elif isinstance(stmt, Break):
            self.put("break")
        elif isinstance(stmt, Continue):
            self.skip()

    def leave(self, stmt: Return) -> None:
        if stmt.value is None or isinstance(stmt.value.type, Void):
            if stmt.value is not None:
                self.discard(stmt.value)
            self.put("return 0")
        else:
            self.put(f"return {self.exact(stmt.value).text}")

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
            found, address, offset = f"(_m := _wr({pointer.value >> 12})) is not None", str(pointer.value), pointer.value & 4095
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

    def choose(self, stmt: If, word: str = "if") -> None:
        """if, else if, else."""
        self.put(f"{word} {self.test(stmt.condition).at(OR)}:")
        self.block([stmt.yes])
        if stmt.no is None:
            return
        rest = stmt.no.body if isinstance(stmt.no, Block) else [stmt.no]
        if len(rest) == 1 and isinstance(rest[0], If):
            self.at_line(rest[0].line)
            self.choose(rest[0], "elif")
        else:
            self.put("else:")
            self.block([stmt.no])

    def loop(self, stmt: Loop) -> None:
        """for, while and do-while."""
        condition = stmt.condition
        always = condition is None or (isinstance(condition, Const) and condition.value != 0)
        if stmt.test_first and isinstance(condition, Const) and not condition.value:
            return

        def go_on() -> None:
            self.at_line(stmt.line)
            if stmt.step is not None:
                self.discard(stmt.step)
            if not stmt.test_first and not always:
                assert condition is not None
                self.put(f"if not {self.test(condition).at(BIT_AND)}: break")
            self.put("_c.fuel -= 1")
            self.put(f"if _c.fuel < 0: await _fuel({stmt.line})")

        if stmt.test_first and not always:
            assert condition is not None
            self.put(f"while {self.test(condition).at(OR)}:")
        else:
            self.put("while True:")
        self.around.append(Around(go_on))
        self.block([stmt.body])
        self.indent += 1
        go_on()
        self.indent -= 1
        self.around.pop()

    def skip(self) -> None:
        """continue: leave the switches that are written as loops, then go on with the loop around them."""
        inner = [each for each in self.around if each.go_on or each.flag][-1]
        if inner.flag:
            self.put(f"{inner.flag} = True")
            self.put("break")
            return
        assert inner.go_on is not None
        inner.go_on()
        self.put("continue")

    def switch(self, stmt: Switch) -> None:
        subject = self.fresh("k")
        chain = [self.ended(arm, arm is stmt.arms[-1]) for arm in stmt.arms]
        ready = [arm for arm in chain if arm is not None]
        if len(ready) == len(chain):
            self.put(f"{subject} = {self.exact(stmt.subject).text}")
            self.around.append(Around(None))
            self.chain(subject, ready)
            self.around.pop()
            return
        entry = {value: index for index, arm in enumerate(stmt.arms) for value in arm.values}
        default = next((index for index, arm in enumerate(stmt.arms) if arm.default), len(stmt.arms))
        self.put(f"{subject} = {entry}.get({self.exact(stmt.subject).text}, {default})")
        flag = self.fresh("go")
        self.put(f"{flag} = False")
        self.put("while True:")
        self.around.append(Around(None, flag))
        self.indent += 1
        for index, arm in enumerate(stmt.arms):
            self.put(f"if {subject} <= {index}:")
            self.block(arm.body)
        self.put("break")
        self.indent -= 1
        self.around.pop()
        if any(each.go_on for each in self.around):
            self.put(f"if {flag}:")
            self.indent += 1
            self.skip()
            self.indent -= 1

    def chain(self, subject: str, arms: list[Arm]) -> None:
        """A switch whose arms all end by themselves."""
        word = "if"
        for arm in sorted(arms, key=lambda each: each.default):
            if arm.default:
                self.put("else:" if word == "elif" else "if True:")
            else:
                values = ", ".join(map(str, arm.values))
                self.put(f"{word} {subject} == {values}:" if len(arm.values) == 1 else f"{word} {subject} in ({values}):")
            self.block(arm.body)
            word = "elif"

    def ended(self, arm: Arm, last: bool) -> Arm | None:
        """The arm without its closing break, if nothing falls out of it and no other break is in it."""
        body = list(arm.body)
        while len(body) == 1 and isinstance(body[0], Block):
            body = list(body[0].body)
        if body and isinstance(body[-1], Break):
            body.pop()
        elif not last and not (body and isinstance(body[-1], (Return, Continue))):
            return None
        return None if breaks(body) else Arm(arm.values, arm.default, body)


def breaks(stmts: list[Stmt]) -> bool:
    """Whether a break in these statements would leave the switch around them."""
    for stmt in stmts:
        if isinstance(stmt, Break):
            return True
        if isinstance(stmt, Block) and breaks(stmt.body):
            return True
        if isinstance(stmt, If) and breaks([stmt.yes] + ([stmt.no] if stmt.no else [])):
            return True
    return False


def brackets(text: str) -> int:
    """How deeply round brackets are nested in a line."""
    depth = deepest = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    return deepest

