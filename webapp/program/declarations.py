"""Declarations of variables, functions and typedef names, with their initial values."""

from __future__ import annotations

from pycparser import c_ast

from webapp.program.build import offset_by
from webapp.program.context import Context, Wrong
from webapp.program.declarators import Declarators
from webapp.program.expressions import Expressions
from webapp.program.initialisers import Entry, Initialiser
from webapp.program.library import LIBRARY
from webapp.program.scope import FunctionName, Global, TypeName
from webapp.program.stmts import Run, Setup, Stmt
from webapp.program.tree import AddressOf, Assign, Const, CopyRecord, Deref, Expr, Variable, VarRef
from webapp.program.types import INT, Array, CType, Function, Integer, Pointer, Record, Void, is_scalar


class Declarations:
    """Checks declarations and enters their names."""

    def __init__(self, context: Context, declarators: Declarators, expressions: Expressions) -> None:
        self.context, self.declarators, self.expressions = context, declarators, expressions

    def typedef(self, node: c_ast.Typedef) -> None:
        self.context.scopes.inner.names[node.name] = TypeName(self.declarators.type_of(node))

    def declare(self, node: c_ast.Decl) -> list[Stmt]:
        """One declarator; returns what it does when it is reached."""
        try:
            kind = self.declarators.type_of(node)
        except Wrong:
            if node.name:
                self.stand_in(node)
            raise
        if node.name is None:
            return []
        if isinstance(kind, Function):
            self.function(node, kind)
            return []
        if isinstance(kind, Void):
            self.stand_in(node)
            self.context.wrong(node, f"a variable cannot be void: what is {node.name} meant to be?")
        if self.context.scopes.is_global or "static" in node.storage or "extern" in node.storage:
            self.fixed(node, kind)
            return []
        return self.local(node, kind)

    def stand_in(self, node: c_ast.Decl) -> None:
        """Declare an int after a mistake, so that uses of the name are not mistakes too."""
        self.context.scopes.inner.names[node.name] = Variable(node.name, INT, 0, 0)

    def function(self, node: c_ast.Decl, kind: Function) -> FunctionName | None:
        """A prototype, or the head of a definition."""
        found = self.context.functions.get(node.name)
        if found is None:
            if node.name in LIBRARY and node.name not in self.context.definitions:
                return None  # ours is used
            found = self.context.functions[node.name] = FunctionName(node.name, kind)
        elif not (found.type == kind or found.type.unspecified or kind.unspecified):
            self.context.wrong(node, f"{node.name}() was declared as '{found.type}' before, and now as '{kind}'.")
        if not kind.unspecified:
            found.type = kind
        self.context.scopes.stack[0].names.setdefault(node.name, found)
        if self.context.scopes.stack[0].names[node.name] is not found:
            self.context.wrong(node, f"{node.name} is already something else.")
        return found

    def fixed(self, node: c_ast.Decl, kind: CType) -> None:
        """A global variable or a static local: it has its address for the whole run."""
        scope = self.context.scopes.inner
        found = scope.names.get(node.name) or ("extern" in node.storage and self.context.scopes.find(node.name)) or None
        if found is not None:
            if not isinstance(found, Global) or not compatible(found.type, kind):
                self.context.wrong(node, f"{node.name} is declared twice, differently.")
            if node.init is not None and found.initialised:
                self.context.wrong(node, f"{node.name} gets an initial value twice.")
            scope.names[node.name] = found
            found.defined = found.defined or "extern" not in node.storage
            if node.init is None:
                return
        entries: list[Entry] = []
        if node.init is not None:
            if found is None:
                scope.names[node.name] = Variable(node.name, kind, 0, 0)  # known within its own initialiser, for sizeof
            reader = Initialiser(self.context, self.expressions)
            kind, entries = reader.read(kind, node.init), reader.entries
        if not kind.complete:
            self.stand_in(node)
            self.context.wrong(node, f"the size of {node.name} is not known: its type is '{kind}'.")
        if not isinstance(found, Global):
            found = self.reserve(node, kind)
        scope.names[node.name] = found
        found.initialised = node.init is not None
        found.defined = "extern" not in node.storage or found.initialised
        if not found.defined:
            self.context.externs.append((node, found))
        for entry in entries:
            self.context.segments.put(found.address + entry.offset, self.constant_bytes(node, entry))

    def reserve(self, node: c_ast.Decl, kind: CType) -> Global:
        segments, limit = self.context.segments, self.context.limits.data_bytes
        if len(segments.data) + kind.size > limit:
            self.stand_in(node)
            self.context.wrong(node, f"the global variables take more than {limit} bytes with {node.name}.")
        return Global(node.name, kind, segments.reserve(kind.size, kind.align))

    def constant_bytes(self, node: c_ast.Decl, entry: Entry) -> bytes:
        if isinstance(entry.content, bytes):
            return entry.content
        if not isinstance(entry.content, Const):
            self.context.wrong(
                node, f"the initial value of {node.name} is not a constant, as it has to be for a global."
            )
        return constant(entry)

    def local(self, node: c_ast.Decl, kind: CType) -> list[Stmt]:
        """A variable of the function."""
        scope, line = self.context.scopes.inner, self.context.line(node)
        if node.name in scope.names:
            self.context.wrong(node, f"{node.name} is declared twice in this block.")
        var = Variable(node.name, kind, line, max(line, scope.last))
        scope.names[node.name] = var
        self.context.variables.append(var)
        reader = Initialiser(self.context, self.expressions)
        if node.init is not None:
            try:
                var.type = kind = reader.read(kind, node.init)
            except Wrong:
                if not kind.complete:
                    var.type = INT
                raise
        if not kind.complete:
            var.type = INT
            self.context.wrong(node, f"the size of {node.name} is not known: its type is '{kind}'.")
        if kind.size > self.context.limits.stack_bytes:
            self.context.wrong(node, f"{node.name} takes more than {self.context.limits.stack_bytes} bytes of stack.")
        if not is_scalar(kind):
            var.in_memory = True
        if node.init is None:
            return []
        return self.initial_values(var, line, reader.entries)

    def initial_values(self, var: Variable, line: int, entries: list[Entry]) -> list[Stmt]:
        """Statements that give a local variable its initial value."""
        if is_scalar(var.type):
            return [
                Run(line, Assign(var.type, line, VarRef(var.type, line, var), content_of(each))) for each in entries
            ]
        template = bytearray(var.type.size)
        stores: list[Assign | CopyRecord] = []
        for entry in entries:
            if isinstance(entry.content, (bytes, Const)):
                content = entry.content if isinstance(entry.content, bytes) else constant(entry)
                template[entry.offset : entry.offset + len(content)] = content
                continue
            place = offset_by(AddressOf(Pointer(var.type), line, var), entry.offset, entry.kind)
            if isinstance(entry.kind, Record):
                source = entry.content
                assert isinstance(source, (VarRef, Deref))
                stores.append(CopyRecord(entry.kind, line, place.pointer, record_address(source), entry.kind.size))
            else:
                stores.append(Assign(entry.kind, entry.content.line, place, entry.content))
        return [Setup(line, var, bytes(template), stores)]


def content_of(entry: Entry) -> Expr:
    assert isinstance(entry.content, Expr)
    return entry.content


def record_address(source: VarRef | Deref) -> Expr:
    """The address of a struct variable."""
    if isinstance(source, VarRef):
        source.var.in_memory = True
        return AddressOf(Pointer(source.type), source.line, source.var)
    return source.pointer


def constant(entry: Entry) -> bytes:
    """A constant as it lies in memory."""
    assert isinstance(entry.content, Const)
    size = entry.kind.size if isinstance(entry.kind, Integer) else 4
    return (entry.content.value & ((1 << 8 * size) - 1)).to_bytes(size, "little")


def compatible(before: CType, now: CType) -> bool:
    """Whether a variable may be declared again as ``now``."""
    if isinstance(before, Array) and isinstance(now, Array):
        return before.of == now.of and (now.length is None or before.length == now.length)
    return before == now
