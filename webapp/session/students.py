"""What students have done, by an anonymous key that their browser keeps; nothing tells who they are.

    students = Students(engine, limits)
    student = students.of(token)                  # token: the cookie's value
    students.record(student, Answer(...))
    code = students.make_code(student)            # another browser: students.redeem(code, token)
    students.forget(student)                      # really

Only hashes of tokens and codes are stored. A student gets a row with the first thing to remember, so who only looks
costs nothing. Rows are bounded: by the lessons' own steps for each student, by `Limits` in how many students there are.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from sqlalchemy import Boolean, Column, Float, Integer, String, Table, Text, delete, func, insert, select, update
from sqlalchemy.engine import Connection, Engine

from webapp.session.limits import Limits
from webapp.session.messages import Refused
from webapp.session.store import METADATA

HOUR = 3600.0
DAY = 24 * HOUR
ABANDONED = 400 * DAY  # without use for so long, a student makes room for another when there is none
CODE_LASTS = 2 * DAY
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
CODE_LENGTH = 10  # 49 bits
CODES_EACH = 3
BROWSERS_EACH = 12
NAME = 80  # characters of ids

STUDENTS = Table(
    "students",
    METADATA,
    Column("id", String(NAME), primary_key=True),
    Column("seed", String(NAME), nullable=False),
    Column("created", Float, nullable=False, index=True),
    Column("used", Float, nullable=False, index=True),
)
BROWSERS = Table(
    "student_browsers",
    METADATA,
    Column("hash", String(NAME), primary_key=True),
    Column("student", String(NAME), nullable=False, index=True),
    Column("created", Float, nullable=False),
)
CODES = Table(
    "student_codes",
    METADATA,
    Column("hash", String(NAME), primary_key=True),
    Column("student", String(NAME), nullable=False, index=True),
    Column("expires", Float, nullable=False),
)
ANSWERS = Table(
    "student_answers",
    METADATA,
    Column("student", String(NAME), primary_key=True),
    Column("lesson", String(NAME), primary_key=True),
    Column("step", String(NAME), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("answer", Text, nullable=False),  # JSON
    Column("sure", String(NAME), nullable=False),
    Column("right", Boolean, nullable=False),
    Column("credit", Float, nullable=False),
    Column("skipped", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("given", Float, nullable=False),
)
PLACES = Table(
    "student_places",
    METADATA,
    Column("student", String(NAME), primary_key=True),
    Column("lesson", String(NAME), primary_key=True),
    Column("step", String(NAME), nullable=False),
    Column("furthest", String(NAME), nullable=False),
    Column("reached", Integer, nullable=False),  # how many steps, the furthest included
    Column("finished", Boolean, nullable=False),
    Column("used", Float, nullable=False),
)
HINTS = Table(
    "student_hints",
    METADATA,
    Column("student", String(NAME), primary_key=True),
    Column("lesson", String(NAME), primary_key=True),
    Column("step", String(NAME), primary_key=True),
    Column("asked", Integer, nullable=False),
)
OWNED = (BROWSERS, CODES, ANSWERS, PLACES, HINTS)


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody. ``seed`` chooses the variants of their lessons."""

    id: str
    seed: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One committed answer. ``turn`` counts the decisions of a play; ``answer`` is JSON."""

    lesson: str
    step: str
    turn: int = 0
    answer: str = "null"
    sure: str = ""
    right: bool = False
    credit: float = 0.0
    skipped: bool = False
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a student stands in a lesson, and how far they came."""

    lesson: str
    step: str
    furthest: str
    reached: int
    finished: bool = False
    used: float = 0.0


def digest(secret: str) -> str:
    """What is stored in place of a token or a code."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()[:40]


class Students:
    """All students of one server."""

    def __init__(self, connect: Callable[[], Engine], limits: Limits) -> None:
        self._connect = connect
        self._limits = limits
        self._writing = threading.Lock()
        self._tries: list[float] = []

    @cached_property
    def _engine(self) -> Engine:
        return self._connect()

    # Who.

    def of(self, token: str) -> Student:
        """The student of this browser; one of whom nothing is remembered yet is made of the token alone."""
        hash = digest(token)
        query = select(STUDENTS.c.id, STUDENTS.c.seed).join(BROWSERS, BROWSERS.c.student == STUDENTS.c.id)
        with self._engine.connect() as connection:
            row = connection.execute(query.where(BROWSERS.c.hash == hash)).first()
        return Student(row.id, row.seed) if row else Student(hash, digest(hash)[:16])

    def _begin(self, connection: Connection, student: Student) -> None:
        """Give the student a row, if there is none yet."""
        now = time.time()
        touched = connection.execute(update(STUDENTS).where(STUDENTS.c.id == student.id).values(used=now))
        if touched.rowcount:
            return
        count = connection.execute(select(func.count()).select_from(STUDENTS)).scalar_one()
        if count >= self._limits.students:
            self._drop_abandoned(connection, now)
            count = connection.execute(select(func.count()).select_from(STUDENTS)).scalar_one()
        recent = connection.execute(select(func.count()).where(STUDENTS.c.created > now - HOUR)).scalar_one()
        if count >= self._limits.students or recent >= self._limits.students_per_hour:
            raise Refused("This server cannot remember more students just now, so your answer was not kept.")
        connection.execute(insert(STUDENTS).values(id=student.id, seed=student.seed, created=now, used=now))
        connection.execute(insert(BROWSERS).values(hash=student.id, student=student.id, created=now))

    def _drop_abandoned(self, connection: Connection, now: float) -> None:
        old = connection.execute(select(STUDENTS.c.id).where(STUDENTS.c.used < now - ABANDONED).limit(100)).scalars()
        for id in list(old):
            _erase(connection, id)

    # What they did.

    def answers(self, student: Student, lesson: str = "") -> list[Answer]:
        """Their answers, in all lessons or one."""
        query = select(ANSWERS).where(ANSWERS.c.student == student.id).order_by(ANSWERS.c.given)
        if lesson:
            query = query.where(ANSWERS.c.lesson == lesson)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [Answer(**{name: row[name] for name in Answer.__slots__}) for row in rows]

    def record(self, student: Student, answer: Answer, again: bool = False) -> bool:
        """Keep an answer. Without ``again`` only the first counts: False says that there was one already."""
        key = {"student": student.id, "lesson": answer.lesson, "step": answer.step, "turn": answer.turn}
        mine = [ANSWERS.c[name] == value for name, value in key.items()]
        values = {name: getattr(answer, name) for name in Answer.__slots__} | {"given": time.time()}
        with self._writing, self._engine.begin() as connection:
            before = connection.execute(select(ANSWERS.c.attempts).where(*mine)).scalar()
            if before is not None and not again:
                return False
            self._begin(connection, student)
            connection.execute(delete(ANSWERS).where(*mine))
            connection.execute(insert(ANSWERS).values(key | values | {"attempts": (before or 0) + answer.attempts}))
        return True

    def places(self, student: Student) -> dict[str, Place]:
        """How far they are, by lesson; the one used last comes last."""
        query = select(PLACES).where(PLACES.c.student == student.id).order_by(PLACES.c.used)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return {row["lesson"]: Place(**{name: row[name] for name in Place.__slots__}) for row in rows}

    def stand(self, student: Student, place: Place) -> None:
        """Remember where they are."""
        values = {name: getattr(place, name) for name in Place.__slots__} | {"used": time.time()}
        with self._writing, self._engine.begin() as connection:
            self._begin(connection, student)
            connection.execute(delete(PLACES).where(PLACES.c.student == student.id, PLACES.c.lesson == place.lesson))
            connection.execute(insert(PLACES).values(values | {"student": student.id}))

    def hints(self, student: Student, lesson: str) -> dict[str, int]:
        """How many rungs of each ladder they asked for, by step."""
        query = select(HINTS.c.step, HINTS.c.asked).where(HINTS.c.student == student.id, HINTS.c.lesson == lesson)
        with self._engine.connect() as connection:
            return {row.step: row.asked for row in connection.execute(query)}

    def ask(self, student: Student, lesson: str, step: str, asked: int) -> None:
        """Remember how many rungs are open."""
        mine = (HINTS.c.student == student.id, HINTS.c.lesson == lesson, HINTS.c.step == step)
        with self._writing, self._engine.begin() as connection:
            self._begin(connection, student)
            connection.execute(delete(HINTS).where(*mine))
            connection.execute(insert(HINTS).values(student=student.id, lesson=lesson, step=step, asked=asked))

    def restart(self, student: Student, lesson: str) -> None:
        """Forget one lesson."""
        with self._writing, self._engine.begin() as connection:
            for table in (ANSWERS, PLACES, HINTS):
                connection.execute(delete(table).where(table.c.student == student.id, table.c.lesson == lesson))

    # From one browser to another.

    def make_code(self, student: Student) -> str:
        """A short code for another browser: good once, for two days."""
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        now = time.time()
        with self._writing, self._engine.begin() as connection:
            self._begin(connection, student)
            connection.execute(delete(CODES).where(CODES.c.expires < now))
            mine = select(CODES.c.hash).where(CODES.c.student == student.id).order_by(CODES.c.expires.desc())
            for old in connection.execute(mine.offset(CODES_EACH - 1)).scalars().all():
                connection.execute(delete(CODES).where(CODES.c.hash == old))
            connection.execute(insert(CODES).values(hash=digest(code), student=student.id, expires=now + CODE_LASTS))
        return f"{code[:5]}-{code[5:]}"

    def redeem(self, code: str, token: str) -> Student:
        """The student of a code becomes that of the browser with this fresh token."""
        self._slow_down()
        wanted = digest("".join(letter for letter in code.upper() if letter.isalnum()))
        now = time.time()
        with self._writing, self._engine.begin() as connection:
            found = connection.execute(select(CODES).where(CODES.c.hash == wanted, CODES.c.expires > now)).first()
            if found is None:
                raise Refused("This code is not known: it was mistyped, used already, or is older than two days.")
            connection.execute(delete(CODES).where(CODES.c.hash == wanted))
            mine = (
                select(BROWSERS.c.hash).where(BROWSERS.c.student == found.student).order_by(BROWSERS.c.created.desc())
            )
            for old in connection.execute(mine.offset(BROWSERS_EACH - 1)).scalars().all():
                connection.execute(delete(BROWSERS).where(BROWSERS.c.hash == old))
            connection.execute(insert(BROWSERS).values(hash=digest(token), student=found.student, created=now))
        return self.of(token)

    def _slow_down(self) -> None:
        """All browsers together may try so many codes in a minute: guessing one takes for ever."""
        now = time.monotonic()
        with self._writing:
            self._tries = [when for when in self._tries if when > now - 60]
            if len(self._tries) >= self._limits.codes_per_minute:
                raise Refused("Too many codes were tried on this server in the last minute. Wait a minute.")
            self._tries.append(now)

    def forget(self, student: Student) -> None:
        """Erase everything about a student."""
        with self._writing, self._engine.begin() as connection:
            _erase(connection, student.id)

    def replace(self, student: Student, answers: list[Answer], places: list[Place], seed: str) -> None:
        """Everything about a student, as a file had it."""
        now = time.time()
        with self._writing, self._engine.begin() as connection:
            self._begin(connection, student)
            connection.execute(update(STUDENTS).where(STUDENTS.c.id == student.id).values(seed=seed))
            for table in (ANSWERS, PLACES, HINTS):
                connection.execute(delete(table).where(table.c.student == student.id))
            for n, answer in enumerate(answers):
                values = {name: getattr(answer, name) for name in Answer.__slots__}
                connection.execute(insert(ANSWERS).values(values | {"student": student.id, "given": now + n / 1e6}))
            for n, place in enumerate(places):
                values = {name: getattr(place, name) for name in Place.__slots__} | {"used": now + n / 1e6}
                connection.execute(insert(PLACES).values(values | {"student": student.id}))


def _erase(connection: Connection, student: str) -> None:
    for table in OWNED:
        connection.execute(delete(table).where(table.c.student == student))
    connection.execute(delete(STUDENTS).where(STUDENTS.c.id == student))
