"""Expressions as Python text.

A load looks its page up in ``_rd`` (the pages that user code may read without asking); only where that fails is a coroutine awaited:

    (_m[_a & 4095] if (_m := _rd((_a := p + i * 4096) >> 12)) is not None else await _l_u8(20, _a))

Values are exact (within the range of their C type) where it matters and congruent modulo 2**32 where that is enough, as in addresses.
"""

from __future__ import annotations

from webapp.program.build import COMPARISONS
from webapp.program.pytext import (
    ADD,
    AND,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    COMPARE,
    MULTIPLY,
    NOT,
    OR,
    SHIFT,
    UNARY,
    WIDE,
    Code,
    code_name,
    combined,
    integer_like,
    named,
    number,
    span,
    truth,
    wrapped,
)
from webapp.program.arithmetic import quotient
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
from webapp.program.types import BOOL, UINT, Pointer, Void, is_scalar

BITWISE = {"&": BIT_AND, "|": BIT_OR, "^": BIT_XOR}
ADDITIVE = {"+": ADD, "-": ADD, "*": MULTIPLY}
SYNCHRONOUS = frozenset({"rand", "srand", "abs", "labs", "getpagesize"})


class Values:
    """Emits expressions of one function. Temporaries are good for one statement."""

    def __init__(self) -> None:
        self.temporaries = 0

    def temporary(self) -> str:
        self.temporaries += 1
        return f"_t{self.temporaries}"

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
            return truth(self.test(expr)) if expr.op == "!" else wrapped(self.modular(expr, 8 * expr.type.size), expr.type)
        if isinstance(expr, PointerPlus):
            return wrapped(self.modular(expr, 32), UINT)
        if isinstance(expr, PointerMinus):
            distance = wrapped(combined("-", self.exact(expr.left), self.exact(expr.right), ADD), expr.type)
            return distance if expr.scale == 1 else Code(f"_quotient({distance.text}, {expr.scale})", distance.low, distance.high)
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
        return Code(f"(await _copy({expr.line}, {self.address(expr.target)}, {self.address(expr.source)}, {expr.size}))", 0, 0)

    def address(self, pointer: Expr) -> str:
        """An address, congruent modulo 2**32: what looks it up knows that."""
        return self.modular(pointer, 32).text

    def modular(self, expr: Expr, bits: int) -> Code:
        """A value congruent to that of ``expr`` modulo 2**bits; it may lie outside the range of its type."""
        if not is_scalar(expr.type) or 8 * expr.type.size < bits:
            return self.exact(expr)
        code = self.loose(expr, bits)
        return wrapped(code, expr.type) if max(-code.low, code.high) > WIDE else code

    def loose(self, expr: Expr, bits: int) -> Code:
        if isinstance(expr, Binary) and expr.op in ADDITIVE:
            return combined(expr.op, self.modular(expr.left, bits), self.modular(expr.right, bits), ADDITIVE[expr.op])
        if isinstance(expr, Binary) and expr.op == "<<":
            return self.shifted_left(expr, bits)
        if isinstance(expr, Unary) and expr.op in "-~":
            inner = self.modular(expr.operand, bits)
            bit = expr.op == "~"
            return Code(f"{expr.op}{inner.at(UNARY)}", -inner.high - bit, -inner.low - bit, UNARY)
        if isinstance(expr, PointerPlus):
            pointer = self.modular(expr.pointer, bits)
            if isinstance(expr.index, Const):
                step = expr.index.value * expr.scale
                return combined("+" if step >= 0 else "-", pointer, number(abs(step)), ADD)
            index, scale = self.modular(expr.index, bits), abs(expr.scale)
            moved = index if scale == 1 else combined("*", index, number(scale), MULTIPLY)
            return combined("+" if expr.scale > 0 else "-", pointer, moved, ADD)
        if isinstance(expr, Convert) and expr.type != BOOL and is_scalar(expr.operand.type):
            return self.modular(expr.operand, bits)
        return self.exact(expr)

    def shifted_left(self, expr: Binary, bits: int) -> Code:
        left = self.modular(expr.left, bits)
        if isinstance(expr.right, Const) and 0 <= expr.right.value < 64:
            count = expr.right.value
            return Code(f"{left.at(SHIFT)} << {count}", min(left.low << count, left.low), max(left.high << count, left.high), SHIFT)
        return Code(f"{left.at(SHIFT)} << {self.count(expr.right)}", -WIDE * 2, WIDE * 2, SHIFT)

    def count(self, expr: Expr) -> str:
        """A shift count: ARM looks at its lowest byte."""
        code = self.modular(expr, 8)
        return code.at(ADD) if 0 <= code.low and code.high <= 255 else f"({code.at(BIT_AND)} & 255)"

    def binary(self, expr: Binary) -> Code:
        """A binary operator, exactly."""
        if expr.op in COMPARISONS or expr.op in ("&&", "||"):
            return truth(self.test(expr))
        bits = 8 * expr.type.size
        if expr.op == "&":
            return self.masked(expr, bits)
        if expr.op in BITWISE:
            left, right = self.exact(expr.left), self.exact(expr.right)
            level = BITWISE[expr.op]
            if min(left.low, right.low) >= 0:
                low, high = 0, (1 << max(left.high, right.high).bit_length()) - 1
            else:
                low, high = span(expr.type)
            return Code(f"{left.at(level)} {expr.op} {right.at(level + 1)}", low, high, level)
        if expr.op == ">>":
            left = self.exact(expr.left)
            if isinstance(expr.right, Const) and 0 <= expr.right.value < 64:
                count = expr.right.value
                return Code(f"{left.at(SHIFT)} >> {count}", left.low >> count, left.high >> count, SHIFT)
            return Code(f"{left.at(SHIFT)} >> {self.count(expr.right)}", min(left.low, 0), max(left.high, 0), SHIFT)
        if expr.op in ("/", "%"):
            return self.divided(expr)
        return wrapped(self.modular(expr, bits), expr.type)

    def masked(self, expr: Binary, bits: int) -> Code:
        """&: with a constant that has no sign bit, the other side need not be exact."""
        for mask, other in ((expr.right, expr.left), (expr.left, expr.right)):
            if isinstance(mask, Const) and 0 <= mask.value < 1 << (bits - 1):
                code = self.modular(other, bits)
                high = mask.value if code.low < 0 else min(mask.value, code.high)
                return Code(f"{code.at(BIT_AND)} & {mask.value}", 0, high, BIT_AND)
        left, right = self.exact(expr.left), self.exact(expr.right)
        low, high = span(expr.type)
        ends = [code.high for code in (left, right) if code.low >= 0]
        low, high = (0, min(ends)) if ends else (low, high)
        return Code(f"{left.at(BIT_AND)} & {right.at(BIT_AND + 1)}", low, high, BIT_AND)

    def divided(self, expr: Binary) -> Code:
        """/ and %; what could be a division by zero goes through a helper."""
        left, right = self.exact(expr.left), self.exact(expr.right)
        divisor = expr.right.value if isinstance(expr.right, Const) else 0
        kind_low, kind_high = span(expr.type)
        if divisor > 0:
            if expr.op == "/":
                low, high = quotient(left.low, divisor), quotient(left.high, divisor)
            else:
                low, high = -min(divisor - 1, -left.low) if left.low < 0 else 0, max(0, min(divisor - 1, left.high))
            if left.low >= 0:
                op = "//" if expr.op == "/" else "%"
                return Code(f"{left.at(MULTIPLY)} {op} {right.at(UNARY)}", low, high, MULTIPLY)
            name = "_quotient" if expr.op == "/" else "_remainder"
            return Code(f"{name}({left.text}, {right.text})", low, high)
        if expr.op == "%":
            return Code(f"_mod({expr.line}, {left.text}, {right.text})", kind_low, kind_high)
        code = Code(f"_div({expr.line}, {left.text}, {right.text})", kind_low, kind_high + integer_like(expr.type).signed)
        return wrapped(code, expr.type)

    def converted(self, expr: Convert) -> Code:
        if isinstance(expr.type, Void):
            return self.exact(expr.operand) if expr.operand.effects else number(0)
        if expr.type == BOOL:
            return truth(self.test(expr.operand))
        if isinstance(expr.operand.type, Void):
            return self.exact(expr.operand)
        return wrapped(self.modular(expr.operand, 8 * expr.type.size), expr.type)

    def choice(self, expr: Choice) -> Code:
        test, yes, no = self.test(expr.condition), self.exact(expr.yes), self.exact(expr.no)
        text = f"({yes.at(OR)} if {test.at(OR)} else {no.at(OR)})"
        return Code(text, min(yes.low, no.low), max(yes.high, no.high))

    def test(self, expr: Expr) -> Code:
        """A condition: Python's truth is C's."""
        if isinstance(expr, Const):
            return Code(str(expr.value != 0), 0, 1)
        if isinstance(expr, Unary) and expr.op == "!":
            return Code(f"not {self.test(expr.operand).at(NOT)}", 0, 1, NOT)
        if isinstance(expr, Binary) and expr.op in ("&&", "||"):
            word, level = ("and", AND) if expr.op == "&&" else ("or", OR)
            return Code(f"{self.test(expr.left).at(level)} {word} {self.test(expr.right).at(level + 1)}", 0, 1, level)
        if isinstance(expr, Binary) and expr.op in COMPARISONS:
            left, right = self.exact(expr.left), self.exact(expr.right)
            return Code(f"{left.at(COMPARE + 1)} {expr.op} {right.at(COMPARE + 1)}", 0, 1, COMPARE)
        return self.exact(expr)

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

