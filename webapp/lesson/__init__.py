"""Lessons: text that is bound to what happens in a run, and checked against it.

A lesson never names a stage by number and holds no code to execute. This layer reads lesson folders,
answers selectors over stages, and checks one against the other; it draws nothing.
"""

from webapp.lesson.check import check_lesson
from webapp.lesson.finder import Finder, find
from webapp.lesson.load import Lesson, Step, load_lesson, load_lessons
from webapp.lesson.problem import LessonError, Problem, SelectorError
from webapp.lesson.selector import Selector, parse

__all__ = [
    "Finder",
    "Lesson",
    "LessonError",
    "Problem",
    "Selector",
    "SelectorError",
    "Step",
    "check_lesson",
    "find",
    "load_lesson",
    "load_lessons",
    "parse",
]
