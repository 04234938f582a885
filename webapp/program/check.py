"""Semantic analysis: from the syntax tree to a `Checked` program, or to all the mistakes that can be found.

Order of evaluation is gcc's at -O0 for ARM: operands and arguments from left to right; of an assignment first the
right side up to its last load or call, then the address on the left; of a compound assignment first a right side that
has effects. Uninitialised variables hold 0. Signed overflow wraps.
"""

from __future__ import annotations

from dataclasses import dataclass

from pycparser import c_ast

from webapp.program.context import Context, Wrong, last_line
from webapp.program.declarations import Declarations
from webapp.program.declarators import Declarators
from webapp.program.errors import Mistakes
from webapp.program.expressions import Expressions
from webapp.program.headers import TAGS
from webapp.program.image import Segments
from webapp.program.limits import Limits
from webapp.program.preprocess import Unit
from webapp.program.scope import FunctionName
from webapp.program.statements import Statements
from webapp.program.stmts import Block, FunctionBody
from webapp.program.tree import Variable
from webapp.program.types import CHAR, INT, Function, Integer, Pointer, plain


@dataclass(frozen=True, slots=True)
class Checked:
    """A program without mistakes."""

    functions: list[FunctionBody]
    segments: Segments
    libraries: set[str]


class Checker:
    """Checks a whole program."""

    def __init__(self, unit: Unit, mistakes: Mistakes, limits: Limits) -> None:
        self.context = Context(unit, mistakes, limits)
        declarators = Declarators(self.context)
        expressions = Expressions(self.context, declarators)
        declarators.expressions = expressions
        self.declarators = declarators
        self.declarations = Declarations(self.context, declarators, expressions)
        self.statements = Statements(self.context, self.declarations, expressions)
        self.bodies: list[FunctionBody] = []

    def check(self, tree: c_ast.FileAST) -> Checked:
        """Check everything in the order of the text."""
        context = self.context
        for tag, (header, layout) in TAGS.items():
            if header in context.unit.headers:
                context.scopes.inner.tags[tag] = layout
        context.definitions = {item.decl.name: item for item in tree.ext if isinstance(item, c_ast.FuncDef)}
        for item in tree.ext:
            context.enclosing.append(item)
            try:
                if isinstance(item, c_ast.FuncDef):
                    self.function(item)
                elif isinstance(item, c_ast.StaticAssert):
                    context.wrong(item, "_Static_assert is not in the subset.")
                else:
                    self.statements.item(item)
            except Wrong:
                pass
            context.enclosing.pop()
        for name, node in context.called.items():
            if name not in context.definitions:
                context.note(node, f"{name}() is declared but not defined anywhere.")
        for node, variable in context.externs:
            if not variable.defined:
                context.note(node, f"{variable.name} is declared extern but not defined anywhere.")
        if "main" not in context.definitions:
            context.mistakes.add(len(context.mistakes.lines), 1, "there is no function main().")
        return Checked(self.bodies, context.segments, context.libraries)

    def function(self, node: c_ast.FuncDef) -> None:
        """One function definition."""
        context = self.context
        if node.param_decls:
            context.wrong(node, "write the types of parameters within the brackets: int f(int a).")
        kind = self.declarators.type_of(node.decl)
        assert isinstance(kind, Function)
        symbol = self.declarations.function(node.decl, kind)
        if symbol is None or symbol.defined:
            context.wrong(node, f"{node.decl.name}() is defined a second time.")
        symbol.defined, symbol.type = True, kind
        if kind.variadic:
            context.wrong(node, "a function with ... is not in the subset.")
        if node.decl.name == "main":
            self.check_main(node, kind)
        self.body(node, symbol, kind)

    def body(self, node: c_ast.FuncDef, symbol: FunctionName, kind: Function) -> None:
        context, line = self.context, self.context.line(node)
        context.variables = []
        context.scopes.push(last_line(node))
        listed = node.decl.type.args.params if kind.params else []
        params: list[Variable] = []
        for param, param_type in zip(listed, kind.params, strict=True):
            var = Variable(param.name or "", param_type, line, context.scopes.inner.last, parameter=True)
            if not var.name:
                context.note(param, "this parameter has no name.")
            elif var.name in context.scopes.inner.names:
                context.note(param, f"the parameter {var.name} is declared twice.")
            context.scopes.inner.names[var.name] = var
            params.append(var)
        context.variables += params
        body = FunctionBody(symbol.name, line, plain(kind.returns), params, context.variables, Block(line, []))
        symbol.body = context.function = body
        body.body.body = self.statements.items(node.body.block_items or [])
        self.statements.around.clear()
        context.scopes.pop()
        context.function = None
        self.bodies.append(body)

    def check_main(self, node: c_ast.FuncDef, kind: Function) -> None:
        """main returns int and takes nothing, or argc and argv."""
        expected = (INT, Pointer(Pointer(CHAR)))
        fits = all(plain(got) == want for got, want in zip(kind.params, expected, strict=False))
        if not isinstance(kind.returns, Integer) or len(kind.params) > 2 or not fits:
            self.context.note(node, "main() is 'int main(void)' or 'int main(int argc, char **argv)'.")


def check(tree: c_ast.FileAST, unit: Unit, mistakes: Mistakes, limits: Limits) -> Checked:
    """Check a program; the mistakes go to ``mistakes``."""
    return Checker(unit, mistakes, limits).check(tree)
