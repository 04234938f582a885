"""C types with the sizes of 32-bit ARM: char is unsigned, long has 32 bits, long long is aligned to 8.

Types are values: two types that print alike are equal. ``const`` and ``volatile`` belong to the type; `plain` drops
them.

Not modelled: float, double, bit-fields, variable-length arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeVar

POINTER_SIZE = 4
T = TypeVar("T", bound="CType")


@dataclass(frozen=True)
class CType:
    """Base of all types."""

    const: bool = field(default=False, kw_only=True)
    volatile: bool = field(default=False, kw_only=True)

    @property
    def size(self) -> int:
        """Bytes; only complete types are asked."""
        return 1  # of void and functions, as gcc has it

    @property
    def align(self) -> int:
        return self.size

    @property
    def complete(self) -> bool:
        return True


@dataclass(frozen=True)
class Void(CType):
    def __str__(self) -> str:
        return "void"


@dataclass(frozen=True)
class Integer(CType):
    """An integer type. ``rank`` orders them for the usual arithmetic conversions."""

    name: str
    width: int  # bytes
    signed: bool
    rank: int

    @property
    def size(self) -> int:
        return self.width

    @property
    def low(self) -> int:
        return -(1 << (8 * self.width - 1)) if self.signed else 0

    @property
    def high(self) -> int:
        if self.name == "_Bool":
            return 1
        return (1 << (8 * self.width - self.signed)) - 1

    def wrap(self, value: int) -> int:
        """``value`` as this type keeps it."""
        if self.name == "_Bool":
            return int(value != 0)
        value &= (1 << 8 * self.width) - 1
        return value - (1 << 8 * self.width) if value > self.high else value

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Pointer(CType):
    to: CType

    @property
    def size(self) -> int:
        return POINTER_SIZE

    def __str__(self) -> str:
        return f"{self.to}*" if str(self.to).endswith("*") else f"{self.to} *"


@dataclass(frozen=True)
class Array(CType):
    of: CType
    length: int | None  # None: not known yet

    @property
    def size(self) -> int:
        return self.of.size * (self.length or 0)

    @property
    def align(self) -> int:
        return self.of.align

    @property
    def complete(self) -> bool:
        return self.length is not None

    def __str__(self) -> str:
        dims, inner = "", self
        while True:
            dims += f"[{'' if inner.length is None else inner.length}]"
            if not isinstance(inner.of, Array):
                return f"{inner.of} {dims}" if not str(inner.of).endswith("*") else f"{inner.of}{dims}"
            inner = inner.of


@dataclass(frozen=True)
class Function(CType):
    returns: CType
    params: tuple[CType, ...]
    variadic: bool = False
    unspecified: bool = False  # declared with empty brackets: any arguments go

    def __str__(self) -> str:
        inside = [str(param) for param in self.params] + ["..."] * self.variadic
        return f"{self.returns}({', '.join(inside) or 'void'})"


@dataclass(eq=False)
class Layout:
    """The members of one struct or union; filled in when its braces have been read."""

    keyword: str
    tag: str
    members: dict[str, tuple[CType, int]] = field(default_factory=dict)  # name -> type, offset
    size: int = 0
    align: int = 1
    complete: bool = False

    def fill(self, members: list[tuple[str, CType]]) -> None:
        """Lay the members out one after another (or, in a union, all at 0), each at its alignment."""
        end = 0
        for name, kind in members:
            offset = 0 if self.keyword == "union" else -(-end // kind.align) * kind.align
            self.members[name] = kind, offset
            end = max(end, offset + kind.size)
            self.align = max(self.align, kind.align)
        self.size = -(-end // self.align) * self.align
        self.complete = True


@dataclass(frozen=True)
class Record(CType):
    """A struct or union."""

    layout: Layout

    @property
    def size(self) -> int:
        return self.layout.size

    @property
    def align(self) -> int:
        return self.layout.align

    @property
    def complete(self) -> bool:
        return self.layout.complete

    def __str__(self) -> str:
        return f"{self.layout.keyword} {self.layout.tag or '(unnamed)'}"


VOID = Void()
BOOL = Integer("_Bool", 1, False, 0)
CHAR = Integer("char", 1, False, 1)
SCHAR = Integer("signed char", 1, True, 1)
UCHAR = Integer("unsigned char", 1, False, 1)
SHORT = Integer("short", 2, True, 2)
USHORT = Integer("unsigned short", 2, False, 2)
INT = Integer("int", 4, True, 3)
UINT = Integer("unsigned int", 4, False, 3)
LONG = Integer("long", 4, True, 4)
ULONG = Integer("unsigned long", 4, False, 4)
LLONG = Integer("long long", 8, True, 5)
ULLONG = Integer("unsigned long long", 8, False, 5)
VOID_POINTER = Pointer(VOID)
CHAR_POINTER = Pointer(CHAR)
CONST_CHAR_POINTER = Pointer(replace(CHAR, const=True))
UNSIGNED_OF = {INT: UINT, LONG: ULONG, LLONG: ULLONG}


def plain(kind: T) -> T:
    """``kind`` without its own const and volatile."""
    return replace(kind, const=False, volatile=False) if kind.const or kind.volatile else kind


def qualified(kind: T, const: bool, volatile: bool) -> T:
    """``kind`` with qualifiers added; those of an array belong to its elements."""
    if not (const or volatile):
        return kind
    if isinstance(kind, Array):
        return replace(kind, of=qualified(kind.of, const, volatile))
    return replace(kind, const=kind.const or const, volatile=kind.volatile or volatile)


def is_scalar(kind: CType) -> bool:
    """Whether a value of this type fits a register."""
    return isinstance(kind, (Integer, Pointer))


def promoted(kind: Integer) -> Integer:
    """Integer promotion: whatever is smaller than int becomes int."""
    return plain(kind) if kind.rank >= INT.rank else INT


def common(left: Integer, right: Integer) -> Integer:
    """The usual arithmetic conversions."""
    left, right = promoted(left), promoted(right)
    if left == right:
        return left
    if left.signed == right.signed:
        return max(left, right, key=lambda kind: kind.rank)
    signed, unsigned = (left, right) if left.signed else (right, left)
    if unsigned.rank >= signed.rank:
        return unsigned
    return signed if signed.width > unsigned.width else UNSIGNED_OF[signed]


def decayed(kind: CType) -> CType:
    """The type of a value: arrays become pointers to their first element."""
    if isinstance(kind, Array):
        return Pointer(kind.of)
    if isinstance(kind, Function):
        return Pointer(kind)
    return plain(kind)
