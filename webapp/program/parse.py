"""From preprocessed text to pycparser's syntax tree, with its complaints turned into mistakes.

The parser stops at its first complaint; the function that holds it is then emptied and the rest parsed again, so that
each function can show one.
"""

from __future__ import annotations

import re

from pycparser import c_ast, c_parser
from pycparser.c_lexer import CLexer

from webapp.program.errors import Mistakes
from webapp.program.headers import TYPES
from webapp.program.limits import Limits
from webapp.program.preprocess import Unit
from webapp.program.tokens import Token

PROLOGUE_FILE = "headers"
PROGRAM_FILE = "program"
PROLOGUE = "".join(f"typedef int {name};" for name in TYPES) + f'\n#line 1 "{PROGRAM_FILE}"\n'
COMPLAINT = re.compile(r"[^:]*:(\d+):(\d+): (.*)", re.DOTALL)
MOST_TRIES = 10
NOT_IN_SUBSET = {
    "__attribute__": "attributes are",
    "__extension__": "extensions of gcc are",
    "asm": "inline assembly is",
    "__asm__": "inline assembly is",
    "__volatile__": "inline assembly is",
    "typeof": "typeof is",
    "__typeof__": "typeof is",
    "_Complex": "_Complex is",
    "_Atomic": "_Atomic is",
    "_Thread_local": "_Thread_local is",
    "_Generic": "_Generic is",
    "_Static_assert": "_Static_assert is",
    "_Alignas": "_Alignas is",
    "__int128": "__int128 is",
    "_BitInt": "_BitInt is",
}


class TracingLexer(CLexer):
    """Remembers how far the parser has read, for complaints that do not say where."""

    furthest: tuple[int, int] = (1, 1)

    def token(self):  # type: ignore[no-untyped-def] # its type is that of the class it extends
        token = super().token()
        if token is not None:
            self.furthest = token.lineno, token.column
        return token


def parse(unit: Unit, mistakes: Mistakes, limits: Limits) -> c_ast.FileAST | None:
    """The syntax tree of a program, without the declarations of headers; None if none can be had.

    After a mistake outside of functions there is no tree, as everything that follows may depend on it.
    """
    tokens = unit.tokens[: limits.tokens]
    if subset_breaches(tokens, mistakes) or too_nested(tokens, mistakes, limits):
        return None
    whole = True
    for _ in range(MOST_TRIES):
        parser = c_parser.CParser(lexer=TracingLexer)
        try:
            tree = parser.parse(PROLOGUE + unit.render(tokens), PROLOGUE_FILE)
        except (c_parser.ParseError, RecursionError) as error:
            at = complain(error, parser.clex, unit, tokens, mistakes)
            without = without_culprit(tokens, at)
            if without is None:
                return None
            tokens, in_function = without
            whole = whole and in_function
            continue
        if not whole or too_deep(tree, unit, mistakes, limits):
            return None
        tree.ext = [item for item in tree.ext if item.coord is None or item.coord.file != PROLOGUE_FILE]
        return tree
    return None


def subset_breaches(tokens: list[Token], mistakes: Mistakes) -> bool:
    """Name the words that are C, or gcc's, but not of the subset."""
    found = False
    for token in tokens:
        if token.kind == "name" and (what := NOT_IN_SUBSET.get(token.text)):
            mistakes.add(token.line, token.column, f"{what} not in the subset: leave {token.text} out.")
            found = True
    return found


def too_nested(tokens: list[Token], mistakes: Mistakes, limits: Limits) -> bool:
    """Whether brackets stand within brackets so often that reading them would take too much."""
    depth = 0
    for token in tokens:
        depth += (token.text in "([{") - (token.text in ")]}") if token.kind == "mark" else 0
        if depth > limits.nesting:
            mistakes.add(token.line, token.column, f"brackets are nested more than {limits.nesting} deep here.")
            return True
    return False


def too_deep(tree: c_ast.FileAST, unit: Unit, mistakes: Mistakes, limits: Limits) -> bool:
    """Whether statements or operators are nested so deeply that later steps would run out of stack."""
    stack: list[tuple[c_ast.Node, int, c_ast.Node]] = [(tree, 0, tree)]
    while stack:
        node, depth, placed = stack.pop()
        placed = node if node.coord is not None else placed
        if depth > 2 * limits.nesting:
            line, column = place_of(placed, unit)
            mistakes.add(line, column, f"operators or statements are nested more than {2 * limits.nesting} deep here.")
            return True
        stack += [(child, depth + 1, placed) for _, child in node.children()]
    return False


def place_of(node: c_ast.Node, unit: Unit) -> tuple[int, int]:
    """Line and column of a node in the program as written."""
    if node.coord is None:
        return 1, 1
    return node.coord.line, unit.column(node.coord.line, node.coord.column or 1)


def complain(error: Exception, lexer: CLexer, unit: Unit, tokens: list[Token], mistakes: Mistakes) -> tuple[int, int]:
    """Turn a complaint of the parser into a mistake; returns its place in the rendered text."""
    match = COMPLAINT.fullmatch(str(error))
    if match and not isinstance(error, RecursionError):
        place, said = (int(match[1]), int(match[2])), match[3]
    else:
        place = lexer.furthest if isinstance(lexer, TracingLexer) else (1, 1)
        said = str(error).partition(": ")[2]
    line, column = place[0], unit.column(*place)
    index = next((i for i, token in enumerate(tokens) if (token.line, token.column) >= (line, column)), len(tokens))
    here = tokens[index] if index < len(tokens) else None
    before = tokens[index - 1] if index else None
    if any(found_line == line for found_line, _ in mistakes.found):
        return place  # the line is already known to be wrong; this may be a consequence
    if "At end of input" in said or here is None:
        line, column = (before.line, before.column) if before else (1, 1)
        mistakes.add(line, column, "the text ends too early: is a '}' or a ';' missing?")
    elif isinstance(error, RecursionError):
        mistakes.add(line, column, "the program is nested too deeply here.")
    else:
        mistakes.add(line, column, sentence(said, here, before))
    return place


def sentence(said: str, here: Token, before: Token | None) -> str:
    """What the parser means, in words."""
    if said.startswith("before: ") or said == "Invalid expression":
        if before is not None and before.line < here.line and before.text not in "{};":
            return f"'{here.text}' cannot stand here: is a ';' missing at the end of line {before.line}?"
        if before is not None and before.kind == "name" and here.kind == "name":
            return f"'{here.text}' cannot stand after '{before.text}': is '{before.text}' meant to be a type?"
        what = "an expression is missing before" if said == "Invalid expression" else "syntax error at"
        return f"{what} '{here.text}'."
    return said[0].lower() + said[1:].rstrip(".") + "."


def without_culprit(tokens: list[Token], place: tuple[int, int]) -> tuple[list[Token], bool] | None:
    """The program without the function body (True) or declaration (False) around a place; None if there is none."""
    start, depth, opening, line = 0, 0, -1, place[0]
    for index, token in enumerate(tokens):
        if token.kind != "mark":
            continue
        if token.text == "{":
            opening = index if depth == 0 else opening
            depth += 1
        elif token.text == "}":
            depth -= 1
        ends = depth == 0 and (token.text == ";" or (token.text == "}" and is_body(tokens, opening)))
        if not ends:
            continue
        if token.line >= line:
            if token.text == "}" and tokens[opening].line <= line and index > opening + 1:
                return tokens[: opening + 1] + tokens[index:], True
            return tokens[:start] + tokens[index + 1 :], False
        start, opening = index + 1, -1
    return None


def is_body(tokens: list[Token], opening: int) -> bool:
    """Whether the brace at ``opening`` begins the body of a function: a bracket closes before it."""
    return opening > 0 and tokens[opening - 1].text == ")"
