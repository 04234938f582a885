"""Expressions: what each means, of which type it is, and whether C allows it."""

from __future__ import annotations

from pycparser import c_ast

from webapp.program.build import (
    COMPARISONS,
    address_of,
    arithmetic,
    convert,
    is_null,
    operation,
    pointer_plus,
    unary,
)
from webapp.program.calls import Calls
from webapp.program.context import Context, Wrong
from webapp.program.declarators import Declarators
from webapp.program.operands import Operands
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
    VarRef,
)
from webapp.program.types import (
    INT,
    UINT,
    VOID,
    VOID_POINTER,
    CType,
    Integer,
    Pointer,
    Record,
    Void,
    common,
    is_scalar,
    plain,
)

ASSIGNMENTS = {
    "*=": "*",
    "/=": "/",
    "%=": "%",
    "+=": "+",
    "-=": "-",
    "<<=": "<<",
    ">>=": ">>",
    "&=": "&",
    "|=": "|",
    "^=": "^",
}
INTEGERS_ONLY = frozenset(["*", "/", "%", "&", "|", "^", "<<", ">>"])


class Expressions(Operands):
    """Checks expressions of the syntax tree and makes those of the checked tree."""

    def __init__(self, context: Context, declarators: Declarators) -> None:
        super().__init__(context, declarators)
        self.calls = Calls(context, self)

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

    def on_ArrayRef(self, node: c_ast.ArrayRef) -> Expr:
        left, right = self.guarded(node.name), self.guarded(node.subscript)
        if left is None or right is None:
            raise Wrong
        if isinstance(left.type, Integer) and isinstance(right.type, Pointer):
            left, right = right, left
        if not isinstance(left.type, Pointer) or not isinstance(right.type, Integer):
            self.context.wrong(node, f"[] wants a pointer and a number, not '{left.type}' and '{right.type}'.")
        return self.object_at(node, pointer_plus(left, right, self.step_size(node, left)))

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
        for each in reversed([each for each in before if each.effects]):
            expr = Comma(expr.type, each.line, each, expr)
        return expr

    def on_FuncCall(self, node: c_ast.FuncCall) -> Expr:
        return self.calls.call(node)
