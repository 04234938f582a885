"""Lesson text: Markdown to HTML that is safe to put into a page.

Two walls. markdown-it-py never lets raw HTML through and refuses script links; nh3 then keeps only the few
tags and attributes listed here. On top of Markdown there are two things. A mark, ``[page cache]{.pc}``,
becomes a ``<mark data-hue="pc" data-light="page cache">`` that the browser connects with the machine. A claim,
``[Seven faults]{claim="count(fault) == 7"}``, becomes a ``<span data-claim="0">``, the number counting in its step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin

from webapp.lesson.objects import DEFAULT_OBJECT, is_object, object_remedy
from webapp.lesson.problem import Problem

TAGS = {"p", "em", "strong", "code", "pre", "ul", "ol", "li", "a", "mark", "span", "blockquote", "h3", "br", "hr"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href"}, "mark": {"data-hue", "data-light", "tabindex", "data-claim"}, "span": {"data-claim"}}
SCHEMES = {"https"}
CLAIM = re.compile(r'claim="[^"\n]*"')
# The plugin takes no braces inside a mark's braces; these stand for them while the text is parsed.
HIDE, SHOW = str.maketrans("{}", "\ue000\ue001"), str.maketrans("\ue000\ue001", "{}")
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
    return md.use(attrs_plugin, after=(), spans=True, allowed=["class", "light", "claim"])


def sections(text: str, file: str, offset: int, problems: list[Problem]) -> list[Section]:
    """Cut a lesson's text at its ``##`` headings; ``offset`` is the line of the file before its first line."""
    tokens = parser().parse(hide_braces(text))
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


def hide_braces(text: str) -> str:
    """``text`` with the braces inside of claims out of the plugin's sight."""
    return CLAIM.sub(lambda match: match[0].translate(HIDE), text)


def render(tokens: Sequence[Token]) -> str:
    """Tokens as HTML that is safe, whatever they hold."""
    return _clean(parser(), tokens)


def render_inline(text: str) -> tuple[str, str]:
    """A short text as safe HTML without a paragraph around it, and as the words alone."""
    md = parser()
    tokens = md.parseInline(text)
    return _clean(md, tokens), " ".join(words for _, words in plain_text(tokens))


def _clean(md: MarkdownIt, tokens: Sequence[Token]) -> str:
    dressed = deepcopy(list(tokens))
    dress(dressed)
    html: str = md.renderer.render(dressed, md.options, {})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES).strip()


def dress(tokens: Sequence[Token]) -> None:
    """Turn the spans of the Markdown plugin into marks and claims of the page."""
    claims = 0
    opened: list[str] = []
    for token in tokens:
        for child in token.children or ():
            if child.type == "span_close":
                child.tag = opened.pop() if opened else "span"
            elif child.type == "span_open":
                hue, claim = str(child.attrs.get("class", "")), child.attrs.get("claim")
                child.tag = "mark" if hue else "span"
                opened.append(child.tag)
                light = str(child.attrs.get("light", DEFAULT_OBJECT.get(hue, "")))
                child.attrs = {"data-hue": hue, "data-light": light, "tabindex": "0"} if hue else {}
                if claim is not None:
                    child.attrs["data-claim"] = str(claims)
                    claims += 1


def claims(tokens: Sequence[Token]) -> list[tuple[int, str, str]]:
    """Every claim of a section, in the order in which they begin: line in the text, words, expression."""
    found: list[tuple[int, list[str], str]] = []
    for token in tokens:
        line = (token.map or [0])[0]
        opened: list[list[str]] = []
        for child in token.children or ():
            if child.type == "span_open":
                opened.append([])
                if "claim" in child.attrs:
                    found.append((line, opened[-1], str(child.attrs["claim"]).translate(SHOW)))
            elif child.type == "span_close" and opened:
                words = opened.pop()
                if opened:
                    opened[-1].extend(words)
            else:
                broken = child.type in ("softbreak", "hardbreak")
                line += broken
                if opened:
                    opened[-1].append(" " if broken else child.content)
    return [(line, "".join(words), expression) for line, words, expression in found]


def code_words(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """The words in backticks, with their lines."""
    for token in tokens:
        line = (token.map or [0])[0]
        for child in token.children or ():
            line += child.type in ("softbreak", "hardbreak")
            if child.type == "code_inline":
                yield line, child.content


def check_marks(tokens: Sequence[Token], file: str, offset: int, problems: list[Problem]) -> None:
    """Every mark has one known hue and points at an object there is."""
    for token in tokens:
        line = offset + 1 + (token.map or [0])[0]
        for child in token.children or ():
            line += child.type in ("softbreak", "hardbreak")
            if child.type == "span_open":
                check_mark(child.attrs, child.meta, file, line, problems)
            elif child.type == "text" and re.search(r"\]\{[.a-z]", child.content):
                what = f"This mark cannot be read: '{child.content[:40].translate(SHOW)}'."
                problems.append(Problem(file, line, what, 'Write `[text]{.pc light="page 0"}`, all of it in one line.'))
            elif child.type == "image":
                problems.append(Problem(file, line, "Lessons hold no images.", "Light up the machine instead."))


def check_mark(attrs: Any, meta: Any, file: str, line: int, problems: list[Problem]) -> None:
    """Check one mark's attributes as the author wrote them."""
    hue, light = str(attrs.get("class", "")), str(attrs.get("light", ""))
    hues = ", ".join(DEFAULT_OBJECT)
    for name in meta.get("insecure_attrs", ()):
        problems.append(Problem(file, line, f"A mark cannot have `{name}`.", 'Write `[text]{.pc light="page 0"}`.'))
    if "claim" in attrs and not hue and not light:
        return
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
