"""A lesson as one HTML file to print or hand out: its text, its questions, and the machine at each step.

The machine is drawn by the page itself, in a Chromium that Playwright leads through the lesson, so the pictures are
those that students see. Questions come without answers unless these are asked for.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from flask import render_template
from werkzeug.serving import make_server

from webapp.lesson.facts import Facts
from webapp.lesson.grade import grade_question, turns
from webapp.lesson.lesson import Do, Lesson, Play, Question, Quiz, Reflect, Step
from webapp.lesson.load import load_lesson
from webapp.lesson.workshop import Workshop
from webapp.session.run import Recipe, Run
from webapp.web.app import QuietHandler, create_app, registry_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000  # ms for a page to stand still
PICTURE = """async () => (await import("/static/js/picture.js")).picture()"""
FONTS = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
MISSING = (
    "The pictures are drawn by a browser: install Playwright (pip install 'pagewalk[handout]') and Chromium (the "
    "package chromium, or: python -m playwright install chromium). CHROMIUM may name the browser."
)


class HandoutError(Exception):
    """The handout cannot be made; the text is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Part:
    """A step in the handout: HTML throughout, all of it sanitised or made here."""

    number: int
    title: str
    html: str
    ask: str
    choices: tuple[str, ...]
    space: bool  # lines to write on
    picture: str
    caption: str
    answer: str


def write_handout(workshop: Workshop, answers: bool = False) -> str:
    """The whole file. Raises `HandoutError` without a browser, `LessonError` when the lesson cannot be read."""
    lesson = load_lesson(workshop.folder)
    facts = Facts(Run(Recipe(lesson.program.text, lesson.program.name, lesson.machine)).finish())
    app = create_app({"WORKSHOP": workshop})
    try:
        with serving(app) as address, browser_page() as page:
            pictures = [draw(page, address, lesson, step) for step in lesson.steps]
        drawn = zip(lesson.steps, pictures, strict=True)
        parts = [part(n, step, facts, picture) for n, (step, picture) in enumerate(drawn, 1)]
        fonts = next((found[1] for picture in pictures if (found := FONTS.search(picture))), "")
        with app.app_context():
            return render_template(
                "handout.html", lesson=lesson, parts=parts, fonts=fonts, answers=answers, facts=facts
            )
    finally:
        registry_of(app).runner.stop()


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The application on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def browser_page() -> Iterator[Page]:
    """A page in a browser without a window."""
    try:
        from playwright.sync_api import Error, sync_playwright  # only now: nothing else needs it
    except ImportError:
        raise HandoutError(MISSING) from None
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *BROWSERS))), None)
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error:
            raise HandoutError(MISSING) from None
        yield browser.new_page(viewport={"width": 1440, "height": 900})
        browser.close()


def draw(page: Page, address: str, lesson: Lesson, step: Step) -> str:
    """The machine where the step begins, as SVG; nothing for a step that stands nowhere."""
    if step.at is None:
        return ""
    page.goto(f"{address}/teach/lessons/{lesson.id}/at/{step.id}?motion=instant&theme=light")
    page.wait_for_selector(f'[data-testid=lesson-step][data-step="{step.id}"]', state="attached", timeout=PATIENCE)
    page.wait_for_selector('html[data-settled="1"]', state="attached", timeout=PATIENCE)
    found: str = page.evaluate(PICTURE)
    return found


def part(number: int, step: Step, facts: Facts, picture: str) -> Part:
    """One step. Its picture shares the fonts of the file."""
    ask, choices = asked(step)
    stage = facts.stage(step.at) if step.at else None
    caption = f"{escape(step.checkpoint)}: {escape(step.at.text)}, stage {stage:,}" if step.at and stage else ""
    return Part(
        number, step.title, step.html, ask, choices, isinstance(step.task, Reflect) or bool(ask and not choices),
        FONTS.sub("", picture, count=1), caption, answer(step, facts),
    )  # fmt: skip


def asked(step: Step) -> tuple[str, tuple[str, ...]]:
    """What a step asks, and between what."""
    match step.task:
        case Question() as question:
            return question.ask.html, tuple(option.text.html for option in question.options)
        case Play() as play:
            return play.ask.html, tuple(f"<code>{name}</code>" for name in sorted(play.functions))
        case Quiz() as quiz:
            return quiz.ask.html, tuple(choice.text.html for choice in quiz.choices)
        case Do() as exercise:
            return "All of this has to hold:", tuple(goal.say.html for goal in exercise.goals)
        case Reflect() as reflect:
            return reflect.ask.html, ()
    return "", ()


def answer(step: Step, facts: Facts) -> str:
    """What is right, and what is said of it."""
    match step.task:
        case Question() as question:
            return f"{right(question, facts)}. {question.after.html}"
        case Play() as play:
            taken = ", ".join(right(turn.question, facts) for turn in turns(play, facts))
            return f"{taken}. {play.after.html}"
        case Quiz() as quiz:
            return " ".join(f"{choice.text.html} {choice.why.html}" for choice in quiz.choices if choice.right)
        case Do() as exercise:
            program = exercise.solution.program.text
            return f"{exercise.solution.say.html}<pre>{escape(program)}</pre>"
        case Reflect() as reflect:
            return reflect.sample.html
    return ""


def right(question: Question, facts: Facts) -> str:
    """The right answer in words."""
    probe: Any = 0 if question.options or question.kind == "number" else []
    found = grade_question(question, probe, facts).answer
    if question.options:
        text: str = question.options[found].text.html
        return text
    if isinstance(found, list):
        return escape(", ".join(map(str, found)) or "none")
    return f"{found} {escape(question.unit)}".strip()
