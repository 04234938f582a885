"""Operands of expressions: constants, names, members, casts, and what can be assigned to."""

from __future__ import annotations

from pycparser import c_ast

from webapp.program.build import (
    address_of,
    convert,
    decay,
    offset_by,
)
from webapp.program.context import Context, Wrong
from webapp.program.declarators import Declarators
from webapp.program.headers import CONSTANTS
from webapp.program.image import ERRNO
from webapp.program.literals import character, number, string_bytes
from webapp.program.scope import Enumerator, FunctionName, Global, TypeName
from webapp.program.tree import (
    Const,
    Convert,
    Deref,
    Expr,
    Variable,
    VarRef,
)
from webapp.program.types import (
    CHAR,
    INT,
    VOID,
    Array,
    CType,
    Function,
    Pointer,
    Record,
    Void,
    is_scalar,
    plain,
    qualified,
)


class Operands:
    """Checks what expressions are made of; `Expressions` adds the operators."""

    def __init__(self, context: Context, declarators: Declarators) -> None:
        self.context, self.declarators = context, declarators

    def value(self, node: c_ast.Node) -> Expr:
        """An expression used for its value; arrays have become pointers."""
        return decay(self.any(node))

    def scalar(self, node: c_ast.Node, what: str) -> Expr:
        """A value that is a number or a pointer."""
        expr = self.value(node)
        if not is_scalar(expr.type):
            self.context.wrong(node, f"{what} is a number or a pointer, not '{expr.type}'.")
        return expr

    def any(self, node: c_ast.Node) -> Expr:
        """An expression, possibly an lvalue of array or struct type."""
        method = getattr(self, f"on_{type(node).__name__}", None)
        if method is None:
            named = {
                "Compound": "a block in brackets",
                "InitList": "a list in braces",
                "CompoundLiteral": "a compound literal",
            }
            what = named.get(type(node).__name__, type(node).__name__)
            self.context.wrong(node, f"{what} is not in the subset as an expression.")
        self.context.enclosing.append(node)
        try:
            expr: Expr = method(node)
        finally:
            self.context.enclosing.pop()
        return expr

    def on_Constant(self, node: c_ast.Constant) -> Expr:
        line = self.context.line(node)
        if node.type == "string":
            return self.literal(node, self.string(node) + b"\0")
        try:
            if "'" in node.value:
                return Const(INT, line, character(node.value))
            kind, value = number(node.value)
        except ValueError as error:
            self.context.wrong(node, str(error))
        return Const(kind, line, value)

    def string(self, node: c_ast.Constant) -> bytes:
        """The bytes of a string literal, without its closing zero."""
        if node.type != "string":
            self.context.wrong(node, "wide strings are not in the subset.")
        try:
            return string_bytes(node.value[1:-1])
        except ValueError as error:
            self.context.wrong(node, str(error))

    def literal(self, node: c_ast.Node, content: bytes) -> Deref:
        """An array of chars in read-only memory."""
        address = self.context.segments.literal(content)
        if address < 0:
            self.context.wrong(node, "the program's string literals are too long together.")
        line = self.context.line(node)
        return Deref(Array(CHAR, len(content)), line, Const(Pointer(CHAR), line, address))

    def on_ID(self, node: c_ast.ID) -> Expr:
        name, line = node.name, self.context.line(node)
        found = self.context.scopes.find(name)
        if isinstance(found, Variable):
            return VarRef(found.type, line, found)
        if isinstance(found, Global):
            return Deref(found.type, line, Const(Pointer(found.type), line, found.address), named=True)
        if isinstance(found, Enumerator):
            return Const(found.type, line, found.value)
        if isinstance(found, FunctionName):
            self.context.called.setdefault(name, node)
            return Const(Pointer(found.type), line, self.context.segments.function(name))
        if isinstance(found, TypeName):
            self.context.wrong(node, f"{name} is a type, not a value.")
        if self.context.has(name):
            if name == "errno":
                return Deref(INT, line, Const(Pointer(INT), line, ERRNO), named=True)
            if name in CONSTANTS:
                return Const(CONSTANTS[name].type, line, CONSTANTS[name].value)
        if name == "__func__" and self.context.function is not None:
            return self.literal(node, self.context.function.name.encode() + b"\0")
        self.context.wrong(node, self.context.missing_header(name) or f"'{name}' is not declared.")

    def object_at(self, node: c_ast.Node, pointer: Expr) -> Deref:
        """The object that a pointer points to."""
        assert isinstance(pointer.type, Pointer)
        kind = pointer.type.to
        if isinstance(kind, Void):
            self.context.wrong(node, "a 'void *' does not say what it points to: cast it first, as in *(char *)p.")
        if not kind.complete or isinstance(kind, Function):
            self.context.wrong(node, f"'{kind}' is not defined, so it cannot be read through a pointer.")
        return Deref(kind, pointer.line, pointer)

    def measured(self, node: c_ast.UnaryOp) -> int:
        """sizeof and _Alignof: the operand is not evaluated."""
        kind = (
            self.declarators.type_of(node.expr)
            if isinstance(node.expr, c_ast.Typename)
            else self.unevaluated(node.expr)
        )
        if not kind.complete:
            self.context.wrong(node, f"the size of '{kind}' is not known.")
        return kind.size if node.op == "sizeof" else kind.align

    def unevaluated(self, node: c_ast.Node) -> CType:
        if isinstance(node, c_ast.Constant) and node.type == "string":
            return Array(CHAR, len(self.string(node)) + 1)
        return self.any(node).type

    def address(self, node: c_ast.UnaryOp) -> Expr:
        if isinstance(node.expr, c_ast.UnaryOp) and node.expr.op == "*":
            return self.value(node.expr.expr)  # &*p is p
        if isinstance(node.expr, c_ast.ID) and isinstance(self.context.scopes.find(node.expr.name), FunctionName):
            return self.value(node.expr)  # &f is f
        target = self.lvalue(node.expr, "& wants a variable")
        return address_of(target)

    def lvalue(self, node: c_ast.Node, complaint: str) -> Expr:
        expr = self.any(node)
        if not isinstance(expr, (VarRef, Deref)):
            self.context.wrong(node, f"{complaint}, an element or what a pointer points to.")
        return expr

    def target(self, node: c_ast.Node, verb: str) -> Expr:
        """An lvalue that may be changed."""
        expr = self.lvalue(node, f"only a variable can be {verb}")
        if isinstance(expr.type, Array):
            self.context.wrong(node, f"an array cannot be {verb} as a whole.")
        if expr.type.const:
            name = node.name if isinstance(node, c_ast.ID) else "this"
            self.context.wrong(node, f"{name} is const: it cannot be {verb}.")
        return expr

    def guarded(self, node: c_ast.Node) -> Expr | None:
        """A value, or None after a mistake that has been noted: what stands beside it can still be checked."""
        try:
            return self.value(node)
        except Wrong:
            return None

    def step_size(self, node: c_ast.Node, pointer: Expr) -> int:
        """How many bytes a pointer moves by 1."""
        assert isinstance(pointer.type, Pointer)
        if not pointer.type.to.complete:
            self.context.wrong(node, f"the size of '{pointer.type.to}' is not known, so its pointers cannot be moved.")
        return max(1, pointer.type.to.size)

    def on_StructRef(self, node: c_ast.StructRef) -> Expr:
        if node.type == "->":
            base = self.value(node.name)
            record = base.type.to if isinstance(base.type, Pointer) else None
        else:
            whole = self.lvalue(node.name, ". wants a struct variable")
            record = whole.type
            base = address_of(whole) if isinstance(record, Record) else whole
        if not isinstance(record, Record):
            self.context.wrong(
                node, f"{node.type} wants a {'pointer to a ' * (node.type == '->')}struct, not '{base.type}'."
            )
        if node.field.name not in record.layout.members:
            said = "is not defined" if not record.complete else f"has no member {node.field.name}"
            self.context.wrong(node.field, f"{record} {said}.")
        kind, offset = record.layout.members[node.field.name]
        return offset_by(base, offset, qualified(kind, record.const, record.volatile))

    def on_Cast(self, node: c_ast.Cast) -> Expr:
        kind = plain(self.declarators.type_of(node.to_type))
        operand = self.value(node.expr)
        if isinstance(kind, Void):
            return Convert(VOID, self.context.line(node), operand)
        if not is_scalar(kind) or not is_scalar(operand.type):
            self.context.wrong(node, f"'{operand.type}' cannot be cast to '{kind}'.")
        cast = convert(kind, operand)
        return Convert(kind, cast.line, cast) if isinstance(cast, (VarRef, Deref)) else cast  # no lvalue any more
