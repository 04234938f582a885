"""Variants of a lesson: numbers drawn from a seed, so that classmates get different ones.

``vary`` in the front matter names them; ``{{name}}`` anywhere in the lesson and in its programs stands for the value
(``{{name:hex}}`` for the value in hexadecimal). A variant is the lesson with every placeholder replaced, and is read
as though it had been written so. Same seed, same variant, in any process.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, cast

from webapp.lesson.expression import ExpressionError, Value, World, evaluate, parse_expression
from webapp.lesson.facts import plain
from webapp.lesson.problem import Problem
from webapp.lesson.yamltext import Block

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_]{0,30})(?::(hex))?\}\}")
PLAIN_TEXT = re.compile(r"[\w .-]{1,40}")
MAX_CHOICES = 64
MAX_RANGE = 100_000

Values = dict[str, Value]


def draw(vary: Mapping[str, Any], seed: str, block: Block, file: str, problems: list[Problem]) -> Values:
    """A value for every name, in the order in which they are written."""
    values: Values = {}
    for name, rule in vary.items():
        line = block.line_of(f"vary.{name}")
        if not NAME.fullmatch(name):
            problems.append(
                Problem(file, line, f"vary: `{name}` is no name.", "Write lower-case letters, digits and _.")
            )
            continue
        try:
            values[name] = _draw_one(rule, f"{seed}/{name}", values)
        except ExpressionError as error:
            problems.append(Problem(file, line, f"vary: {name}: {error.what}", error.remedy))
    return values


def _draw_one(rule: Any, seed: str, values: Values) -> Value:
    remedy = "Write [1, 2, 3], {from: 1, to: 9, step: 2} or {is: pages * 4096}."
    match rule:
        case list() if 0 < len(rule) <= MAX_CHOICES:
            values_of = [_placeable(value, remedy) for value in rule]
            return values_of[_number(seed) % len(rule)]
        case {"from": int(first), "to": int(last), **rest} if not rest.keys() - {"step"}:
            step = rest.get("step", 1)
            if not isinstance(step, int) or step < 1 or not 0 <= last - first <= MAX_RANGE * step:
                raise ExpressionError(f"From {first} to {last} by {step} is no range.", remedy)
            return first + step * (_number(seed) % ((last - first) // step + 1))
        case {"is": str() | int() as text, **rest} if not rest:
            expression = parse_expression(str(text), values)
            return _placeable(evaluate(expression, cast(World, NoWorld())), remedy)
    raise ExpressionError("This is no rule.", remedy)


def _number(seed: str) -> int:
    """A number that depends on nothing but the seed."""
    return int.from_bytes(blake2b(seed.encode(), digest_size=8).digest(), "big")


def _placeable(value: Any, remedy: str) -> Value:
    """A value that can stand in the text without changing what it means."""
    if isinstance(value, str) and not PLAIN_TEXT.fullmatch(value):
        raise ExpressionError(f"The text {value!r} cannot be placed.", "Use letters, digits, blanks, _, - and dots.")
    if isinstance(value, frozenset):
        return value
    return plain(value, f"{value!r} is no number and no text.", remedy)


def fill(text: str, values: Values) -> str:
    """``text`` with the placeholders of known names replaced."""

    def put(match: re.Match[str]) -> str:
        return shown(values[match[1]], match[2]) if match[1] in values else match[0]

    return PLACEHOLDER.sub(put, text)


def any_variant(text: str) -> re.Pattern[str]:
    """What matches ``text`` with values in place of its placeholders, whichever they are."""
    pieces, end = [], 0
    for match in PLACEHOLDER.finditer(text):
        pieces += [re.escape(text[end : match.start()]), ".+?"]
        end = match.end()
    return re.compile("".join(pieces) + re.escape(text[end:]))


def shown(value: Value, form: str | None = None) -> str:
    """A value as the text and the expressions have it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, frozenset):
        return f"{{{', '.join(map(str, sorted(value)))}}}"
    return hex(value) if form == "hex" and isinstance(value, int) else str(value)


def check_filled(text: str, values: Values, file: str, problems: list[Problem]) -> None:
    """Placeholders that are left have no value."""
    for line, words in enumerate(text.splitlines(), start=1):
        for match in PLACEHOLDER.finditer(words):
            known = f"Known: {', '.join(values)}." if values else "The front matter has no `vary`."
            problems.append(Problem(file, line, f"Nothing is drawn for `{match[0]}`.", known))


class NoWorld:
    """Expressions of ``vary`` know no run."""

    def __getattr__(self, name: str) -> Any:
        raise ExpressionError("A variant is drawn before there is any run.", "Use numbers and earlier names only.")
