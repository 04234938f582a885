"""Hold the prose to its limits, and its names against the model's."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import webapp.kernel
from webapp.lesson.lesson import Lesson, Step
from webapp.lesson.problem import Problem

MAX_STEP_WORDS = 120
MAX_SENTENCE_WORDS = 28
SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+|(?<=[。！？：；])\s*")
KERNEL_NAME = re.compile(r"(?:[a-z][a-z0-9]*_[a-z0-9_]+|__[a-z0-9_]+|[a-z][a-z0-9_]*(?=\(\)))(?:\(\))?")
FLAG_NAME = re.compile(r"(?:PG|VM|VM_FAULT|FAULT_FLAG|MAP|PROT|MADV|L_PTE|FGP|SIG|BUS|SEGV)_[A-Z0-9_]+")
WIDE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")  # scripts that put no blanks between words


def check_prose(lesson: Lesson) -> list[Problem]:
    """Steps and sentences must not be too long; names in backticks should be names of something."""
    problems = []
    for step in lesson.steps:
        problems += check_step(lesson, step)
        problems += check_names(lesson, step)
    return problems


def check_step(lesson: Lesson, step: Step) -> list[Problem]:
    """The length of one step and of its sentences."""
    problems = []
    words = sum(length_of(text) for _, text in step.paragraphs)
    if words > MAX_STEP_WORDS:
        what = f"The step `{step.title}` has {words} words."
        problems.append(Problem(lesson.file, step.line, what, f"Stay within {MAX_STEP_WORDS}, or make two steps."))
    if not words:
        problems.append(Problem(lesson.file, step.line, f"The step `{step.title}` has no text.", "Write some."))
    for line, text in step.paragraphs:
        for sentence in SENTENCE_END.split(text):
            length = length_of(sentence)
            if length > MAX_SENTENCE_WORDS:
                what = f"A sentence has {length} words: '{sentence[:40]}...'."
                problems.append(Problem(lesson.file, line, what, f"Stay within {MAX_SENTENCE_WORDS}; cut it in two."))
    return problems


def length_of(text: str) -> int:
    """Words; two signs of a script without blanks count as one."""
    return len(WIDE.sub("", text).split()) + len(WIDE.findall(text)) // 2


def check_names(lesson: Lesson, step: Step) -> list[Problem]:
    """Names of functions and flags in backticks that neither the model nor the program knows."""
    known = model_words() | set(re.findall(r"\w+", lesson.program.text))
    problems = []
    for line, word in step.code:
        if (KERNEL_NAME.fullmatch(word) or FLAG_NAME.fullmatch(word)) and word.removesuffix("()") not in known:
            what = f"Neither the model nor the program has a `{word}`."
            problems.append(Problem(lesson.file, line, what, "Check the spelling.", "warning"))
    return problems


@cache
def model_words() -> frozenset[str]:
    """Every word of the model's source: functions, flags, fields, counters and the files of Linux that it names."""
    root = Path(next(iter(webapp.kernel.__path__)))
    return frozenset(
        word for file in root.rglob("*.py") for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))
    )
