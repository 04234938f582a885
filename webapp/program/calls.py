"""Calls: of the program's own functions and of those that Pagewalk has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pycparser import c_ast, c_generator

from webapp.program.build import convert
from webapp.program.constants import ERROR_TEXT
from webapp.program.context import Context, Wrong
from webapp.program.formats import Spec, read_format
from webapp.program.library import ASSERT_FAILED, FORMAT_AT, LARGE_FILES, LIBRARY, unknown_function
from webapp.program.scope import FunctionName
from webapp.program.tree import Call, Choice, Const, Convert, Expr
from webapp.program.types import INT, UINT, VOID, CType, Function, Integer, is_scalar, plain, promoted

if TYPE_CHECKING:
    from webapp.program.expressions import Expressions


class Calls:
    """Checks calls."""

    def __init__(self, context: Context, expressions: Expressions) -> None:
        self.context, self.expressions = context, expressions

    def call(self, node: c_ast.FuncCall) -> Expr:
        if not isinstance(node.name, c_ast.ID):
            self.context.wrong(node, "pointers to functions are not in the subset: call a function by its name.")
        name, nodes = node.name.name, node.args.exprs if node.args else []
        found = self.context.scopes.find(name)
        if found is not None and not isinstance(found, FunctionName):
            self.context.wrong(node, f"{name} is a variable, not a function.")
        if found is None and name == "assert" and "assert.h" in self.context.unit.headers:
            return self.assertion(node, nodes)
        definition = self.context.definitions.get(name)
        own = definition is not None or (found is not None and name not in LIBRARY)
        if own:
            self.context.called.setdefault(name, node)
            kind = self.own_type(node, name, found, definition)
        elif name in LIBRARY:
            if self.context.large_files and f"{name}64" in LARGE_FILES:
                name = f"{name}64"
            kind = LIBRARY.get(name) or LARGE_FILES[name]
            self.context.libraries.add(name)
            if name == "strerror":
                for text in ERROR_TEXT.values():
                    self.context.segments.literal(text.encode() + b"\0")
        else:
            for each in nodes:
                self.expressions.guarded(each)
            self.context.wrong(node, unknown_function(name))
        args = self.arguments(node, name, kind, nodes)
        if not own and name in FORMAT_AT:
            self.check_format(node, name, nodes)
        return Call(plain(kind.returns), self.context.line(node), name, args, library=not own)

    def own_type(
        self, node: c_ast.Node, name: str, found: FunctionName | None, definition: c_ast.FuncDef | None
    ) -> Function:
        """The type of a function of the program; one that is not declared yet returns int, as in old C."""
        if found is not None and (found.defined or not found.type.unspecified or definition is None):
            return found.type
        assert definition is not None
        kind = self.expressions.declarators.type_of(definition.decl)
        assert isinstance(kind, Function)
        if found is None and kind.returns != INT:
            self.context.wrong(node, f"{name}() is used before it is declared: put its prototype above.")
        return kind

    def arguments(self, node: c_ast.FuncCall, name: str, kind: Function, nodes: list[c_ast.Node]) -> list[Expr]:
        """The arguments in the types of the parameters; those behind ``...`` are promoted."""
        wanted, given = len(kind.params), len(nodes)
        fits = given >= wanted if kind.variadic else given == wanted
        if not fits:
            least = "at least " if kind.variadic else ""
            self.context.note(node, f"{name}() wants {least}{wanted} argument{'s' * (wanted != 1)} and gets {given}.")
        args: list[Expr] = []
        whole = fits
        for index, each in enumerate(nodes):
            try:
                value = self.expressions.value(each)
                param = kind.params[index] if index < wanted else self.variadic_type(each, value)
                args.append(self.expressions.passed(each, param, value))
            except Wrong:
                whole = False
        if not whole:
            raise Wrong
        return args

    def variadic_type(self, node: c_ast.Node, value: Expr) -> CType:
        if not is_scalar(value.type):
            self.context.wrong(node, f"'{value.type}' cannot be an argument here.")
        return promoted(value.type) if isinstance(value.type, Integer) else plain(value.type)

    def check_format(self, node: c_ast.FuncCall, name: str, nodes: list[c_ast.Node]) -> None:
        """Hold a literal format against the arguments behind it."""
        format_node = nodes[FORMAT_AT[name]]
        if not isinstance(format_node, c_ast.Constant) or format_node.type != "string":
            return
        specs = [piece for piece in read_format(self.expressions.string(format_node)) if isinstance(piece, Spec)]
        for spec in specs:
            if spec.problem:
                self.context.wrong(format_node, spec.problem)
        wanted, given = sum(spec.wanted for spec in specs), len(nodes) - FORMAT_AT[name] - 1
        if given < wanted:
            self.context.wrong(node, f"this format of {name}() wants {wanted} values and gets {given}.")

    def assertion(self, node: c_ast.FuncCall, nodes: list[c_ast.Node]) -> Expr:
        """assert(condition), unless NDEBUG is defined."""
        line = self.context.line(node)
        if len(nodes) != 1:
            self.context.wrong(node, f"assert() wants 1 argument and gets {len(nodes)}.")
        if "NDEBUG" in self.context.unit.macros:
            return Convert(VOID, line, Const(UINT, line, 0))
        condition = self.expressions.scalar(nodes[0], "a condition")
        self.context.libraries.add("__assert_fail")
        function = self.context.function.name if self.context.function else "?"
        texts = [c_generator.CGenerator().visit(nodes[0]), self.context.mistakes.name, function]
        said, file, inside = (self.expressions.literal(node, text.encode() + b"\0").pointer for text in texts)
        args: list[Expr] = [said, file, Const(UINT, line, line), inside]
        failed = Call(
            VOID, line, "__assert_fail", [convert(p, a) for p, a in zip(ASSERT_FAILED.params, args, strict=True)], True
        )
        return Choice(VOID, line, condition, Convert(VOID, line, Const(UINT, line, 0)), failed)
