"""Statements: checked one by one, so that a mistake in one does not hide those of the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pycparser import c_ast

from webapp.program.build import convert
from webapp.program.context import Context, Wrong, last_line
from webapp.program.declarations import Declarations
from webapp.program.expressions import Expressions
from webapp.program.stmts import Arm, Block, Break, Continue, If, Loop, Return, Run, Stmt, Switch
from webapp.program.tree import Const, Expr
from webapp.program.types import INT, Integer, Void, promoted

REFUSED = {
    "Goto": "goto is not in the subset: use a loop, break, continue or return.",
    "Label": "labels are not in the subset, as goto is not.",
    "StaticAssert": "_Static_assert is not in the subset.",
    "FuncDef": "a function within a function is not in the subset.",
    "AttributedStatement": "attributes are not in the subset.",
    "Case": "a case label stands directly in the braces of its switch, not in an inner block, in the subset.",
    "Default": "default stands directly in the braces of its switch, not in an inner block, in the subset.",
}


class Statements:
    """Checks the statements of one function after another."""

    def __init__(self, context: Context, declarations: Declarations, expressions: Expressions) -> None:
        self.context, self.declarations, self.expressions = context, declarations, expressions
        self.around: list[Loop | Switch] = []  # the loops and switches that we are in

    def block(self, node: c_ast.Compound) -> Block:
        """Statements in braces, with a scope of their own."""
        with self.scope(node):
            return Block(self.context.line(node), self.items(node.block_items or []))

    @contextmanager
    def scope(self, node: c_ast.Node) -> Iterator[None]:
        self.context.scopes.push(last_line(node))
        try:
            yield
        finally:
            self.context.scopes.pop()

    def items(self, nodes: list[c_ast.Node]) -> list[Stmt]:
        """Declarations and statements in a row."""
        return [stmt for node in nodes for stmt in self.item(node)]

    def item(self, node: c_ast.Node) -> list[Stmt]:
        """One declaration or statement; nothing after a mistake, which has been noted."""
        self.context.enclosing.append(node)
        try:
            if isinstance(node, c_ast.Typedef):
                self.declarations.typedef(node)
                return []
            if isinstance(node, c_ast.Decl):
                return self.declarations.declare(node)
            stmt = self.statement(node)
            return [stmt] if stmt else []
        except Wrong:
            return []
        finally:
            self.context.enclosing.pop()

    def statement(self, node: c_ast.Node) -> Stmt | None:
        kind = type(node).__name__
        if kind in REFUSED:
            self.context.wrong(node, REFUSED[kind])
        if isinstance(node, c_ast.Compound):
            return self.block(node)
        method: Callable[[c_ast.Node], Stmt] | None = getattr(self, f"on_{kind}", None)
        if method is not None:
            return method(node)
        if isinstance(node, (c_ast.EmptyStatement, c_ast.Pragma)):
            return None
        return Run(self.context.line(node), self.expressions.any(node))

    def body(self, node: c_ast.Node | None) -> Block:
        """The statement that an if or a loop governs."""
        if node is None:
            return Block(0, [])
        if isinstance(node, c_ast.Compound):
            return self.block(node)
        with self.scope(node):
            return Block(self.context.line(node), self.item(node))

    def condition(self, node: c_ast.Node | None) -> Expr | None:
        """A condition; None after a mistake."""
        if node is None:
            return None
        try:
            return self.expressions.scalar(node, "a condition")
        except Wrong:
            return None

    def on_If(self, node: c_ast.If) -> Stmt:
        line = self.context.line(node)
        condition = self.condition(node.cond)
        yes = self.body(node.iftrue)
        no = self.body(node.iffalse) if node.iffalse is not None else None
        return If(line, condition or Const(INT, line, 0), yes, no)

    def on_While(self, node: c_ast.While) -> Stmt:
        loop = Loop(self.context.line(node), self.condition(node.cond), None, Block(0, []))
        return self.looped(loop, node, node.stmt)

    def on_DoWhile(self, node: c_ast.DoWhile) -> Stmt:
        loop = Loop(self.context.line(node), None, None, Block(0, []), test_first=False)
        loop.condition = self.condition(node.cond)
        return self.looped(loop, node, node.stmt)

    def on_For(self, node: c_ast.For) -> Stmt:
        line = self.context.line(node)
        with self.scope(node):
            first: list[Stmt] = []
            if isinstance(node.init, c_ast.DeclList):
                first = self.items(node.init.decls)
            elif node.init is not None:
                first = self.item(node.init)
            loop = Loop(line, self.condition(node.cond), None, Block(0, []))
            if node.next is not None:
                stepping = self.item(node.next)
                loop.step = stepping[0].expr if stepping and isinstance(stepping[0], Run) else None
            return Block(line, [*first, self.looped(loop, node, node.stmt)])

    def looped(self, loop: Loop, node: c_ast.Node, body: c_ast.Node) -> Loop:
        """Check the body of a loop."""
        self.enter(loop, node)
        loop.body = self.body(body)
        self.around.pop()
        return loop

    def enter(self, stmt: Loop | Switch, node: c_ast.Node) -> None:
        if len(self.around) >= self.context.limits.loops:
            most = self.context.limits.loops
            self.context.wrong(node, f"loops and switches are nested more than {most} deep here.")
        self.around.append(stmt)

    def on_Break(self, node: c_ast.Break) -> Stmt:
        if not self.around:
            self.context.wrong(node, "break stands outside of any loop or switch.")
        return Break(self.context.line(node))

    def on_Continue(self, node: c_ast.Continue) -> Stmt:
        loop = next((each for each in reversed(self.around) if isinstance(each, Loop)), None)
        if loop is None:
            self.context.wrong(node, "continue stands outside of any loop.")
        loop.skips = True
        return Continue(self.context.line(node))

    def on_Return(self, node: c_ast.Return) -> Stmt:
        assert self.context.function is not None
        line, returns = self.context.line(node), self.context.function.returns
        if node.expr is None:
            return Return(line, None)
        value = self.expressions.value(node.expr)
        if isinstance(returns, Void):
            return Return(line, convert(returns, value))
        return Return(line, self.expressions.passed(node.expr, returns, value))

    def on_Switch(self, node: c_ast.Switch) -> Stmt:
        line = self.context.line(node)
        subject = self.expressions.value(node.cond)
        if not isinstance(subject.type, Integer):
            self.context.wrong(node.cond, f"switch wants a number, not '{subject.type}'.")
        kind = promoted(subject.type)
        switch = Switch(line, convert(kind, subject), [])
        self.enter(switch, node)
        with self.scope(node):
            items = node.stmt.block_items or [] if isinstance(node.stmt, c_ast.Compound) else [node.stmt]
            seen: set[int] = set()
            for item in items:
                if isinstance(item, (c_ast.Case, c_ast.Default)):
                    self.arm(switch, item, kind, seen)
                else:  # before the first label: never reached, though what it declares is known
                    self.item(item)
        self.around.pop()
        return switch

    def arm(self, switch: Switch, node: c_ast.Case | c_ast.Default, kind: Integer, seen: set[int]) -> None:
        """One label and the statements up to the next; labels in a row share an arm."""
        if not switch.arms or switch.arms[-1].body:
            switch.arms.append(Arm([], False, []))
        arm = switch.arms[-1]
        try:
            if isinstance(node, c_ast.Default):
                if any(each.default for each in switch.arms):
                    self.context.wrong(node, "this switch has a second default.")
                arm.default = True
            else:
                arm.values.append(self.label(node, kind, seen))
        except Wrong:
            pass
        rest = list(node.stmts or [])
        while rest and isinstance(rest[0], (c_ast.Case, c_ast.Default)):
            inner = rest.pop(0)
            self.arm(switch, inner, kind, seen)
        arm.body += self.items(rest)

    def label(self, node: c_ast.Case, kind: Integer, seen: set[int]) -> int:
        value = self.expressions.value(node.expr)
        if not isinstance(value, Const) or not isinstance(value.type, Integer):
            self.context.wrong(node.expr, "a case label is a constant number.")
        number = kind.wrap(value.value)
        if number in seen:
            self.context.wrong(node.expr, f"this switch has a second case {number}.")
        seen.add(number)
        return number
