"""Which types go together. Where a number is asked for, a set of pages counts its pages."""

from __future__ import annotations

import re
from difflib import get_close_matches

from webapp.lesson.expression import tree
from webapp.lesson.expression.problem import ExpressionError
from webapp.lesson.expression.tokens import Token
from webapp.lesson.expression.vocabulary import ANY, NUMBER, PAGES, TEXT, TRUTH, Type
from webapp.lesson.expression.world import Value

MAX_PAGES = 65_536
COMPARE = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})


def fit(node: tree.Node, wanted: Type, who: str) -> tree.Node:
    """``node`` where ``who`` wants a value of this type; a set of pages counts as its number of pages."""
    if wanted is NUMBER and node.type is PAGES:
        return tree.Size(node.at, NUMBER, node)
    if node.type not in (wanted, ANY):
        raise ExpressionError(f"{who} wants {wanted.value}; this is {node.type.value}.", wanted_remedy(wanted), node.at)
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


def wanted_remedy(want: Type) -> str:
    return "Compare it with something, as in count(fault) == 7." if want is TRUTH else "Ask for something else."


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
