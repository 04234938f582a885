"""lessons/README.md, the author's guide: its tables come from the language, its examples are run, its lesson holds."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from tests.lesson.conftest import ROOT
from webapp.lesson import Facts, check, evaluate, load_lesson, new_lesson, parse_expression
from webapp.lesson.bits import BITS
from webapp.lesson.check_text import MAX_SENTENCE_WORDS, MAX_STEP_WORDS
from webapp.lesson.expression import vocabulary
from webapp.lesson.expression.parser import LEVELS
from webapp.lesson.expression.vocabulary import Word
from webapp.lesson.goals import FIGURES
from webapp.lesson.objects import ALONE, DEFAULT_OBJECT, FORMS
from webapp.lesson.schema import BLOCKS, TEXT_KEYS, Choice, FrontMatter, QuizChoice
from webapp.lesson.skeleton import skeleton
from webapp.session.run import Recipe, Run

GUIDE = ROOT / "lessons/README.md"
STATE = ("cached", "mapped", "flagged", "on_list")


def takes(name: str, word: Word) -> str:
    names = {"selector": "SELECTOR", "expression": "EXPRESSION"}
    shown = [
        names.get(kind, "'FILE'" if n == 0 else "...") if isinstance(kind, str) else "..."
        for n, kind in enumerate(word.takes)
    ]
    return f"{name}({', '.join(shown)})" if word.takes else name


def row(form: str, word: Word) -> str:
    return f"| `{form}` | {word.meaning} | `{word.example}` |"


def tables() -> Mapping[str, list[str]]:
    functions = vocabulary.FUNCTIONS.items()
    fields: list[str] = []
    for collection, words in vocabulary.COLLECTIONS.items():
        fields += [f"| `{collection}[1].` | what it holds |", "|---|---|"]
        fields += [f"| `{name}` | {word.meaning} |" for name, word in words.items()]
        fields.append("")
    state = [row(takes(name, word), word) for name, word in functions if name in STATE]
    for kind, words in vocabulary.OBJECTS.items():
        args = "'FILE', PAGE" if len(vocabulary.OBJECT_TAKES[kind]) == 2 else "'FILE'"
        meaning = vocabulary.OBJECT_MEANING[kind]
        state += [
            row(f"{kind}({args}).{name}", Word(word.type, f"{meaning}: {word.meaning}", word.example))
            for name, word in words.items()
        ]
    for name, meaning in vocabulary.ROWS.items():
        state.append(f"| `{name}.FIELD` | {meaning} | `{vocabulary.ROW_EXAMPLE[name]}` |")
    return {
        "events": [f"| `{name}` | {meaning} |" for name, meaning in vocabulary.COLLECTION_MEANING.items()],
        "aggregates": [
            row(f"{name}({'EVENT' if name == 'count' else 'EVENT.FIELD'} where ...)", word)
            for name, word in vocabulary.AGGREGATES.items()
        ],
        "fields": fields[:-1],
        "words": [row(name, word) for name, word in vocabulary.NAMES.items()]
        + [row(takes(name, word), word) for name, word in functions if name not in STATE],
        "state": state,
    }


def rewritten(text: str) -> str:
    """The guide with its tables and its lesson made anew."""
    for name, lines in tables().items():
        marks = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
        before, rest = text.split(marks[0])
        text = before + marks[0] + "\n".join(lines) + marks[1] + rest.split(marks[1])[1]
    before, rest = text.split("````markdown\n")
    return before + "````markdown\n" + skeleton("page-one")["lesson.md"] + "````" + rest.split("````", 1)[1]


def test_the_guide_has_the_tables_of_the_language(update_golden: bool) -> None:
    text = rewritten(GUIDE.read_text())
    if update_golden:
        GUIDE.write_text(text)

    assert GUIDE.read_text() == text


def examples() -> Iterator[str]:
    for words in (vocabulary.AGGREGATES, vocabulary.NAMES, vocabulary.FUNCTIONS, *vocabulary.OBJECTS.values()):
        yield from (word.example for word in words.values())
    yield from vocabulary.ROW_EXAMPLE.values()


@pytest.fixture(scope="module")
def facts() -> Facts:
    lesson = load_lesson(ROOT / "lessons/first-touch")
    return Facts(Run(Recipe(lesson.program.text, lesson.program.name)).finish())


@pytest.mark.parametrize("example", list(examples()))
def test_every_example_of_the_guide_holds_for_the_first_lesson(example: str, facts: Facts) -> None:
    value = evaluate(parse_expression(example), facts)

    assert value is not False
    assert example in GUIDE.read_text()


def test_every_word_has_an_example_and_a_meaning() -> None:
    assert [example for example in examples() if not example] == []


def test_expressions_in_the_prose_of_the_guide_can_be_read() -> None:
    prose = re.sub(r"````.*?````|```.*?```|<!-- \w+ -->.*?<!-- /\w+ -->", "", GUIDE.read_text(), flags=re.S)
    words = re.findall(r"`((?:count|cached|page|at)\(['a-z][^`]*)`", prose)

    assert len(words) >= 8
    for text in words:
        if "..." not in text:
            parse_expression(text)


def test_the_guide_names_every_key_object_and_limit() -> None:
    guide = GUIDE.read_text()
    keys = [*FrontMatter.__struct_fields__, *ALONE, *DEFAULT_OBJECT, *FORMS, *BITS, *FIGURES, *TEXT_KEYS]
    blocks: list[type[msgspec.Struct]] = [*BLOCKS.values(), Choice, QuizChoice]
    for block in blocks:
        keys += [field.encode_name for field in msgspec.structs.fields(block)]
    operators = {sign for level in LEVELS for sign in level}

    assert [key for key in keys if f"`{key}" not in guide] == []
    assert [sign for sign in operators if f"`{sign}`" not in guide] == []
    assert f"{MAX_STEP_WORDS} words" in guide
    assert f"{MAX_SENTENCE_WORDS} words" in guide


def test_the_lesson_in_the_guide_passes_the_check(tmp_path: Path) -> None:
    folder = new_lesson(tmp_path, "page-one")

    assert (folder / "lesson.md").read_text() == GUIDE.read_text().split("````markdown\n")[1].split("````")[0]
    assert check([folder]).problems == []
