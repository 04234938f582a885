"""Calls that come back more than once, and how a function is prepared for them.

`fork` comes back in the parent and in the child; `sigsetjmp` comes back again when somebody jumps to it. So a function
with such a call must be able to go on in the middle, behind that call, with the values that its variables have. Such a
call is a *site*; in a program that forks, so is every call of a function that can reach a fork.

A fresh Python coroutine can only begin at the top. It is led to its site: all that lies before is passed over, what
encloses the site is entered without asking its condition. That is possible once every site is a statement of its own,
``variable = call(...)``, so `Flattened` takes the expressions around sites apart, in the order of evaluation that they
have anyway. Functions without sites stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import replace

from webapp.program.emit_values import is_plain
from webapp.program.stmts import Arm, Block, Break, FunctionBody, If, Loop, Return, Run, Setup, Stmt, Switch
from webapp.program.tree import (
    Assign,
    Binary,
    Call,
    Choice,
    Comma,
    Const,
    Convert,
    CopyRecord,
    Deref,
    Expr,
    PointerMinus,
    PointerPlus,
    Unary,
    Update,
    Variable,
    VarRef,
)
from webapp.program.types import INT, CType, Void, plain

FORKS = frozenset({"fork", "vfork"})
JUMPS = frozenset({"setjmp", "_setjmp", "sigsetjmp"})
PARTS: dict[type[Expr], tuple[str, ...]] = {
    Unary: ("operand",),
    Binary: ("left", "right"),
    PointerPlus: ("pointer", "index"),
    PointerMinus: ("left", "right"),
    Convert: ("operand",),
    Deref: ("pointer",),
    CopyRecord: ("target", "source"),
}


def calls_in(expr: Expr) -> Iterator[Call]:
    """Every call within an expression."""
    if isinstance(expr, Call):
        yield expr
        inside: list[Expr] = expr.args
    elif isinstance(expr, (Assign, Update, CopyRecord)):
        first = expr.first.source if isinstance(expr, Update) and expr.first is not None else None
        value = expr.source if isinstance(expr, CopyRecord) else expr.value
        inside = [each for each in (first, expr.target, value) if each is not None]
    else:
        inside = list(expr.parts())
    for each in inside:
        yield from calls_in(each)


def expressions_of(stmt: Stmt) -> list[Expr]:
    """The expressions that a statement holds itself."""
    if isinstance(stmt, Run):
        return [stmt.expr]
    if isinstance(stmt, Setup):
        return list(stmt.stores)
    if isinstance(stmt, If):
        return [stmt.condition]
    if isinstance(stmt, Switch):
        return [stmt.subject]
    both = (stmt.condition, stmt.step) if isinstance(stmt, Loop) else ()
    own = (stmt.value,) if isinstance(stmt, Return) else ()
    return [expr for expr in (*both, *own) if expr is not None]


def statements_of(stmt: Stmt) -> list[Stmt]:
    """The statements right inside a statement."""
    if isinstance(stmt, Block):
        return stmt.body
    if isinstance(stmt, If):
        return [stmt.yes] if stmt.no is None else [stmt.yes, stmt.no]
    if isinstance(stmt, Loop):
        return [stmt.body]
    if isinstance(stmt, Switch):
        return [each for arm in stmt.arms for each in arm.body]
    return []


def all_calls(stmt: Stmt) -> Iterator[Call]:
    """Every call within a statement."""
    for expr in expressions_of(stmt):
        yield from calls_in(expr)
    for inner in statements_of(stmt):
        yield from all_calls(inner)


def forking(functions: list[FunctionBody]) -> frozenset[str]:
    """The functions of the program from which a fork can be reached."""
    calls = {body.name: list(all_calls(body.body)) for body in functions}
    found = {name for name, inside in calls.items() if any(call.library and call.name in FORKS for call in inside)}
    while True:
        more = {
            name
            for name, inside in calls.items()
            if name not in found and any(not call.library and call.name in found for call in inside)
        }
        if not more:
            return frozenset(found)
        found |= more


class Flattened:
    """Rewrites one function so that every site is a statement ``call(...)`` or ``variable = call(...)``."""

    def __init__(self, body: FunctionBody, forks: frozenset[str]) -> None:
        self.function, self.forks = body, forks

    def is_site(self, call: Call) -> bool:
        """Whether this call may come back in another coroutine, or more than once."""
        return call.name in FORKS | JUMPS if call.library else call.name in self.forks

    def has_site(self, expr: Expr | None) -> bool:
        return expr is not None and any(self.is_site(call) for call in calls_in(expr))

    def rewrite(self) -> bool:
        """Rewrite the function in place; false if it has no site and is left alone."""
        if not any(self.is_site(call) for call in all_calls(self.function.body)):
            return False
        self.function.body = self.block(self.function.body)
        return True

    def temporary(self, kind: CType) -> Variable:
        """A variable that no debugger shows."""
        var = Variable("", plain(kind), 1, 0)
        self.function.variables.append(var)
        return var

    # Statements.

    def block(self, stmt: Stmt) -> Block:
        inside = stmt.body if isinstance(stmt, Block) else [stmt]
        return Block(stmt.line, self.statements(inside))

    def statements(self, stmts: list[Stmt]) -> list[Stmt]:
        return [new for stmt in stmts for new in self.statement(stmt)]

    def statement(self, stmt: Stmt) -> list[Stmt]:
        """What takes the place of a statement."""
        if not any(self.is_site(call) for call in all_calls(stmt)):
            return [stmt]
        out: list[Stmt] = []
        if isinstance(stmt, Block):
            out.append(self.block(stmt))
        elif isinstance(stmt, Run):
            self.run(stmt.expr, out)
        elif isinstance(stmt, Setup):
            out.append(Setup(stmt.line, stmt.var, stmt.template, []))
            for store in stmt.stores:
                self.run(store, out)
        elif isinstance(stmt, If):
            condition = self.value(stmt.condition, out)
            out.append(If(stmt.line, condition, self.block(stmt.yes), None if stmt.no is None else self.block(stmt.no)))
        elif isinstance(stmt, Loop):
            self.loop(stmt, out)
        elif isinstance(stmt, Switch):
            subject = self.value(stmt.subject, out)
            arms = [Arm(arm.values, arm.default, self.statements(arm.body)) for arm in stmt.arms]
            out.append(Switch(stmt.line, subject, arms))
        elif isinstance(stmt, Return) and stmt.value is not None:
            out.append(Return(stmt.line, self.value(stmt.value, out)))
        return out

    def run(self, expr: Expr, out: list[Stmt]) -> None:
        """An expression for its effects."""
        left = self.value(expr, out)
        if left.effects:
            out.append(Run(expr.line, left))

    def loop(self, stmt: Loop, out: list[Stmt]) -> None:
        """A loop; a condition or step with a site in it moves into the body, where statements can be.

        What `continue` goes on with then stands at the top, and is passed over in the first round.
        """
        line, body = stmt.line, self.statements([stmt.body])
        test: list[Stmt] = []
        if stmt.condition is not None:
            met = self.value(stmt.condition, test)
            test.append(If(line, Unary(INT, line, "!", met), Break(line), None))
        if not self.has_site(stmt.condition) and not self.has_site(stmt.step):
            out.append(Loop(line, stmt.condition, stmt.step, Block(line, body), stmt.test_first, stmt.skips))
            return
        if stmt.test_first and not self.has_site(stmt.step):
            out.append(Loop(line, None, stmt.step, Block(line, [*test, *body]), True, stmt.skips))
            return
        again: list[Stmt] = []
        if stmt.step is not None:
            self.run(stmt.step, again)
        later = VarRef(INT, line, self.temporary(INT))
        top: list[Stmt] = [If(line, later, Block(line, again if stmt.test_first else [*again, *test]), None)]
        top.append(Run(line, Assign(INT, line, later, Const(INT, line, 1))))
        out.append(Run(line, Assign(INT, line, later, Const(INT, line, 0))))
        out.append(Loop(line, None, None, Block(line, [*top, *(test if stmt.test_first else []), *body])))

    # Expressions.

    def value(self, expr: Expr, out: list[Stmt]) -> Expr:
        """An expression of the same value without a site in it; what has to run before goes to ``out``."""
        if not self.has_site(expr):
            return expr
        if isinstance(expr, Call):
            return self.call(replace(expr, args=self.sequence(expr.args, out)), out)
        if isinstance(expr, Binary) and expr.op in ("&&", "||"):
            return self.logical(expr, out)
        if isinstance(expr, Choice):
            return self.choice(expr, out)
        if isinstance(expr, Comma):
            self.run(expr.left, out)
            return self.value(expr.right, out)
        if isinstance(expr, Assign):
            return self.assign(expr, out)
        if isinstance(expr, Update):
            if expr.first is not None and expr.first.source is not None:
                expr.first.source = self.value(expr.first.source, out)
            return replace(expr, target=self.value(expr.target, out))
        names = PARTS[type(expr)]
        parts = self.sequence([getattr(expr, name) for name in names], out)
        made = copy(expr)
        for name, part in zip(names, parts, strict=True):
            setattr(made, name, part)
        made.__post_init__()
        return made

    def hold(self, expr: Expr, out: list[Stmt]) -> Expr:
        """Compute a value now, for later."""
        if isinstance(expr, Const):
            return expr
        held = VarRef(plain(expr.type), expr.line, self.temporary(expr.type))
        out.append(Run(expr.line, Assign(held.type, expr.line, held, expr)))
        return held

    def sequence(self, exprs: list[Expr], out: list[Stmt]) -> list[Expr]:
        """Several values, from left to right: those before a site are computed before it."""
        last = max((at for at, expr in enumerate(exprs) if self.has_site(expr)), default=-1)
        values = []
        for at, expr in enumerate(exprs):
            value = self.value(expr, out)
            values.append(self.hold(value, out) if at < last else value)
        return values

    def call(self, call: Call, out: list[Stmt]) -> Expr:
        """The call itself: a statement, if it is a site."""
        if not self.is_site(call):
            return call
        if isinstance(call.type, Void):
            out.append(Run(call.line, call))
            return Const(INT, call.line, 0)
        return self.hold(call, out)

    def logical(self, expr: Binary, out: list[Stmt]) -> Expr:
        """&& and ||, whose right side may be skipped."""
        line = expr.line
        held = VarRef(INT, line, self.temporary(INT))
        left = self.value(expr.left, out)
        out.append(Run(line, Assign(INT, line, held, truth(left))))
        inner: list[Stmt] = []
        right = self.value(expr.right, inner)
        inner.append(Run(line, Assign(INT, line, held, truth(right))))
        wanted: Expr = held if expr.op == "&&" else Unary(INT, line, "!", held)
        out.append(If(line, wanted, Block(line, inner), None))
        return held

    def choice(self, expr: Choice, out: list[Stmt]) -> Expr:
        """condition ? yes : no."""
        line = expr.line
        condition = self.value(expr.condition, out)
        held = None if isinstance(expr.type, Void) else VarRef(plain(expr.type), line, self.temporary(expr.type))
        sides: list[Block] = []
        for side in (expr.yes, expr.no):
            inner: list[Stmt] = []
            if held is None:
                self.run(side, inner)
            else:
                inner.append(Run(line, Assign(held.type, line, held, self.value(side, inner))))
            sides.append(Block(line, inner))
        out.append(If(line, condition, *sides))
        return held or Const(INT, line, 0)

    def assign(self, expr: Assign, out: list[Stmt]) -> Expr:
        """target = value; as everywhere, a last call on the right waits for the address on the left."""
        target, value, line = expr.target, expr.value, expr.line
        if isinstance(target, VarRef) or is_plain(target.pointer if isinstance(target, Deref) else target):
            value = self.value(value, out)
            return Assign(expr.type, line, target, value)
        assert isinstance(target, Deref)
        if isinstance(value, Call) and self.is_site(value):
            *args, pointer = self.sequence([*value.args, target.pointer], out)
            pointer = self.hold(pointer, out)
            value = self.call(replace(value, args=args), out)
            return Assign(expr.type, line, replace(target, pointer=pointer), value)
        value, pointer = self.sequence([value, target.pointer], out)
        return Assign(expr.type, line, replace(target, pointer=pointer), value)


def truth(expr: Expr) -> Expr:
    """A scalar as 0 or 1."""
    return Unary(INT, expr.line, "!", Unary(INT, expr.line, "!", expr))


class Sites:
    """The sites of a flattened function, numbered from 1, and which of them lie in a statement."""

    def __init__(self, body: FunctionBody, flattened: Flattened) -> None:
        self.numbers: dict[int, int] = {}  # by id of the call
        self.jumps = False  # whether one of them is a sigsetjmp
        self._within: dict[int, tuple[int, ...]] = {}  # by id of the statement
        self._number(body.body, flattened)

    def _number(self, stmt: Stmt, flattened: Flattened) -> tuple[int, ...]:
        found: list[int] = []
        for expr in expressions_of(stmt):
            for call in calls_in(expr):
                if flattened.is_site(call):
                    self.numbers[id(call)] = len(self.numbers) + 1
                    self.jumps = self.jumps or (call.library and call.name in JUMPS)
                    found.append(self.numbers[id(call)])
        for inner in statements_of(stmt):
            found += self._number(inner, flattened)
        self._within[id(stmt)] = tuple(found)
        return tuple(found)

    def within(self, *stmts: Stmt | None) -> tuple[int, ...]:
        """The numbers of the sites in these statements."""
        return tuple(number for stmt in stmts if stmt is not None for number in self._within.get(id(stmt), ()))


def site_call(expr: Expr) -> Call | None:
    """The call of a statement that may be a site."""
    call = expr.value if isinstance(expr, Assign) else expr
    return call if isinstance(call, Call) else None
