"""Types as declarations write them: specifiers, declarators, struct, union and enum.

Not modelled: float and double, bit-fields, variable-length arrays, pointers to functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pycparser import c_ast

from webapp.program.context import Context, Wrong
from webapp.program.headers import LARGE_RECORDS, RECORDS, TYPES
from webapp.program.scope import Enumerator, TypeName
from webapp.program.tree import Const
from webapp.program.types import (
    BOOL,
    CHAR,
    INT,
    LLONG,
    LONG,
    SCHAR,
    SHORT,
    UCHAR,
    UINT,
    ULLONG,
    ULONG,
    USHORT,
    VOID,
    Array,
    CType,
    Function,
    Integer,
    Layout,
    Pointer,
    Record,
    Void,
    plain,
    qualified,
)

if TYPE_CHECKING:
    from webapp.program.expressions import Expressions

SPECIFIERS: dict[tuple[str, ...], CType] = {
    ("void",): VOID,
    ("_Bool",): BOOL,
    ("char",): CHAR,
    ("char", "signed"): SCHAR,
    ("char", "unsigned"): UCHAR,
    ("short",): SHORT,
    ("short", "signed"): SHORT,
    ("short", "unsigned"): USHORT,
    ("int",): INT,
    ("signed",): INT,
    ("unsigned",): UINT,
    ("int", "unsigned"): UINT,
    ("int", "signed"): INT,
    ("long",): LONG,
    ("long", "signed"): LONG,
    ("long", "unsigned"): ULONG,
    ("long", "long"): LLONG,
    ("long", "long", "signed"): LLONG,
    ("long", "long", "unsigned"): ULLONG,
}
LARGEST = 1 << 30  # bytes of a type


class Declarators:
    """Reads types off the syntax tree."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.expressions: Expressions  # set once both exist: array lengths are expressions
        self.defined: dict[c_ast.Node, CType] = {}  # braces already read: all declarators of a line share them

    def type_of(self, node: c_ast.Node) -> CType:
        """The type that a declarator (or the name of a type) writes."""
        if isinstance(node, (c_ast.Decl, c_ast.Typedef, c_ast.Typename)):
            return self.type_of(node.type)
        if isinstance(node, c_ast.TypeDecl):
            return qualified(self.specified(node.type, node), "const" in node.quals, "volatile" in node.quals)
        if isinstance(node, c_ast.PtrDecl):
            if isinstance(node.type, c_ast.FuncDecl):
                self.context.wrong(
                    node.type, "pointers to functions are not in the subset: call the function by its name."
                )
            return qualified(Pointer(self.type_of(node.type)), "const" in node.quals, "volatile" in node.quals)
        if isinstance(node, c_ast.ArrayDecl):
            return self.array(node)
        if isinstance(node, c_ast.FuncDecl):
            return self.function(node)
        return self.specified(node, node)

    def specified(self, node: c_ast.Node, declared: c_ast.Node) -> CType:
        """The type that specifiers name, such as ``unsigned long`` or ``struct point``."""
        if isinstance(node, (c_ast.Struct, c_ast.Union, c_ast.Enum)):
            if node not in self.defined:
                self.defined[node] = self.enum(node) if isinstance(node, c_ast.Enum) else self.record(node)
            return self.defined[node]
        if not isinstance(node, c_ast.IdentifierType):
            self.context.wrong(declared, f"this kind of type ({type(node).__name__}) is not in the subset.")
        names = tuple(sorted(node.names))
        if len(names) > 1 and "int" in names and ("long" in names or "short" in names):
            names = tuple(name for name in names if name != "int")
        if names in SPECIFIERS:
            return SPECIFIERS[names]
        if {"float", "double"} & set(names):
            self.context.wrong(node, f"{' '.join(node.names)} is not in the subset: use whole numbers.")
        if len(names) == 1:
            return self.named(names[0], node)
        self.context.wrong(node, f"'{' '.join(node.names)}' is no type.")

    def named(self, name: str, node: c_ast.Node) -> CType:
        """The type that typedef, or a header, calls ``name``."""
        found = self.context.scopes.find(name)
        if isinstance(found, TypeName):
            return found.type
        if name in TYPES and self.context.has(name):
            return LLONG if name == "off_t" and self.context.large_files else TYPES[name]
        self.context.wrong(node, self.context.missing_header(name) or f"'{name}' is no type known here.")

    def array(self, node: c_ast.ArrayDecl) -> Array:
        of = self.type_of(node.type)
        if isinstance(of, Function) or not of.complete or isinstance(of, Void):
            self.context.wrong(node, f"an array cannot hold elements of type '{of}'.")
        if node.dim is None:
            return Array(of, None)
        length = self.expressions.value(node.dim)
        if not isinstance(length, Const) or not isinstance(length.type, Integer):
            self.context.wrong(
                node.dim, "the length of an array is a constant in the subset: variable lengths are not."
            )
        if length.value < 0:
            self.context.wrong(node.dim, f"an array cannot have {length.value} elements.")
        if length.value * of.size > LARGEST:
            self.context.wrong(node.dim, f"an array of {length.value} elements of {of.size} bytes is too large.")
        return Array(of, length.value)

    def function(self, node: c_ast.FuncDecl) -> Function:
        """A function type; array parameters are pointers."""
        returns = plain(self.type_of(node.type))
        if isinstance(returns, (Array, Function)):
            self.context.wrong(node, f"a function cannot return '{returns}'.")
        if isinstance(returns, Record):
            self.context.wrong(node, "returning a struct is not in the subset: return a pointer to it.")
        params: list[CType] = []
        variadic = False
        listed = node.args.params if node.args is not None else []
        for param in listed:
            if isinstance(param, c_ast.EllipsisParam):
                variadic = True
            elif isinstance(param, c_ast.ID):
                self.context.wrong(param, f"the parameter {param.name} has no type.")
            else:
                params.append(self.parameter(param))
        if params == [VOID] and listed[0].name is None:
            params = []
        elif any(isinstance(kind, Void) for kind in params):
            self.context.wrong(node, "a parameter cannot be void.")
        return Function(returns, tuple(params), variadic, unspecified=node.args is None)

    def parameter(self, node: c_ast.Node) -> CType:
        kind = self.type_of(node)
        if isinstance(kind, Array):
            return Pointer(kind.of)
        if isinstance(kind, Function):
            self.context.wrong(node, "pointers to functions are not in the subset: call the function by its name.")
        if isinstance(kind, Record):
            self.context.wrong(node, "passing a struct by value is not in the subset: pass a pointer to it.")
        return kind

    def record(self, node: c_ast.Struct | c_ast.Union) -> Record:
        """A struct or union; braces define it."""
        keyword = "union" if isinstance(node, c_ast.Union) else "struct"
        scope = self.context.scopes.inner
        found = self.context.scopes.find_tag(node.name) if node.name else None
        if found is None and node.decls is None and node.name:
            found = self.of_header(keyword, node.name)
        if node.decls is not None and (not node.name or node.name not in scope.tags):
            found = None
        if found is None:
            found = Layout(keyword, node.name or "")
            if node.name:
                scope.tags[node.name] = found
        if not isinstance(found, Layout) or found.keyword != keyword:
            self.context.wrong(node, f"'{node.name}' is already the tag of something else.")
        if node.decls is not None:
            if found.complete:
                self.context.wrong(node, f"{keyword} {node.name} is defined a second time.")
            found.fill(self.members(node))
            if found.size > LARGEST:
                self.context.wrong(node, "this struct is too large.")
        return Record(found)

    def of_header(self, keyword: str, tag: str) -> Layout | None:
        """The struct that an included header defines."""
        if not self.context.has(f"{keyword} {tag}"):
            return None
        return (LARGE_RECORDS.get(tag) if self.context.large_files else None) or RECORDS[tag]

    def members(self, node: c_ast.Struct | c_ast.Union) -> list[tuple[str, CType]]:
        members: dict[str, CType] = {}
        for member in node.decls or []:
            if not isinstance(member, c_ast.Decl):
                continue
            try:
                kind = self.type_of(member)
            except Wrong:
                kind = INT
            if member.bitsize is not None:
                self.context.note(member, "bit-fields are not in the subset.")
            elif member.name is None:
                self.context.note(member, "members without a name are not in the subset.")
            elif member.name in members:
                self.context.note(member, f"the member {member.name} is declared twice.")
            elif not kind.complete or isinstance(kind, (Function, Void)):
                self.context.note(member, f"a member cannot have type '{kind}': its size is not known.")
            else:
                members[member.name] = kind
        return list(members.items())

    def enum(self, node: c_ast.Enum) -> CType:
        """An enum: unsigned int, or int if one of its values is negative."""
        if node.values is None:
            found = self.context.scopes.find_tag(node.name)
            if not isinstance(found, CType):
                self.context.wrong(node, f"there is no enum {node.name}.")
            return found
        following, negative = 0, False
        for each in node.values.enumerators:
            if each.value is not None:
                following = self.enumerated(each, following)
            self.context.scopes.inner.names[each.name] = Enumerator(INT.wrap(following), INT)
            negative = negative or following < 0
            following += 1
        kind = INT if negative else UINT
        if node.name:
            self.context.scopes.inner.tags[node.name] = kind
        return kind

    def enumerated(self, node: c_ast.Enumerator, otherwise: int) -> int:
        """The value that an enum gives one of its names; ``otherwise`` after a mistake."""
        try:
            value = self.expressions.value(node.value)
        except Wrong:
            return otherwise
        if not isinstance(value, Const):
            self.context.note(node.value, f"the value of {node.name} is not a constant.")
            return otherwise
        return value.value
