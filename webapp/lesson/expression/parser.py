"""Tokens into a tree, and every type checked on the way: what can be wrong is found before any run.

    or       = and { "or" and }                        bind loosest
    and      = not { "and" not }
    not      = "not" not | comparison
    compare  = sum [ ("==" "!=" "<" "<=" ">" ">=" "in") sum ]
    sum      = term { ("+" "-" "|") term }
    term     = factor { ("*" "//" "%" "&" "<<" ">>") factor }
    factor   = "-" factor | literal | name | place | function "(" ... ")" | "(" or ")"

Where a number is asked for, a set of pages counts its pages: ``cached('data.bin') >= 16``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from webapp.kernel.include.linux.page_flags import PAGE_FLAG_NAMES
from webapp.lesson.expression import tree
from webapp.lesson.expression.events import aggregate, event
from webapp.lesson.expression.problem import ExpressionError
from webapp.lesson.expression.tokens import Token, tokens
from webapp.lesson.expression.typed import COMPARE, binary, did_you_mean, fit, literal, number, page_set, wanted_remedy
from webapp.lesson.expression.vocabulary import (
    AGGREGATES,
    ANY,
    COLLECTIONS,
    FUNCTIONS,
    NAMES,
    NUMBER,
    OBJECT_TAKES,
    OBJECTS,
    PAGES,
    ROWS,
    TEXT,
    TRUTH,
    Type,
    Word,
)
from webapp.lesson.expression.world import Value
from webapp.lesson.problem import SelectorError
from webapp.lesson.selector import Selector
from webapp.lesson.selector import parse as parse_selector

MAX_TOKENS = 120
MAX_DEPTH = 20
LEVELS = (("or",), ("and",), ("not",), COMPARE, ("+", "-", "|"), ("*", "//", "%", "&", "<<", ">>"))
NOT_LEVEL, COMPARE_LEVEL = 2, 3
PAGE_FLAGS = frozenset(name.removeprefix("PG_") for name in PAGE_FLAG_NAMES)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that makes sense: its text, its tree and the selectors in it."""

    text: str
    root: tree.Node
    selectors: tuple[Selector, ...]

    @property
    def type(self) -> Type:
        """What it yields."""
        return self.root.type


def parse_expression(text: str, names: Mapping[str, Value] | None = None, want: Type | None = None) -> Expression:
    """Read an expression that may also use ``names``; raises `ExpressionError`, also if it does not yield ``want``."""
    reader = Reader(list(_bounded(text)), names or {})
    root = reader.level(0)
    if reader.token.kind != "end":
        raise ExpressionError(f"'{reader.token.text}' is unexpected here.", _unexpected(reader.token), reader.token.at)
    if want is NUMBER and root.type is PAGES:
        root = tree.Size(root.at, NUMBER, root)
    if want is not None and root.type not in (want, ANY):
        raise ExpressionError(f"This is {root.type.value}, not {want.value}.", wanted_remedy(want), root.at)
    return Expression(text, root, tuple(reader.selectors))


def _bounded(text: str) -> list[Token]:
    found = []
    for token in tokens(text):
        found.append(token)
        if len(found) > MAX_TOKENS:
            raise ExpressionError(f"The expression has more than {MAX_TOKENS} parts.", "Make two of it.", token.at)
    return found


def _unexpected(token: Token) -> str:
    if token.text in COMPARE:
        return "Comparisons do not chain: write `a < b and b < c`."
    return "Join two questions with `and` or `or`."


class Reader:
    """Recursive descent over the tokens."""

    def __init__(self, found: list[Token], names: Mapping[str, Value]) -> None:
        self.tokens = found
        self.names = names
        self.next = 0
        self.depth = 0
        self.fields: dict[str, Word] = {}  # of the event that a filter looks at
        self.selectors: list[Selector] = []

    @property
    def token(self) -> Token:
        """The token at which we stand."""
        return self.tokens[self.next]

    def take(self) -> Token:
        """Step over a token."""
        token = self.token
        self.next += 1
        return token

    def expect(self, sign: str, remedy: str) -> None:
        """Step over this very sign."""
        if self.token.text != sign or self.token.kind == "text":
            found = f"'{self.token.text}'" if self.token.text else "the end"
            raise ExpressionError(f"Here `{sign}` should stand, not {found}.", remedy, self.token.at)
        self.next += 1

    def level(self, level: int) -> tree.Node:
        """Everything that binds at least as tightly as ``level``."""
        if level == len(LEVELS):
            return self.factor()
        if level == NOT_LEVEL:
            return self.negation()
        left = self.level(level + 1)
        while self.token.kind in ("op", "name") and self.token.text in LEVELS[level]:
            operator = self.take()
            left = binary(operator, left, self.level(level + 1))
            if level == COMPARE_LEVEL:
                break
        return left

    def deeper(self, at: int) -> None:
        """Bound how deeply an expression nests; whoever calls this gives the depth back."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"This nests more than {MAX_DEPTH} deep.", "Make two expressions of it.", at)

    def negation(self) -> tree.Node:
        """``not x``"""
        token = self.token
        if token.kind != "name" or token.text != "not":
            return self.level(COMPARE_LEVEL)
        self.take()
        self.deeper(token.at)
        operand = self.negation()
        self.depth -= 1
        return tree.Not(token.at, TRUTH, fit(operand, TRUTH, "`not`"))

    def factor(self) -> tree.Node:
        """One operand."""
        token = self.take()
        self.deeper(token.at)
        node = self._factor(token)
        self.depth -= 1
        return node

    def _factor(self, token: Token) -> tree.Node:
        match token.kind:
            case "number":
                value = int(token.text, 16) if token.text[:2].lower() == "0x" else number(token.text)
                return tree.Literal(token.at, NUMBER, value)
            case "text":
                return tree.Literal(token.at, TEXT, token.text[1:-1])
            case "pages":
                return tree.Literal(token.at, PAGES, page_set(token))
            case "place":
                return event(token)
            case "name":
                return self.name(token)
        if token.text == "-":
            return tree.Minus(token.at, NUMBER, fit(self.factor(), NUMBER, "`-`"))
        if token.text == "(":
            node = self.level(0)
            self.expect(")", "Close the parenthesis.")
            return node
        what = f"'{token.text}' cannot begin a value." if token.text else "Something is missing at the end."
        raise ExpressionError(what, "Write a number, a name, fault[1] or the like.", token.at)

    def name(self, token: Token) -> tree.Node:
        """A word, a function, a row or an object."""
        text = token.text
        if text in self.fields:
            return tree.OwnField(token.at, self.fields[text].type, text)
        if text in ("true", "false"):
            return tree.Literal(token.at, TRUTH, text == "true")
        if text in self.names:
            return literal(self.names[text], token.at)
        if text in ROWS:
            return tree.RowField(token.at, ANY, text, self.field_name(f"{text}.FIELD"))
        if text in NAMES:
            return tree.Word(token.at, NAMES[text].type, text)
        if self.token.text == "(" and text in AGGREGATES:
            return aggregate(self, token)
        if self.token.text == "(" and text in OBJECTS:
            return self.object(token)
        if self.token.text == "(" and text in FUNCTIONS:
            return self.function(token)
        known = [
            *NAMES,
            *AGGREGATES,
            *FUNCTIONS,
            *OBJECTS,
            *ROWS,
            *COLLECTIONS,
            *self.fields,
            *self.names,
            "true",
            "false",
        ]
        near = get_close_matches(text, known, 1)
        remedy = f"Did you mean `{near[0]}`?" if near else "The words are listed in lessons/README.md; quote texts."
        if text in known:
            remedy = f"Write {text}(...)."
        raise ExpressionError(f"There is no `{text}` here.", remedy, token.at)

    def field_name(self, form: str) -> str:
        """The name behind a dot."""
        self.expect(".", f"Say which field: {form}.")
        token = self.take()
        if token.kind not in ("name", "place"):
            raise ExpressionError("The name of a field is missing.", f"Write {form}.", token.at)
        return token.text

    def arguments(self, name: str, takes: tuple[Type, ...]) -> tuple[tree.Node, ...]:
        """The arguments of a function, in their parentheses."""
        opening = self.token
        self.expect("(", f"Write {name}(...).")
        found: list[tree.Node] = []
        for index, wanted in enumerate(takes):
            if index:
                self.expect(",", f"{name}() takes {len(takes)} arguments: {', '.join(t.value for t in takes)}.")
            found.append(fit(self.level(0), wanted, f"{name}()"))
        if self.token.text != ")":
            count = f"{len(takes)} argument{'s' if len(takes) > 1 else ''}"
            raise ExpressionError(f"{name}() takes {count}.", "Close the parenthesis there.", opening.at)
        self.take()
        return tuple(found)

    def function(self, token: Token) -> tree.Node:
        """``name(...)``"""
        name, word = token.text, FUNCTIONS[token.text]
        if "selector" not in word.takes:
            return tree.Call(
                token.at, word.type, name, self.arguments(name, tuple(t for t in word.takes if isinstance(t, Type)))
            )
        self.expect("(", f"Write {name}(...).")
        selector = self.selector(self.take())
        key: tree.Node | None = None
        if len(word.takes) == 2:
            self.expect(",", f"For instance: {word.example}.")
            key = self.level(0)
        self.expect(")", "Close the parenthesis.")
        if name == "at" and key is not None:
            return tree.At(token.at, key.type, selector, key)
        if key is not None:
            fit(key, TEXT, f"{name}()")
        return tree.OfStage(token.at, word.type, name, selector, key)

    def object(self, token: Token) -> tree.Node:
        """``page('data.bin', 3).flags``"""
        kind = token.text
        args = self.arguments(kind, OBJECT_TAKES[kind])
        field = self.field_name(f"{kind}(...).FIELD")
        word = OBJECTS[kind].get(field)
        if word is None and kind == "page" and field in PAGE_FLAGS:
            return tree.ObjectField(token.at, TRUTH, kind, args, field)
        if word is None:
            known = [*OBJECTS[kind], *(sorted(PAGE_FLAGS) if kind == "page" else ())]
            raise ExpressionError(f"`{kind}` has no field `{field}`.", did_you_mean(field, known), token.at)
        return tree.ObjectField(token.at, word.type, kind, args, field)

    def selector(self, token: Token) -> Selector:
        """A selector, where one has to stand."""
        try:
            selector = parse_selector(token.text)
        except SelectorError as error:
            raise ExpressionError(error.what, error.remedy, token.at) from None
        self.selectors.append(selector)
        return selector
