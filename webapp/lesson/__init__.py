"""Lessons: text that is bound to what happens in a run, and checked against it.

A lesson never names a stage by number and holds no code to execute. This layer reads lesson folders, answers
questions about runs, grades students' answers and checks lessons; it draws nothing.

load        lesson folders into `Lesson`s, in a variant and a language (course, steps, tasks, variant, translate)
selector    names of stages; finder looks for them
expression  questions about a run; facts and recorded answer them, for the model and for the real kernel
grade       right or wrong, how much of it, how far the run may be shown
goals       exercises: goals, figures, rules, hints, dead ends
wire        a lesson as the page gets it, without any answer
check       everything that can be wrong with lessons
skeleton    a new lesson
workshop    a lesson on its author's desk: tried as it is typed, written when it is saved
"""

from webapp.lesson.check import Report, check, summary
from webapp.lesson.course import Course, Unit, load_course
from webapp.lesson.expression import Expression, ExpressionError, evaluate, parse_expression
from webapp.lesson.facts import Facts
from webapp.lesson.finder import Finder, find
from webapp.lesson.goals import Assessment, assess, check_means, open_hints, solution
from webapp.lesson.grade import AnswerError, Verdict, gate, grade_question, grade_quiz, limit, turns
from webapp.lesson.lesson import Lesson, Step
from webapp.lesson.load import load_lesson, load_lessons
from webapp.lesson.problem import LessonError, Problem, SelectorError
from webapp.lesson.selector import Selector, parse
from webapp.lesson.skeleton import new_lesson
from webapp.lesson.wire import wire
from webapp.lesson.workshop import Workshop

__all__ = [
    "AnswerError",
    "Assessment",
    "Course",
    "Expression",
    "ExpressionError",
    "Facts",
    "Finder",
    "Lesson",
    "LessonError",
    "Problem",
    "Report",
    "Selector",
    "SelectorError",
    "Step",
    "Unit",
    "Verdict",
    "Workshop",
    "assess",
    "check",
    "check_means",
    "evaluate",
    "find",
    "gate",
    "grade_question",
    "grade_quiz",
    "limit",
    "load_course",
    "load_lesson",
    "load_lessons",
    "new_lesson",
    "open_hints",
    "parse",
    "parse_expression",
    "solution",
    "summary",
    "turns",
    "wire",
]
