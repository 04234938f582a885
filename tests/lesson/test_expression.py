"""The expression language: what it computes, what it refuses and where, and that nothing makes it fail otherwise."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lesson.conftest import ROOT
from webapp.lesson import Facts, load_lesson
from webapp.lesson.expression import Absent, ExpressionError, NotRecorded, evaluate, parse_expression
from webapp.lesson.expression import vocabulary as words
from webapp.lesson.expression.parser import MAX_DEPTH, MAX_TOKENS
from webapp.lesson.expression.tokens import MAX_LENGTH
from webapp.lesson.recorded import Recording, left_out, load_recording
from webapp.session.run import Recipe, Run


@cache
def facts() -> Facts:
    """The first lesson's whole run."""
    lesson = load_lesson(ROOT / "lessons/first-touch")
    return Facts(Run(Recipe(lesson.program.text, lesson.program.name)).finish())


@cache
def recording() -> Recording:
    """The same program on the real kernel."""
    return Recording(load_recording(ROOT / "lessons/recordings/seq_read.json"), left_out(facts()))


VALUES = {
    "1 + 2 * 3": 7,
    "(1 + 2) * 3": 9,
    "7 // 2 - 7 % 2": 2,
    "-3 + 1": -2,
    "0x10 & 0x18 | 1": 17,
    "1 << 4 >> 2": 4,
    "2.5 * 2": 5,
    "{0-3} | {8} - {1}": frozenset({0, 2, 3, 8}),
    "{0-7} & {6-9}": frozenset({6, 7}),
    "{ 0 - 2 , 4 }": frozenset({0, 1, 2, 4}),
    "{0-3} >= 4": True,
    "{0-3} <= {0-7}": True,
    "{0-3} == {}": False,
    "count({0-3}) + {5}": 5,
    "3 in {0-3} and not 4 in {0-3}": True,
    "'ab' in 'cabd'": True,
    "true or 1 // 0 == 0": True,
    "false and 1 // 0 == 0": False,
    "count(fault)": 7,
    "count(fault.major)": 3,
    "count(fault where not major and page > 16)": 3,
    "count(call[mmap])": 1,
    "count(call where failed)": 0,
    "count(run.submit_bio)": 2,
    "count(fault[1].filemap_map_pages)": 2,
    "count(fault[1].step(walk))": 4,
    "count(run.shrink_node)": 0,
    "sum(fault.mapped)": 64,
    "max(fault.attempts where page < 16)": 2,
    "min(io.pages where write)": 0,
    "union(fault.cached) == {0-63}": True,
    "fault[4].page": 24,
    "call[mmap].ret": 0xB6FBD000,
    "at(fault[1].submit_bio, count(fault))": 7,
    "at(fault[1].submit_bio, cached('data.bin') - flagged('data.bin', 'uptodate')) == {0-31}": True,
    "at(fault[1].mpage_end_io.return, page('data.bin', 0).uptodate)": True,
    "at(fault[2].return, pte('data.bin', 16).linux & 0xfff)": 0x79F,
    "at(call[mmap].return, vma('data.bin').pages)": 64,
    "page('data.bin', 9999).flags": 0,
    "stage(fault[1]) < stage(fault[2])": True,
    "happens(fault[8])": False,
    "arg(fault[1].step(ra-window), 'size')": 32,
    "arg(fault[1].do_page_cache_ra, 'ractl.index')": 0,
    "ret(call[open].sys_open)": 3,
    "lines": 18,
}


@pytest.mark.parametrize(("text", "value"), VALUES.items())
def test_an_expression_has_its_value(text: str, value: object) -> None:
    found = evaluate(parse_expression(text), facts())

    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


# What cannot be read: where it is found, what is said, what to write instead.
WRONG = {
    "": (0, "Something is missing at the end.", "Write a number"),
    "1 +": (3, "Something is missing at the end.", "Write a number"),
    "count(fault": (11, "Here `)` should stand, not the end.", "count(fault where major)"),
    "cuont(fault)": (0, "There is no `cuont` here.", "Did you mean `count`?"),
    "mapped": (0, "There is no `mapped` here.", "Write mapped(...)."),
    "count(fault) = 7": (13, "'= 7' cannot be read.", "Compare with ==."),
    "1 < 2 < 3": (6, "'<' is unexpected here.", "do not chain"),
    "count(fault) count(io)": (13, "'count' is unexpected here.", "Join two questions"),
    "fault[1]": (0, "`fault[1]` alone is no value.", "Write fault[1].FIELD with one of n, page"),
    "fault": (0, "`fault` has no value of its own.", "Write count(fault)"),
    "fault[0].major": (0, "`fault[0].major` is not counted from 1.", "Write fault[1]"),
    "fault[1].filemap_fault": (0, "has no value of its own", "Ask happens(...)"),
    "count(fault.majr)": (6, "A fault has no field `majr`.", "Did you mean `major`?"),
    "count(fault.page)": (6, "count() wants true or false; `page` is a number.", "For instance"),
    "sum(fault.major)": (4, "sum() wants a number; `major` is true or false.", "For instance"),
    "sum(fault)": (4, "sum() needs a field of each fault.", "sum(fault.FIELD) with one of n, page"),
    "sum(cached('data.bin'))": (4, "sum() goes over fault, io, window or call.", "For instance"),
    "count(fault where page)": (18, "`where` wants true or false; this is a number.", "Compare it"),
    "count(exit)": (6, "`exit` happens once.", "Ask happens(...) of it."),
    "happens(mmap)": (8, "'mmap' does not begin with a place in the run.", "Begin with start"),
    "at(fault[1])": (11, "Here `,` should stand, not ')'.", "For instance"),
    "cached(data.bin)": (7, "There is no `data` here.", "Did you mean"),
    "cached('a', 'b')": (6, "cached() takes 1 argument.", "Close the parenthesis"),
    "pages(1)": (7, "Here `,` should stand", "pages() takes 2 arguments: a number, a number."),
    "not 3": (4, "`not` wants true or false; this is a number.", "Compare it"),
    "1 == 'a'": (2, "`==` compares a number with a text.", "Compare like with like"),
    "'a' < 'b'": (4, "`<` does not order a text.", "Compare with == or !=."),
    "true + 1": (0, "`+` wants a number; this is true or false.", ""),
    "vmstat": (6, "Here `.` should stand, not the end.", "vmstat.FIELD"),
    "page('data.bin', 1).dity": (0, "`page` has no field `dity`.", "Did you mean `dirty`?"),
    "{0-3": (0, "'{0-3' cannot be read.", "Write a set of pages as {0-15, 24}."),
    "{3-0}": (0, "The range 3-0 is empty or too long.", "Up to"),
    "{0-99999999}": (0, "is empty or too long", "Up to 65,536 pages."),
    "{1,x}": (0, "cannot be read", "Write a set"),
    "'open": (0, "''open' cannot be read.", "Close the text"),
    "1 / 2": (2, "'/ 2' cannot be read.", "Divide with //"),
    "1 ! 2": (2, "'! 2' cannot be read.", "Write `not`"),
    "__import__('os')": (0, "There is no `__import__` here.", ""),
    "(1).__class__": (3, "'.' is unexpected here.", ""),
    "99999999999999999999": (0, "cannot be read", "up to 15 digits"),
    "(" * (MAX_DEPTH + 2) + "1": (MAX_DEPTH, f"This nests more than {MAX_DEPTH} deep.", "Make two"),
    "not " * (MAX_DEPTH + 2) + "true": (4 * MAX_DEPTH, f"This nests more than {MAX_DEPTH} deep.", "Make two"),
    "1+" * MAX_TOKENS + "1": (MAX_TOKENS, f"more than {MAX_TOKENS} parts", "Make two"),
    "1" + " " * MAX_LENGTH: (0, f"has {MAX_LENGTH + 1} characters", f"Stay within {MAX_LENGTH}."),
}


@pytest.mark.parametrize("text", WRONG, ids=[text[:30] or "nothing" for text in WRONG])
def test_what_cannot_be_read_is_told_with_its_place_and_a_remedy(text: str) -> None:
    at, what, remedy = WRONG[text]

    with pytest.raises(ExpressionError) as caught:
        parse_expression(text)

    assert what in caught.value.what
    assert remedy in caught.value.remedy
    assert caught.value.at == at


NO_VALUE = {
    "fault[8].major": (Absent, "The run has 7 such events; there is no fault[8]."),
    "call[mmap][2].ret": (Absent, "The run has 1 such event; there is no call[mmap][2]."),
    "stage(fault[8])": (Absent, "fault[8] names no stage of this run."),
    "at(fault[8], 1 == 1)": (Absent, "fault[8] names no stage of this run."),
    "cached('other')": (ExpressionError, "The program has no file 'other'."),
    "flagged('data.bin', 'clean')": (ExpressionError, "There is no page flag 'clean'."),
    "on_list('data.bin', 'hot')": (ExpressionError, "There is no LRU list 'hot'."),
    "vmstat.pgmajfalt == 0": (ExpressionError, "`vmstat` has no field `pgmajfalt`."),
    "machine.read_ahead_kb == 'x'": (ExpressionError, "`==` compares a number with a text."),
    "not machine.read_ahead_kb": (ExpressionError, "Here true or false is wanted; this is a number."),
    "1 // (count(fault) - 7)": (ExpressionError, "This divides by zero."),
    "1 << 64": (ExpressionError, "Shifting by 64 is out of range."),
    "1 << 63": (ExpressionError, "The number is too large."),
    "999999999999999 * 999999999999999": (ExpressionError, "The number is too large."),
    "2.5 & 1": (ExpressionError, "`&` works on the bits of whole numbers."),
    "pages(5, 99999999)": (ExpressionError, "is no range of pages"),
    "arg(fault[1], 'nothing') == 0": (ExpressionError, "carries no 'nothing'"),
    "ret(fault[1].step(tlb)) == 0": (ExpressionError, "nothing can follow .step"),
}  # fmt: skip


@pytest.mark.parametrize("text", NO_VALUE)
def test_what_has_no_value_says_why(text: str) -> None:
    kind, what = NO_VALUE[text]

    with pytest.raises(kind) as caught:
        evaluate(parse_expression(text), facts())

    assert what in caught.value.what


def test_an_expression_may_be_asked_to_yield_a_type() -> None:
    assert evaluate(parse_expression("{0-3}", want=words.NUMBER), facts()) == 4
    with pytest.raises(ExpressionError, match="This is a number, not true or false"):
        parse_expression("3", want=words.TRUTH)


def test_names_of_a_variant_are_values() -> None:
    found = evaluate(parse_expression("pages * 2 in chosen", {"pages": 3, "chosen": frozenset({6})}), facts())

    assert found is True


# Recordings.

ON_RECORDINGS = [
    "count(fault) == 7",
    "count(fault.major) == 3",
    "fault[1].mapped == {0-15}",
    "fault[4].cached == {32-63}",
    "fault[2].around == {3-18}",
    "count(io) == 2",
    "window[1].size == 32 and window[1].async == 8",
    "status == 0",
    "stdout == '7584'",
    "call[mmap].ret == 0xb6fbd000",
    "count(call[mmap]) == 1",
    "at(exit, cached('data.bin')) == {0-63}",
    "bytes('data.bin') == 262144",
    "fault[1].bits == 0x79f",
]


@pytest.mark.parametrize("text", ON_RECORDINGS)
def test_the_model_and_the_real_kernel_answer_alike(text: str) -> None:
    expression = parse_expression(text)

    assert evaluate(expression, facts()) is True
    assert evaluate(expression, recording()) is True


NOT_RECORDED = [
    "stages > 0", "lines > 0", "vmstat.pgfault > 0", "pte('data.bin', 0).present", "mapped('data.bin') == 0",
    "happens(fault[1].filemap_fault)", "count(run.submit_bio) == 2", "count(call) == 5", "call[open].ret == 3",
    "at(fault[1], cached('data.bin')) == 0", "next(fault[1]) == 'x'", "ret(fault[1].find_vma) == 'x'",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_RECORDED)
def test_what_recordings_do_not_hold_is_refused(text: str) -> None:
    with pytest.raises(NotRecorded):
        evaluate(parse_expression(text), recording())


def test_recordings_of_reclaim_answer_for_no_single_fault() -> None:
    reclaim = Recording(load_recording(ROOT / "lessons/recordings/memcg_scan.json"))

    with pytest.raises(NotRecorded):
        evaluate(parse_expression("count(fault) == 7"), reclaim)


# Nothing else can happen.

LEXEMES = [
    *words.NAMES, *words.FUNCTIONS, *words.AGGREGATES, *words.OBJECTS, *words.ROWS, "fault", "io", "call", "window",
    "fault[1]", "fault[1].major", "fault[9].page", "call[mmap]", "call[mmap][2].ret", "run.submit_bio", "start", "exit",
    "fault[1].step(ra-window)", "where", "and", "or", "not", "in", "true", "false", "major", "page", "0", "7", "0xfff",
    "2.5", "999999999999999", "'data.bin'", "'uptodate'", "''", "{0-3}", "{}", "(", ")", ",", ".", "+", "-", "*", "//",
    "%", "&", "|", "<<", ">>", "==", "!=", "<", "<=", ">", ">=", "{", "[", "=", "\\", "\0", "ü",
]  # fmt: skip


def whatever_happens(text: str) -> None:
    """Evaluate it; only its own error may come."""
    found: ExpressionError | None = None
    try:
        expression = parse_expression(text)
        for world in (facts(), recording()):
            evaluate(expression, world)
    except ExpressionError as error:
        found = error
    assert found is None or (found.what and 0 <= found.at <= len(text))


@given(st.text(max_size=120))
def test_any_text_is_an_expression_or_a_clear_error(text: str) -> None:
    whatever_happens(text)


@given(st.lists(st.sampled_from(LEXEMES), max_size=30))
def test_any_row_of_words_is_an_expression_or_a_clear_error(lexemes: list[str]) -> None:
    whatever_happens(" ".join(lexemes))


ATOMS = st.sampled_from(
    ["1", "count(fault)", "cached('data.bin')", "{0-3}", "fault[1].page", "disk.reads", "lines", "true", "stdout"]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(
            inner, st.sampled_from(["+", "*", "//", "%", "<<", "&", "|", "-", "==", "<", "in", "and"]), inner
        ).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        inner.map(lambda text: f"at(fault[1].submit_bio, {text})"),
        inner.map(lambda text: f"count(fault where {text} == {text})"),
        inner.map(lambda text: f"not {text}"),
        inner.map(lambda text: f"-{text}"),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_any_nesting_is_evaluated_or_refused(text: str) -> None:
    whatever_happens(text)


def test_work_is_bounded() -> None:
    text = "true"
    for _ in range(9):
        text = f"count(fault where {text}) >= 0"
    expression = parse_expression(text)

    with pytest.raises(ExpressionError, match="too much work"):
        evaluate(expression, facts())
