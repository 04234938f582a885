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

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from webapp.kernel.include.linux.page_flags import PAGE_FLAG_NAMES
from webapp.lesson.expression import tree
from webapp.lesson.expression.problem import ExpressionError
from webapp.lesson.expression.tokens import Token, tokens
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
from webapp.lesson.selector import Part, Selector
from webapp.lesson.selector import parse as parse_selector

MAX_TOKENS = 120
MAX_DEPTH = 20
MAX_PAGES = 65_536
COMPARE = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
LEVELS = (("or",), ("and",), ("not",), COMPARE, ("+", "-", "|"), ("*", "//", "%", "&", "<<", ">>"))
NOT_LEVEL, COMPARE_LEVEL = 2, 3
EVENT = re.compile(r"(fault|io|window|call)((?:\[\w+\])*)(?:\.([A-Za-z_]\w*))?")
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
    reader = _Reader(list(_bounded(text)), names or {})
    root = reader.level(0)
    if reader.token.kind != "end":
        raise ExpressionError(f"'{reader.token.text}' is unexpected here.", _unexpected(reader.token), reader.token.at)
    if want is NUMBER and root.type is PAGES:
        root = tree.Size(root.at, NUMBER, root)
    if want is not None and root.type not in (want, ANY):
        raise ExpressionError(f"This is {root.type.value}, not {want.value}.", _wanted(want), root.at)
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


def _wanted(want: Type) -> str:
    return "Compare it with something, as in count(fault) == 7." if want is TRUTH else "Ask for something else."


class _Reader:
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
                return self.event(token)
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
            return self.aggregate(token)
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

    def aggregate(self, token: Token) -> tree.Node:
        """``count(fault where major)`` and its like, or the size of a set, or how often a selector happens."""
        name = token.text
        self.expect("(", f"Write {name}(...).")
        place = self.token
        opened = EVENT.fullmatch(place.text) if place.kind == "place" else None
        if opened is None or (opened[2] and opened[1] != "call") or _is_selector(place.text, opened[1]):
            return self.size(name, token)
        self.take()
        collection, call, field = opened[1], opened[2].strip("[]"), opened[3] or ""
        fields = COLLECTIONS[collection]
        where = None
        if self.token.text == "where":
            self.take()
            outer, self.fields = self.fields, fields
            where = fit(self.level(0), TRUTH, "`where`")
            self.fields = outer
        self.expect(")", f"For instance: {AGGREGATES[name].example}.")
        kind = self.check_field(name, collection, field, place.at)
        if name == "count" and field:
            where = _both(where, tree.OwnField(place.at, kind, field))
            field = ""
        return tree.Aggregate(token.at, AGGREGATES[name].type, name, collection, field, call, where)

    def check_field(self, name: str, collection: str, field: str, at: int) -> Type:
        """The type of the field that an aggregate takes, which has to suit it."""
        fields = COLLECTIONS[collection]
        if not field:
            if name != "count":
                fitting = [key for key, word in fields.items() if word.type is (PAGES if name == "union" else NUMBER)]
                remedy = f"Write {name}({collection}.FIELD) with one of {', '.join(fitting)}."
                raise ExpressionError(f"{name}() needs a field of each {collection}.", remedy, at)
            return TRUTH
        if field not in fields:
            raise ExpressionError(f"A {collection} has no field `{field}`.", did_you_mean(field, list(fields)), at)
        kind = fields[field].type
        wanted = {"count": TRUTH, "union": PAGES}.get(name, NUMBER)
        if kind is not wanted and not (wanted is NUMBER and kind is PAGES):
            raise ExpressionError(
                f"{name}() wants {wanted.value}; `{field}` is {kind.value}.",
                f"For instance: {AGGREGATES[name].example}.",
                at,
            )
        return kind

    def size(self, name: str, token: Token) -> tree.Node:
        """``count(pages)`` or ``count(selector)``"""
        if name != "count":
            what = f"{name}() goes over fault, io, window or call."
            raise ExpressionError(what, f"For instance: {AGGREGATES[name].example}.", self.token.at)
        place = self.token
        if place.kind == "place" and not _is_field(place.text):
            selector = self.selector(self.take())
            if selector.parts[-1].kind not in ("function", "step", "call"):
                raise ExpressionError(f"`{place.text}` happens once.", "Ask happens(...) of it.", place.at)
            self.expect(")", "Close the parenthesis.")
            return tree.Times(token.at, NUMBER, selector)
        operand = fit(self.level(0), PAGES, "count()")
        self.expect(")", "Close the parenthesis.")
        return tree.Size(token.at, NUMBER, operand)

    def event(self, token: Token) -> tree.Node:
        """``fault[1].major``"""
        found = EVENT.fullmatch(token.text)
        words = re.findall(r"\w+", found[2]) if found else []
        if not found or not words or len(words) > 2 or _is_selector(token.text, found[1]):
            remedy = "Ask happens(...), stage(...) or at(..., ...) of a stage."
            if found and not words:
                remedy = f"Write count({token.text}), or {found[1]}[1] for the first."
            raise ExpressionError(f"`{token.text}` has no value of its own.", remedy, token.at)
        collection, field = found[1], found[3]
        call = words.pop(0) if collection == "call" and not words[0].isdigit() else ""
        count = words[0] if words else "1"
        if not count.isdigit() or not 0 < int(count) < 1_000_000 or (len(words) > 1):
            raise ExpressionError(
                f"`{token.text}` is not counted from 1.", f"Write {collection}[1] or the like.", token.at
            )
        if not field:
            remedy = f"Write {token.text}.FIELD with one of {', '.join(COLLECTIONS[collection])}."
            raise ExpressionError(f"`{token.text}` alone is no value.", remedy, token.at)
        return tree.EventField(token.at, COLLECTIONS[collection][field].type, collection, call, int(count), field)

    def selector(self, token: Token) -> Selector:
        """A selector, where one has to stand."""
        try:
            selector = parse_selector(token.text)
        except SelectorError as error:
            raise ExpressionError(error.what, error.remedy, token.at) from None
        self.selectors.append(selector)
        return selector


def _is_field(text: str) -> bool:
    """Is this a field of an event and no stage?"""
    found = EVENT.fullmatch(text)
    return bool(found and found[2] and found[3] and found[3] in COLLECTIONS[found[1]])


def _is_selector(text: str, collection: str) -> bool:
    """Does this name a stage rather than an event's field?"""
    found = EVENT.fullmatch(text)
    return not found or bool(found[2] and found[3] and found[3] not in COLLECTIONS[collection])


def _both(where: tree.Node | None, also: tree.Node) -> tree.Node:
    return also if where is None else tree.Binary(where.at, TRUTH, "and", where, also)


def number(text: str) -> int | float:
    """A decimal number."""
    return float(text) if "." in text else int(text)


def literal(value: Value, at: int) -> tree.Literal:
    """A value as a node."""
    kind = TRUTH if isinstance(value, bool) else TEXT if isinstance(value, str) else NUMBER
    return tree.Literal(at, PAGES if isinstance(value, frozenset) else kind, value)


def page_set(token: Token) -> frozenset[int]:
    """``{0-15, 24}``"""
    pages: set[int] = set()
    for word in filter(None, (word.strip() for word in token.text[1:-1].split(","))):
        match = re.fullmatch(r"([0-9]{1,9})(?:\s*-\s*([0-9]{1,9}))?", word)
        if not match:
            raise ExpressionError(f"'{word}' is no page and no range.", "Write {0-15, 24}.", token.at)
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last - first >= MAX_PAGES or len(pages) > MAX_PAGES:
            raise ExpressionError(f"The range {word} is empty or too long.", f"Up to {MAX_PAGES:,} pages.", token.at)
        pages.update(range(first, last + 1))
    return frozenset(pages)


def did_you_mean(word: str, known: list[str]) -> str:
    """The nearest known word, or all of them."""
    near = get_close_matches(word, known, 1)
    return f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."


def fit(node: tree.Node, wanted: Type, who: str) -> tree.Node:
    """``node`` where ``who`` wants a value of this type; a set of pages counts as its number of pages."""
    if wanted is NUMBER and node.type is PAGES:
        return tree.Size(node.at, NUMBER, node)
    if node.type not in (wanted, ANY):
        raise ExpressionError(f"{who} wants {wanted.value}; this is {node.type.value}.", _wanted(wanted), node.at)
    return node


def binary(operator: Token, left: tree.Node, right: tree.Node) -> tree.Node:
    """Two operands and their operator, if their types go together."""
    op = operator.text
    who = f"`{op}`"
    if op in ("and", "or"):
        return tree.Binary(operator.at, TRUTH, op, fit(left, TRUTH, who), fit(right, TRUTH, who))
    if op == "in":
        if right.type is PAGES:
            return tree.Binary(operator.at, TRUTH, op, fit(left, NUMBER, who), right)
        return tree.Binary(operator.at, TRUTH, op, fit(left, TEXT, who), fit(right, TEXT, who))
    both_pages = left.type is PAGES and right.type is PAGES
    if op in COMPARE:
        if not both_pages and PAGES in (left.type, right.type):
            left, right = fit(left, NUMBER, who), fit(right, NUMBER, who)
        if ANY not in (left.type, right.type) and left.type is not right.type:
            what = f"{who} compares {left.type.value} with {right.type.value}."
            raise ExpressionError(what, "Compare like with like; texts stand in quotes.", operator.at)
        if op not in ("==", "!=") and left.type in (TRUTH, TEXT):
            raise ExpressionError(f"{who} does not order {left.type.value}.", "Compare with == or !=.", operator.at)
        return tree.Binary(operator.at, TRUTH, op, left, right)
    if both_pages and op in ("-", "|", "&"):
        return tree.Binary(operator.at, PAGES, op, left, right)
    return tree.Binary(operator.at, NUMBER, op, fit(left, NUMBER, who), fit(right, NUMBER, who))


def counting(selector: Selector, large: int) -> tuple[Part, ...]:
    """The links of a selector, the last one to be found ``large`` times."""
    *before, last = selector.parts
    return (*before, Part(last.kind, last.name, large))
