"""A lesson in another language: the words of ``lesson.zh.md`` over the blocks of ``lesson.md``.

A translation has the same steps with the same ids. Its blocks give the words only (``checkpoint``, ``ask``, ``why``
and so on); everything else, selectors and answers above all, is the original's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from webapp.lesson.desk import Desk
from webapp.lesson.schema import TEXT_KEYS
from webapp.lesson.steps import Draft
from webapp.lesson.yamltext import Block

WORD_MAPS = frozenset({"says"})  # mappings from names to words


def pair(original: list[Draft], translation: list[Draft], desk: Desk) -> list[tuple[Draft, Draft]]:
    """Steps by id; whatever has no counterpart is wrong."""
    theirs = {draft.section.id: draft for draft in translation}
    ours = {draft.section.id for draft in original}
    for draft in translation:
        if draft.section.id not in ours:
            desk.block = Block({}, {}, draft.section.line)
            desk.complain("", f"lesson.md has no step `{draft.section.id}`.", "Translations have the same steps.")
    for draft in original:
        if draft.section.id not in theirs:
            desk.block = Block({}, {}, 0)
            desk.complain("", f"The step `{draft.section.id}` is not translated.", "Translate it, or drop this file.")
    if [draft.section.id for draft in translation] != [draft.section.id for draft in original] and ours == set(theirs):
        desk.block = Block({}, {}, 0)
        desk.complain("", "The steps stand in another order than in lesson.md.", "Put them in the same order.")
    return [(draft, theirs[draft.section.id]) for draft in original if draft.section.id in theirs]


def overlay(original: Draft, translation: Draft, desk: Desk) -> Draft:
    """The translation's section with the original's block, in the translation's words."""
    desk.block = translation.block
    if translation.kind != original.kind:
        what = f"The step `{original.section.id}` is {original.kind} in lesson.md, not {translation.kind}."
        desk.complain("", what, "Use the same kind of block.")
        return original
    values = _over(original.block.values, translation.block.values, "", desk)
    lines = dict.fromkeys(original.block.lines, translation.block.line) | translation.block.lines
    return replace(translation, block=Block(values, lines, translation.block.line))


def _over(old: Any, new: Any, path: str, desk: Desk) -> Any:
    """``new`` words over ``old`` values, item by item."""
    if isinstance(old, dict) and isinstance(new, dict):
        merged = dict(old)
        words = path.rpartition(".")[2] in WORD_MAPS
        for key, value in new.items():
            here = f"{path}.{key}" if path else key
            if key not in old:
                desk.complain(here, f"lesson.md has no `{key}` here.", "Translate what is there.")
            elif isinstance(old[key], dict | list):
                merged[key] = _over(old[key], value, here, desk)
            elif key in TEXT_KEYS or words:
                merged[key] = value
            else:
                desk.complain(here, f"`{key}` is no text to translate.", "Leave it to lesson.md.")
        return merged
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            desk.complain(path, f"lesson.md has {len(old)} items here, not {len(new)}.", "Translate one for one.")
            return old
        return [_over(a, b, f"{path}.{n}", desk) for n, (a, b) in enumerate(zip(old, new, strict=True))]
    if isinstance(old, str) and isinstance(new, str | int):
        if path.rpartition(".")[0] in ("hints", "choices"):
            return {"say": new} if path.startswith("hints") else {"text": new, "is": old}
    elif old == new:
        return old
    desk.complain(path, "This has another form than in lesson.md.", "Translate one for one.")
    return old
