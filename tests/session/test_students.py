"""What students did is kept by an anonymous key, moves by a code, and goes away when they say so."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from webapp.session.limits import Limits
from webapp.session.messages import Refused
from webapp.session.store import METADATA, connect
from webapp.session.students import BROWSERS_EACH, CODES_EACH, Answer, Place, Students, digest

ANSWER = Answer("page-one", "how-many", answer="8", sure="certain", right=True, credit=1.0)


@pytest.fixture
def make(tmp_path):
    """Servers, one after another, on one database."""
    engines = []

    def make(**limits) -> Students:
        engines.append(connect(f"sqlite:///{tmp_path}/deep/students.sqlite3"))
        return Students(lambda: engines[-1], Limits(**limits))

    yield make
    for engine in engines:
        engine.dispose()


def rows(students: Students) -> dict[str, int]:
    """How many rows each table holds."""
    with students._engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }


def test_an_answer_is_there_after_a_restart(make):
    student = make().of("a" * 32)
    make().record(student, ANSWER)

    later = make()

    assert later.answers(later.of("a" * 32)) == [ANSWER]


def test_who_only_looks_leaves_nothing(make):
    students = make()
    students.of("a" * 32)

    assert sum(rows(students).values()) == 0


def test_the_first_answer_counts_unless_it_may_be_given_again(make):
    students = make()
    student = students.of("a" * 32)

    assert students.record(student, ANSWER)
    assert not students.record(student, Answer("page-one", "how-many", answer="9"))
    assert students.answers(student)[0].answer == "8"
    assert students.record(student, Answer("page-one", "how-many", answer="9"), again=True)
    assert (students.answers(student)[0].answer, students.answers(student)[0].attempts) == ("9", 2)


def test_students_do_not_see_each_other(make):
    students = make()
    students.record(students.of("a" * 32), ANSWER)

    assert students.answers(students.of("b" * 32)) == []


def test_no_token_and_no_code_is_stored(make, tmp_path):
    students = make()
    student = students.of("a" * 32)
    students.record(student, ANSWER)
    code = students.make_code(student)
    students._engine.dispose()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "deep").iterdir())

    assert digest("a" * 32).encode() in stored
    assert b"a" * 32 not in stored
    assert code.replace("-", "").encode() not in stored


def test_a_code_brings_a_student_to_another_browser_once(make):
    students = make()
    student = students.of("a" * 32)
    students.record(student, ANSWER)
    code = students.make_code(student)

    assert students.redeem(code.lower(), "b" * 32) == student
    assert students.answers(students.of("b" * 32)) == [ANSWER]
    with pytest.raises(Refused, match="not known"):
        students.redeem(code, "c" * 32)


def test_a_code_expires(make, monkeypatch):
    students = make()
    code = students.make_code(students.of("a" * 32))
    now = __import__("time").time()
    monkeypatch.setattr("webapp.session.students.time.time", lambda: now + 3 * 24 * 3600)

    with pytest.raises(Refused, match="older than two days"):
        students.redeem(code, "b" * 32)


def test_guessing_is_slowed_down(make):
    students = make(codes_per_minute=3)
    for guess in ("22222-22222", "x", ""):
        with pytest.raises(Refused, match="not known"):
            students.redeem(guess, "b" * 32)

    with pytest.raises(Refused, match="Too many codes"):
        students.redeem(students.make_code(students.of("a" * 32)), "b" * 32)


def test_codes_and_browsers_of_a_student_are_bounded(make):
    students = make()
    student = students.of("a" * 32)
    for n in range(BROWSERS_EACH + 4):
        students.redeem(students.make_code(student), f"{n:032}")
    for _ in range(CODES_EACH + 4):
        students.make_code(student)

    assert rows(students)["student_browsers"] == BROWSERS_EACH
    assert rows(students)["student_codes"] == CODES_EACH


def test_forgetting_leaves_nothing(make):
    students = make()
    student = students.of("a" * 32)
    students.record(student, ANSWER)
    students.stand(student, Place("page-one", "whose", "whose", 4))
    students.ask(student, "page-one", "spare", 1)
    students.make_code(student)

    students.forget(student)

    assert sum(rows(students).values()) == 0


def test_only_so_many_students_are_remembered(make):
    students = make(students=1)
    students.record(students.of("a" * 32), ANSWER)

    with pytest.raises(Refused, match="cannot remember more"):
        students.record(students.of("b" * 32), ANSWER)
    assert students.record(students.of("a" * 32), Answer("page-one", "whose"))
