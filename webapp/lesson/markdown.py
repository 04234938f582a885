"""Lesson text: Markdown to HTML that is safe to put into a page.

Two walls. markdown-it-py never lets raw HTML through and refuses script links; nh3 then keeps only the few
tags and attributes listed here. On top of Markdown there is one thing: a mark, ``[page cache]{.pc}``, which
becomes a ``<mark data-hue="pc" data-light="page cache">`` that the browser connects with the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin

from webapp.lesson.objects import DEFAULT_OBJECT, is_object, object_remedy
from webapp.lesson.problem import Problem

TAGS = {"p", "em", "strong", "code", "pre", "ul", "ol", "li", "a", "mark", "blockquote", "h3", "br", "hr"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href"}, "mark": {"data-hue", "data-light", "tabindex"}}
SCHEMES = {"https"}
HEADING_ID = re.compile(r"\s*\{#([a-z0-9]+(?:-[a-z0-9]+)*)\}\s*$")


@dataclass(frozen=True, slots=True)
class Section:
    """One ``##`` section: its heading, where it stands, and the tokens below the heading."""

    title: str
    id: str
    line: int
    tokens: Sequence[Token]


def parser(html: bool = False) -> MarkdownIt:
    """Our Markdown. ``html=True`` is only for finding raw HTML in a text, never for rendering."""
    md = MarkdownIt("commonmark", {"html": html}).enable("table")
    return md.use(attrs_plugin, after=(), spans=True, allowed=["class", "light"])


def sections(text: str, file: str, offset: int, problems: list[Problem]) -> list[Section]:
    """Cut a lesson's text at its ``##`` headings; ``offset`` is the line of the file before its first line."""
    tokens = parser().parse(text)
    heads = [at for at, token in enumerate(tokens) if token.type == "heading_open" and token.tag in ("h1", "h2")]
    if tokens and (not heads or heads[0] > 0):
        line = offset + 1 + (tokens[0].map or [0])[0]
        problems.append(
            Problem(file, line, "This text stands before the first step.", "Begin with a `## Heading {#id}`.")
        )
    found = []
    for at, end in pairwise([*heads, len(tokens)]):
        head, content = tokens[at], tokens[at + 1].content
        line = offset + 1 + (head.map or [0])[0]
        if head.tag == "h1":
            problems.append(Problem(file, line, f"`# {content}` is a heading of the first level.", "Write `##`."))
            continue
        match = HEADING_ID.search(content)
        if not match:
            problems.append(
                Problem(file, line, f"The step `{content}` has no id of its own.", "Write `## Heading {#short-id}`.")
            )
        title = HEADING_ID.sub("", content)
        found.append(Section(title, match[1] if match else "", line, tokens[at + 3 : end]))
    return found


def render(tokens: Sequence[Token]) -> str:
    """Tokens as HTML that is safe, whatever they hold."""
    md = parser()
    for token in spans(tokens):
        dress_mark(token)
    html: str = md.renderer.render(list(tokens), md.options, {})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES).strip()


def spans(tokens: Sequence[Token]) -> Iterator[Token]:
    """The opening and closing tokens of every mark."""
    for token in tokens:
        for child in token.children or ():
            if child.type in ("span_open", "span_close"):
                yield child


def dress_mark(token: Token) -> None:
    """Turn a span of the Markdown plugin into a mark of the page."""
    token.tag = "mark"
    if token.type == "span_open":
        hue = str(token.attrs.get("class", ""))
        light = str(token.attrs.get("light", DEFAULT_OBJECT.get(hue, "")))
        token.attrs = {"data-hue": hue, "data-light": light, "tabindex": "0"}


def check_marks(tokens: Sequence[Token], file: str, offset: int, problems: list[Problem]) -> None:
    """Every mark has one known hue and points at an object there is."""
    for token in tokens:
        line = offset + 1 + (token.map or [0])[0]
        for child in token.children or ():
            if child.type == "span_open":
                check_mark(child.attrs, child.meta, file, line, problems)
            elif child.type == "image":
                problems.append(Problem(file, line, "Lessons hold no images.", "Light up the machine instead."))


def check_mark(attrs: Any, meta: Any, file: str, line: int, problems: list[Problem]) -> None:
    """Check one mark's attributes as the author wrote them."""
    hue, light = str(attrs.get("class", "")), str(attrs.get("light", ""))
    hues = ", ".join(DEFAULT_OBJECT)
    for name in meta.get("insecure_attrs", ()):
        problems.append(Problem(file, line, f"A mark cannot have `{name}`.", 'Write `[text]{.pc light="page 0"}`.'))
    if hue not in DEFAULT_OBJECT:
        problems.append(Problem(file, line, f"A mark has the hue `{hue}`.", f"Write one of {hues}: `[text]{{.pc}}`."))
    if light and not is_object(light):
        problems.append(Problem(file, line, f"A mark points at `{light}`, which is no object.", object_remedy(light)))


def check_raw(text: str, file: str, offset: int, problems: list[Problem]) -> None:
    """Raw HTML and links that are not plain https would be shown as text or dropped: say so instead."""
    for token in parser(html=True).parse(text):
        line = offset + 1 + (token.map or [0])[0]
        if token.type == "html_block":
            problems.append(Problem(file, line, "This is raw HTML.", "Write Markdown."))
        for child in token.children or ():
            if child.type == "html_inline":
                problems.append(Problem(file, line, f"`{child.content}` is raw HTML.", "Write Markdown."))
            href = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
            if href and not re.match(r"https://|/(?!/)|#", href):
                problems.append(
                    Problem(file, line, f"The link `{href}` leads nowhere safe.", "Begin with https:// or /.")
                )
        # A link that markdown-it refuses (javascript: and the like) stays text; find it there.
        if token.type == "inline" and re.search(r"\]\(\s*<?\s*(?:javascript|vbscript|data|file):", token.content, re.I):
            problems.append(Problem(file, line, "This link would run a script.", "Begin with https:// or /."))


def plain_text(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """The prose of a section, paragraph by paragraph: the line in the text and the words as a reader sees them."""
    for token in tokens:
        if token.type == "inline":
            words = "".join(
                " " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or ()
            )
            yield (token.map or [0])[0], words
