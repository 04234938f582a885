"""Events in expressions: one of them (``fault[1].major``), or a figure of many (``count(fault where major)``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from webapp.lesson.expression import tree
from webapp.lesson.expression.problem import ExpressionError
from webapp.lesson.expression.tokens import Token
from webapp.lesson.expression.typed import did_you_mean, fit
from webapp.lesson.expression.vocabulary import AGGREGATES, COLLECTIONS, NUMBER, PAGES, TRUTH, Type

if TYPE_CHECKING:
    from webapp.lesson.expression.parser import Reader

EVENT = re.compile(r"(fault|io|window|call)((?:\[\w+\])*)(?:\.([A-Za-z_]\w*))?")


def aggregate(reader: Reader, token: Token) -> tree.Node:
    """``count(fault where major)`` and its like, or the size of a set, or how often a selector happens."""
    name = token.text
    reader.expect("(", f"Write {name}(...).")
    place = reader.token
    opened = EVENT.fullmatch(place.text) if place.kind == "place" else None
    if opened is None or (opened[2] and opened[1] != "call") or _is_selector(place.text, opened[1]):
        return size(reader, name, token)
    reader.take()
    collection, call, field = opened[1], opened[2].strip("[]"), opened[3] or ""
    fields = COLLECTIONS[collection]
    where = None
    if reader.token.text == "where":
        reader.take()
        outer, reader.fields = reader.fields, fields
        where = fit(reader.level(0), TRUTH, "`where`")
        reader.fields = outer
    reader.expect(")", f"For instance: {AGGREGATES[name].example}.")
    kind = check_field(name, collection, field, place.at)
    if name == "count" and field:
        where = _both(where, tree.OwnField(place.at, kind, field))
        field = ""
    return tree.Aggregate(token.at, AGGREGATES[name].type, name, collection, field, call, where)


def check_field(name: str, collection: str, field: str, at: int) -> Type:
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


def size(reader: Reader, name: str, token: Token) -> tree.Node:
    """``count(pages)`` or ``count(selector)``"""
    if name != "count":
        what = f"{name}() goes over fault, io, window or call."
        raise ExpressionError(what, f"For instance: {AGGREGATES[name].example}.", reader.token.at)
    place = reader.token
    if place.kind == "place" and not _is_field(place.text):
        selector = reader.selector(reader.take())
        if selector.parts[-1].kind not in ("function", "step", "call"):
            raise ExpressionError(f"`{place.text}` happens once.", "Ask happens(...) of it.", place.at)
        reader.expect(")", "Close the parenthesis.")
        return tree.Times(token.at, NUMBER, selector)
    operand = fit(reader.level(0), PAGES, "count()")
    reader.expect(")", "Close the parenthesis.")
    return tree.Size(token.at, NUMBER, operand)


def event(token: Token) -> tree.Node:
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
        raise ExpressionError(f"`{token.text}` is not counted from 1.", f"Write {collection}[1] or the like.", token.at)
    if not field:
        remedy = f"Write {token.text}.FIELD with one of {', '.join(COLLECTIONS[collection])}."
        raise ExpressionError(f"`{token.text}` alone is no value.", remedy, token.at)
    return tree.EventField(token.at, COLLECTIONS[collection][field].type, collection, call, int(count), field)


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
