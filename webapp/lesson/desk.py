"""The reading desk: turns the words of a block into expressions, selectors and prose, and notes what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from webapp.lesson import markdown
from webapp.lesson.expression import Expression, ExpressionError, Value, parse_expression
from webapp.lesson.expression.vocabulary import Type
from webapp.lesson.files import read_program
from webapp.lesson.lesson import Prose, Source
from webapp.lesson.objects import is_object, object_remedy
from webapp.lesson.problem import Problem, SelectorError
from webapp.lesson.selector import Selector, parse
from webapp.lesson.variant import fill
from webapp.lesson.yamltext import Block

NOTHING = parse_expression("false")
START = parse("start")


@dataclass(slots=True)
class Desk:
    """Where one lesson lies while it is read. ``block`` is the block under the eye."""

    folder: Path
    file: str
    values: Mapping[str, Value]
    problems: list[Problem]
    block: Block = field(default_factory=lambda: Block({}, {}, 0))

    def complain(self, path: str, what: str, remedy: str) -> None:
        """Something is wrong with a value of the block."""
        self.problems.append(Problem(self.file, self.block.line_of(path), what, remedy))

    def line(self, path: str) -> int:
        """The line of a value of the block."""
        return self.block.line_of(path)

    def expression(self, value: str | int | float | bool, path: str, want: Type | None = None) -> Expression:
        """An expression as YAML has it: a text, or a number or truth that stands for itself."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        try:
            return parse_expression(text, self.values, want)
        except ExpressionError as error:
            place = f" (column {error.at + 1} of `{text}`)" if len(text) <= 80 else ""
            self.complain(path, f"{path.rpartition('.')[2]}: {error.what}{place}", error.remedy)
            return NOTHING

    def selector(self, text: str, path: str) -> Selector:
        """A selector."""
        try:
            return parse(text)
        except SelectorError as error:
            self.complain(path, f"{path.rpartition('.')[2]}: {error.what}", error.remedy)
            return START

    def prose(self, text: str, path: str) -> Prose:
        """A short text in Markdown."""
        line = self.line(path)
        markdown.check_raw(text, self.file, line - 1, self.problems)
        tokens = markdown.parser().parseInline(markdown.hide_braces(text))
        markdown.check_marks(tokens, self.file, line - 1, self.problems)
        if markdown.claims(tokens):
            self.complain(
                path, "A claim cannot stand here.", "Claims stand in the step's text, or in a ```claims block."
            )
        return Prose(*markdown.render_inline(text))

    def light(self, names: Sequence[str]) -> tuple[str, ...]:
        """Objects to light up."""
        for name in names:
            if not is_object(name):
                self.complain("light", f"light: `{name}` is no object of the machine.", object_remedy(name))
        return tuple(names)

    def source(self, name: str, path: str) -> Source:
        """A C program of the lesson's folder, its placeholders replaced."""
        text = read_program(self.folder, name, self.file, self.line(path), self.problems)
        return Source(name.rpartition("/")[2], fill(text, dict(self.values)))
