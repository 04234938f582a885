"""Expressions: what each means, of which type it is, and whether C allows it."""

from __future__ import annotations

from pycparser import c_ast

from webapp.program.build import (
    COMPARISONS,
    address_of,
    arithmetic,
    convert,
    decay,
    is_null,
    offset_by,
    operation,
    pointer_plus,
    unary,
)
from webapp.program.calls import Calls
from webapp.program.context import Context, Wrong
from webapp.program.declarators import Declarators
from webapp.program.headers import CONSTANTS
from webapp.program.image import ERRNO
from webapp.program.literals import character, number, string_bytes
from webapp.program.scope import Enumerator, FunctionName, Global, TypeName
from webapp.program.tree import (
    Assign,
    Choice,
    Comma,
    Const,
    Convert,
    CopyRecord,
    Deref,
    Expr,
    Held,
    PointerMinus,
    Update,
    Variable,
    VarRef,
)
from webapp.program.types import (
    CHAR,
    INT,
    UINT,
    VOID,
    VOID_POINTER,
    Array,
    CType,
    Function,
    Integer,
    Pointer,
    Record,
    Void,
    common,
    is_scalar,
    plain,
    qualified,
)

ASSIGNMENTS = {"*=": "*", "/=": "/", "%=": "%", "+=": "+", "-=": "-", "<<=": "<<", ">>=": ">>", "&=": "&", "|=": "|", "^=": "^"}
INTEGERS_ONLY = frozenset("* / % & | ^ << >>".split())


class Expressions:
    """Checks expressions of the syntax tree and makes those of the checked tree."""

    def __init__(self, context: Context, declarators: Declarators) -> None:
        self.context, self.declarators = context, declarators
        self.calls = Calls(context, self)

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
            named = {"Compound": "a block in brackets", "InitList": "a list in braces", "CompoundLiteral": "a compound literal"}
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
            if node.type == "char":
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
            self.context.wrong(node, f"{name} is a function: pointers to functions are not in the subset, so call it.")
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

    def on_UnaryOp(self, node: c_ast.UnaryOp) -> Expr:
        op, line = node.op, self.context.line(node)
        if op in ("sizeof", "_Alignof"):
            return Const(UINT, line, self.measured(node))
        if op == "&":
            return self.address(node)
        if op in ("p++", "p--", "++", "--"):
            return self.stepped(node)
        operand = self.value(node.expr)
        if op == "*":
            if not isinstance(operand.type, Pointer):
                self.context.wrong(node, f"* wants a pointer, not '{operand.type}'.")
            return self.object_at(node, operand)
        if op == "!":
            if not is_scalar(operand.type):
                self.context.wrong(node, f"! wants a number or a pointer, not '{operand.type}'.")
            return unary("!", operand, line)
        if not isinstance(operand.type, Integer):
            self.context.wrong(node, f"{op} wants a number, not '{operand.type}'.")
        if op == "+":
            return convert(common(operand.type, operand.type), operand)
        return unary(op, operand, line)

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
        kind = self.declarators.type_of(node.expr) if isinstance(node.expr, c_ast.Typename) else self.unevaluated(node.expr)
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

    def stepped(self, node: c_ast.UnaryOp) -> Expr:
        """++ and --."""
        target = self.target(node.expr, "counted up or down")
        kind, line = plain(target.type), self.context.line(node)
        if not is_scalar(kind):
            self.context.wrong(node, f"'{kind}' cannot be counted up or down.")
        old = Held(kind, line)
        sign = "+" if "+" in node.op else "-"
        value = self.combined(node, sign, old, Const(INT, line, 1))
        return Update(kind, line, target, old, convert(kind, value), postfix=node.op.startswith("p"))

    def on_BinaryOp(self, node: c_ast.BinaryOp) -> Expr:
        line = self.context.line(node)
        left = self.guarded(node.left)
        right = self.guarded(node.right)
        if left is None or right is None:
            raise Wrong
        if node.op in ("&&", "||"):
            for expr, side in ((left, node.left), (right, node.right)):
                if not is_scalar(expr.type):
                    self.context.wrong(side, f"{node.op} wants numbers or pointers, not '{expr.type}'.")
            return operation(INT, node.op, left, right, line)
        return self.combined(node, node.op, left, right)

    def guarded(self, node: c_ast.Node) -> Expr | None:
        """A value, or None after a mistake that has been noted: what stands beside it can still be checked."""
        try:
            return self.value(node)
        except Wrong:
            return None

    def combined(self, node: c_ast.Node, op: str, left: Expr, right: Expr) -> Expr:
        """A binary operator other than && and || on two values."""
        line = self.context.line(node)
        for expr in (left, right):
            if not is_scalar(expr.type):
                what = "nothing (void)" if isinstance(expr.type, Void) else f"'{expr.type}'"
                self.context.wrong(node, f"{op} wants numbers or pointers, not {what}.")
        pointers = isinstance(left.type, Pointer) + isinstance(right.type, Pointer)
        if not pointers:
            return arithmetic(op, left, right, line)
        if op in COMPARISONS:
            return operation(INT, op, convert(VOID_POINTER, left), convert(VOID_POINTER, right), line)
        if op in INTEGERS_ONLY or (op == "+" and pointers == 2) or (op == "-" and isinstance(left.type, Integer)):
            self.context.wrong(node, f"{op} cannot be applied to '{left.type}' and '{right.type}'.")
        if pointers == 2:
            scale = self.step_size(node, left)
            return PointerMinus(INT, line, convert(VOID_POINTER, left), convert(VOID_POINTER, right), scale)
        pointer, index = (left, right) if isinstance(left.type, Pointer) else (right, left)
        scale = self.step_size(node, pointer)
        return pointer_plus(pointer, index, -scale if op == "-" else scale)

    def step_size(self, node: c_ast.Node, pointer: Expr) -> int:
        """How many bytes a pointer moves by 1."""
        assert isinstance(pointer.type, Pointer)
        if not pointer.type.to.complete:
            self.context.wrong(node, f"the size of '{pointer.type.to}' is not known, so its pointers cannot be moved.")
        return max(1, pointer.type.to.size)

    def on_ArrayRef(self, node: c_ast.ArrayRef) -> Expr:
        left, right = self.guarded(node.name), self.guarded(node.subscript)
        if left is None or right is None:
            raise Wrong
        if isinstance(left.type, Integer) and isinstance(right.type, Pointer):
            left, right = right, left
        if not isinstance(left.type, Pointer) or not isinstance(right.type, Integer):
            self.context.wrong(node, f"[] wants a pointer and a number, not '{left.type}' and '{right.type}'.")
        return self.object_at(node, pointer_plus(left, right, self.step_size(node, left)))

    def on_StructRef(self, node: c_ast.StructRef) -> Expr:
        if node.type == "->":
            base = self.value(node.name)
            record = base.type.to if isinstance(base.type, Pointer) else None
        else:
            whole = self.lvalue(node.name, ". wants a struct variable")
            record = whole.type
            base = address_of(whole) if isinstance(record, Record) else whole
        if not isinstance(record, Record):
            self.context.wrong(node, f"{node.type} wants a {'pointer to a ' * (node.type == '->')}struct, not '{base.type}'.")
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

    def on_Assignment(self, node: c_ast.Assignment) -> Expr:
        line = self.context.line(node)
        try:
            target = self.target(node.lvalue, "assigned to")
        except Wrong:
            self.guarded(node.rvalue)
            raise
        if node.op == "=":
            return self.assigned(node.rvalue, target, self.value(node.rvalue), line)
        right = self.value(node.rvalue)
        kind = plain(target.type)
        if not is_scalar(kind):
            self.context.wrong(node, f"{node.op} wants numbers or pointers, not '{kind}'.")
        first = Held(right.type, line, source=right) if right.effects else None
        old = Held(kind, line)
        value = self.combined(node, ASSIGNMENTS[node.op], old, first or right)
        return Update(kind, line, target, old, convert(kind, value), first)

    def assigned(self, node: c_ast.Node, target: Expr, value: Expr, line: int) -> Assign | CopyRecord:
        """``target`` = ``value``."""
        if isinstance(target.type, Record):
            if not (isinstance(value.type, Record) and value.type.layout is target.type.layout):
                self.context.wrong(node, f"'{value.type}' cannot be assigned to '{plain(target.type)}'.")
            if not isinstance(value, (VarRef, Deref)):
                self.context.wrong(node, "only a struct variable can be assigned to a struct in the subset.")
            kind = plain(target.type)
            return CopyRecord(kind, line, address_of(target), address_of(value), target.type.size)
        return Assign(plain(target.type), line, target, self.passed(node, target.type, value))

    def passed(self, node: c_ast.Node, kind: CType, value: Expr) -> Expr:
        """``value`` converted as by assignment; where gcc only warns, it is accepted."""
        if isinstance(value.type, Void):
            self.context.wrong(node, "this has no value (it is void).")
        if not is_scalar(value.type) or not is_scalar(kind):
            self.context.wrong(node, f"'{value.type}' cannot become '{plain(kind)}'.")
        return convert(kind, value)

    def on_TernaryOp(self, node: c_ast.TernaryOp) -> Expr:
        line = self.context.line(node)
        condition = self.scalar(node.cond, "a condition")
        yes, no = self.value(node.iftrue), self.value(node.iffalse)
        kind = self.either(node, yes, no)
        yes, no = convert(kind, yes), convert(kind, no)
        if isinstance(condition, Const):
            chosen = yes if condition.value else no
            return Convert(kind, line, chosen) if isinstance(chosen, (VarRef, Deref)) else chosen
        return Choice(kind, line, condition, yes, no)

    def either(self, node: c_ast.Node, yes: Expr, no: Expr) -> CType:
        """The type of a ?: with these two values."""
        if isinstance(yes.type, Integer) and isinstance(no.type, Integer):
            return common(yes.type, no.type)
        if isinstance(yes.type, Void) or isinstance(no.type, Void):
            return VOID
        if not is_scalar(yes.type) or not is_scalar(no.type):
            self.context.wrong(node, f"?: cannot choose between '{yes.type}' and '{no.type}' in the subset.")
        if isinstance(yes.type, Pointer) and isinstance(no.type, Pointer):
            if is_null(yes):
                return plain(no.type)
            return VOID_POINTER if isinstance(no.type.to, Void) and not is_null(no) else plain(yes.type)
        return plain(yes.type) if isinstance(yes.type, Pointer) else plain(no.type)

    def on_ExprList(self, node: c_ast.ExprList) -> Expr:
        """The comma operator."""
        *before, last = [self.value(each) for each in node.exprs]
        expr = Convert(plain(last.type), last.line, last) if isinstance(last, (VarRef, Deref)) else last
        for each in reversed(before):
            expr = Comma(expr.type, each.line, each, expr)
        return expr

    def on_FuncCall(self, node: c_ast.FuncCall) -> Expr:
        return self.calls.call(node)


