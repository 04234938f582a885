"""Expressions as Python text.

A load looks its page up in ``_rd`` (the pages that user code may read without asking); only where that fails is a
coroutine awaited:

    (_m[_a & 4095] if (_m := _rd((_a := p + i * 4096) >> 12)) is not None else await _l_u8(20, _a))
"""

from __future__ import annotations

from webapp.program.emit_arithmetic import Arithmetic
from webapp.program.pytext import (
    ADD,
    Code,
    code_name,
    combined,
    named,
    number,
    span,
    truth,
    wrapped,
)
from webapp.program.tree import (
    AddressOf,
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
    Held,
    PointerMinus,
    PointerPlus,
    Unary,
    Update,
    Variable,
    VarRef,
)
from webapp.program.types import UINT, Pointer, Void

SYNCHRONOUS = frozenset({"rand", "srand", "abs", "labs", "getpagesize"}) | frozenset(
    {"WIFEXITED", "WEXITSTATUS", "WIFSIGNALED", "WTERMSIG", "WIFSTOPPED", "WSTOPSIG", "WCOREDUMP"}
)


class Values(Arithmetic):
    """Emits expressions of one function. Temporaries are good for one statement."""

    def exact(self, expr: Expr) -> Code:
        """The value of an expression, within the range of its type."""
        if isinstance(expr, Const):
            return number(expr.value)
        if isinstance(expr, VarRef):
            return self.load(expr) if expr.var.in_memory else named(expr.var.python, expr.type)
        if isinstance(expr, Deref):
            return self.load(expr)
        if isinstance(expr, Held):
            return named(expr.python, expr.type) if expr.python else self.exact(source_of(expr))
        if isinstance(expr, AddressOf):
            return Code(f"_s + {expr.var.offset}", 0, 0xFFFFFFFF, ADD)
        if isinstance(expr, Binary):
            return self.binary(expr)
        if isinstance(expr, Convert):
            return self.converted(expr)
        if isinstance(expr, Unary):
            return (
                truth(self.test(expr)) if expr.op == "!" else wrapped(self.modular(expr, 8 * expr.type.size), expr.type)
            )
        if isinstance(expr, PointerPlus):
            return wrapped(self.modular(expr, 32), UINT)
        if isinstance(expr, PointerMinus):
            distance = wrapped(combined("-", self.exact(expr.left), self.exact(expr.right), ADD), expr.type)
            return (
                distance
                if expr.scale == 1
                else Code(f"_quotient({distance.text}, {expr.scale})", distance.low, distance.high)
            )
        if isinstance(expr, Choice):
            return self.choice(expr)
        if isinstance(expr, Comma):
            right = self.exact(expr.right)
            return Code(f"({self.exact(expr.left).text}, {right.text})[1]", right.low, right.high)
        if isinstance(expr, Call):
            return self.call(expr)
        if isinstance(expr, Assign):
            return self.assign(expr)
        if isinstance(expr, Update):
            return self.update(expr)
        assert isinstance(expr, CopyRecord)
        return Code(
            f"(await _copy({expr.line}, {self.address(expr.target)}, {self.address(expr.source)}, {expr.size}))", 0, 0
        )

    def load(self, expr: Deref | VarRef) -> Code:
        """What memory holds."""
        name, line = code_name(expr.type), expr.line
        size = expr.type.size
        pointer = pointer_to(expr)
        if isinstance(pointer, Const):
            vpn, offset = pointer.value >> 12, pointer.value & 4095
            found, address, fits = f"(_m := _rd({vpn})) is not None", str(pointer.value), offset <= 4096 - size
        else:
            offset, address, fits = -1, "_a", True
            found = f"(_m := _rd((_a := {self.address(pointer)}) >> 12)) is not None"
        slow = f"await _l_{name}({line}, {address})"
        if not fits:
            return Code(f"({slow})", *span(expr.type))
        if size == 1:
            text = f"(_m[{offset if offset >= 0 else '_a & 4095'}] if {found} else {slow})"
        elif offset >= 0:
            text = f"(_g_{name}(_m, {offset})[0] if {found} else {slow})"
        else:
            text = f"(_g_{name}(_m, _o)[0] if {found} and (_o := _a & 4095) <= {4096 - size} else {slow})"
        if name == "i8":
            text = f"(_m[{offset if offset >= 0 else '_a & 4095'}] ^ 128) - 128 if {found} else {slow}"
            return Code(f"({text})", -128, 127)
        return Code(text, *span(expr.type))

    def assign(self, expr: Assign) -> Code:
        """An assignment within an expression."""
        before, target, value = self.prepared(expr)
        if isinstance(target, VarRef) and not target.var.in_memory:
            code = self.exact(value)
            return self.after(before, Code(f"({target.var.python} := {code.text})", code.low, code.high))
        return self.after(before, self.stored(target, self.exact(value), expr.line))

    def prepared(self, expr: Assign) -> tuple[list[str], Expr, Expr]:
        """What gcc does of the right side before it looks at the left; then target and value as they are left.

        Only a last load or call waits for the address on the left; nothing need be done where that address is plain.
        """
        target, value = expr.target, expr.value
        if not isinstance(target, Deref) or is_plain(target.pointer):
            return [], target, value
        if isinstance(value, Deref):
            parts: list[Expr] = [value.pointer]
        elif isinstance(value, Call):
            parts = value.args
        else:
            return [], target, value
        held = [self.hold(part) for part in [*parts, target.pointer]]
        *inner, there = [place for _, place in held]
        args: list[Expr] = list(inner)
        if isinstance(value, Call):
            value = Call(value.type, value.line, value.name, args, value.library)
        else:
            value = Deref(value.type, value.line, args[0])
        return [text for text, _ in held], Deref(target.type, target.line, there), value

    def hold(self, expr: Expr) -> tuple[str, Held]:
        """Compute a value now: the text that does it, and the value for later."""
        name = self.temporary()
        return f"({name} := {self.exact(expr).text})", Held(expr.type, expr.line, python=name)

    def after(self, before: list[str], code: Code) -> Code:
        """``code`` evaluated after some other expressions."""
        if not before:
            return code
        return Code(f"({', '.join([*before, code.text])})[{len(before)}]", code.low, code.high)

    def stored(self, target: Expr, value: Code, line: int) -> Code:
        """A store within an expression; its value is the value stored."""
        name, held, place = code_name(target.type), self.temporary(), self.temporary()
        try_it = f"_w_{name}(({held} := {value.text}), ({place} := {self.address(pointer_to(target))}))"
        return Code(f"({held} if {try_it} else await _s_{name}({line}, {place}, {held}))", value.low, value.high)

    def update(self, expr: Update) -> Code:
        """A compound assignment, ++ or -- within an expression."""
        before: list[str] = []
        if expr.first is not None:
            before += self.hold_first(expr, expr.first)
        if isinstance(expr.target, VarRef) and not expr.target.var.in_memory:
            name = expr.target.var.python
            expr.old.python = self.temporary() if expr.postfix else name
            if expr.postfix:
                before.append(f"({expr.old.python} := {name})")
            code = self.exact(expr.value)
            done = Code(f"({name} := {code.text})", code.low, code.high)
        else:
            address, place = self.hold(pointer_to(expr.target))
            expr.old.python = self.temporary()
            there = Deref(expr.target.type, expr.line, place)
            before += [address, f"({expr.old.python} := {self.load(there).text})"]
            done = self.stored(there, self.exact(expr.value), expr.line)
        if not expr.postfix:
            return self.after(before, done)
        return Code(f"({', '.join([*before, done.text])})[{len(before) - 1}]", *span(expr.type))

    def hold_first(self, expr: Update, first: Held) -> list[str]:
        """Compute the right side of a compound assignment before anything else, where that makes a difference."""
        target, source = expr.target, source_of(first)
        first.python = ""
        if isinstance(target, VarRef) and not target.var.in_memory and not changes(source, target.var):
            return []
        text, held = self.hold(source)
        first.python = held.python
        return [text]

    def call(self, expr: Call) -> Code:
        args = [self.exact(arg).text for arg in expr.args]
        low, high = (0, 0) if isinstance(expr.type, Void) else span(expr.type)
        if not expr.library:
            return Code(f"(await _f_{expr.name}({', '.join(['_d + 1', '_s', *args])}))", low, high)
        if expr.name in SYNCHRONOUS:
            return Code(f"_x_{expr.name}({', '.join(args)})", low, high)
        return Code(f"(await _x_{expr.name}({', '.join([str(expr.line), *args])}))", low, high)


def pointer_to(target: Expr) -> Expr:
    """The address of an lvalue in memory."""
    if isinstance(target, Deref):
        return target.pointer
    assert isinstance(target, VarRef)
    return AddressOf(Pointer(target.type), target.line, target.var)


def source_of(held: Held) -> Expr:
    """Where a held value comes from."""
    assert held.source is not None
    return held.source


def changes(expr: Expr, var: Variable) -> bool:
    """Whether evaluating this assigns to a variable that lives in a Python local."""
    if isinstance(expr, (Assign, Update)):
        inner = [expr.target, expr.value] + ([source_of(expr.first)] if isinstance(expr, Update) and expr.first else [])
        own = isinstance(expr.target, VarRef) and expr.target.var is var
        return own or any(changes(each, var) for each in inner)
    if isinstance(expr, Call):
        return any(changes(each, var) for each in expr.args)
    return expr.effects and any(changes(part, var) for part in expr.parts())


def is_plain(expr: Expr) -> bool:
    """Whether evaluating this neither loads from memory nor has effects, so that it can be done at any time."""
    if isinstance(expr, (Deref, Assign, Update, Call, CopyRecord)) or (isinstance(expr, VarRef) and expr.var.in_memory):
        return False
    return all(is_plain(part) for part in expr.parts())
