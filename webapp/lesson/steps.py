"""The sections of a lesson's body, read into steps."""

from __future__ import annotations

from dataclasses import dataclass

from markdown_it.token import Token

from webapp.lesson import markdown, schema, tasks
from webapp.lesson.desk import Desk
from webapp.lesson.expression.vocabulary import TRUTH
from webapp.lesson.fields import check_fields
from webapp.lesson.lesson import Claim, Hint, Source, Step, Task
from webapp.lesson.schema import BLOCKS
from webapp.lesson.yamltext import Block, read_block

CLAIMS = "claims"


@dataclass(frozen=True, slots=True)
class Draft:
    """One section with its blocks taken apart. ``kind`` is that of the block that makes the step."""

    section: markdown.Section
    kind: str
    block: Block
    claims: Block
    prose: list[Token]


def drafts(body: str, offset: int, desk: Desk) -> list[Draft]:
    """The sections of a lesson's body. ``offset`` is the number of lines before it."""
    markdown.check_raw(body, desk.file, offset, desk.problems)
    found = markdown.sections(body, desk.file, offset, desk.problems)
    if not found:
        desk.complain("", "The lesson has no steps.", "Write a `## Heading {#id}` for each.")
    lines: dict[str, int] = {}
    for section in found:
        if section.id and section.id in lines:
            what = f"The id `{section.id}` is taken."
            desk.block = Block({}, {}, section.line)
            desk.complain("", what, f"Line {lines[section.id]} has it.")
        lines[section.id] = section.line
    parts = (draft(section, offset, desk) for section in found)
    return [part for part in parts if part is not None]


def draft(section: markdown.Section, offset: int, desk: Desk) -> Draft | None:
    """One section: the block that makes it a step, its claims, and its text."""
    desk.block = Block({}, {}, section.line)
    kinds = {*BLOCKS, CLAIMS}
    fences = [token for token in section.tokens if token.type == "fence" and token.info.strip() in kinds]
    prose = [token for token in section.tokens if token not in fences]
    markdown.check_marks(prose, desk.file, offset, desk.problems)
    makers = [token for token in fences if token.info.strip() != CLAIMS]
    if len(makers) != 1:
        what = "no block" if not makers else f"{len(makers)} blocks"
        remedy = f"Write one ```explain block below the heading, or one of {', '.join(list(BLOCKS)[1:])}."
        desk.complain("", f"The step `{section.title}` has {what} that says what it does.", remedy)
        return None
    claims = Block({}, {}, section.line)
    for token in fences:
        block = read_block(token.content, desk.file, offset + 1 + (token.map or [0])[0], desk.problems)
        if block is None:
            return None
        if token is makers[0]:
            made = block
        else:
            claims = Block(claims.values | block.values, claims.lines | block.lines, block.line)
    return Draft(section, makers[0].info.strip(), made, claims, prose)


def step(draft: Draft, offset: int, program: Source, desk: Desk) -> Step | None:
    """One step."""
    desk.block = draft.block
    about = check_fields(BLOCKS[draft.kind], draft.block, desk.file, desk.problems)
    if about is None:
        return None
    at = getattr(about, "at", None)
    return Step(
        id=draft.section.id,
        kind=draft.kind,
        title=draft.section.title,
        html=markdown.render(draft.prose),
        at=desk.selector(at, "at") if at else None,
        checkpoint=getattr(about, "checkpoint", ""),
        watch=getattr(about, "watch", ""),
        light=desk.light(getattr(about, "light", ())),
        task=task(about, program, desk),
        hints=hints(about, desk),
        claims=claims(draft, offset, desk),
        line=draft.section.line,
        at_line=draft.block.line_of("at"),
        paragraphs=tuple((offset + 1 + line, words) for line, words in markdown.plain_text(draft.prose)),
        code=tuple((offset + 1 + line, words) for line, words in markdown.code_words(draft.prose)),
    )


def task(about: object, program: Source, desk: Desk) -> Task | None:
    """What a block asks of the student."""
    match about:
        case schema.Predict():
            return tasks.question(about, desk)
        case schema.Play():
            return tasks.play(about, desk)
        case schema.Do():
            return tasks.do(about, desk, program)
        case schema.Quiz():
            return tasks.quiz(about, desk)
        case schema.Reflect():
            return tasks.reflect(about, desk)
    return None


def hints(about: object, desk: Desk) -> tuple[Hint, ...]:
    """The ladder of a block that has one."""
    return tasks.hints(getattr(about, "hints", ()), desk)


def claims(draft: Draft, offset: int, desk: Desk) -> tuple[Claim, ...]:
    """The claims in the text, then those of the ``claims`` block."""
    found = []
    for line, words, text in markdown.claims(draft.prose):
        desk.block = Block({}, {}, offset + 1 + line)
        found.append(Claim(words, desk.expression(text, "claim", TRUTH), offset + 1 + line))
    desk.block = draft.claims
    for words, text in draft.claims.values.items():
        if not isinstance(text, str | bool):
            desk.complain(words, f"The claim '{words[:40]}' has no expression.", "Write `sentence: count(fault) == 7`.")
            continue
        found.append(Claim(words, desk.expression(text, words, TRUTH), desk.line(words)))
    return tuple(found)
