"""A lesson from a stranger runs nothing, reads nothing else, takes no memory and no time, and is refused in words."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lesson.conftest import LESSON, PROGRAM, Draft
from webapp.lesson import LessonError, check, load_lesson, wire
from webapp.lesson.markdown import render_inline
from webapp.lesson.problem import Problem
from webapp.lesson.yamltext import read_block

# Where a stranger may write Markdown: the text of a step, and the short texts of a block.
SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example/)",
    "[x](http://evil.example/)",
    "![x](https://evil.example/pixel.png)",
    '[x]{.pc onmouseover="alert(1)"}',
    '[x]{.pc style="position:fixed"}',
    '[x]{.pc light="\\"><script>"}',
    "<iframe src=https://evil.example>",
    "<style>*{display:none}</style>",
    "<!-- x --><b>bold</b>",
]
HARMLESS = "p|em|strong|code|a|mark|span|br"
DANGER = re.compile(rf"<(?!/?(?:{HARMLESS})\b)|<[^>]*(?:\son\w+=|script:|src=|style=)", re.I)
QUIZ = """
## Third {#third}

```quiz
ask: TEXT
choices:
  - {text: One, why: Because, right: true}
  - {text: Two, why: Because}
```

Text.
"""


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_refused_in_the_text_and_in_blocks(draft: Draft, script: str) -> None:
    draft.replace("is empty.", f"is {script}")
    with pytest.raises(LessonError):
        load_lesson(draft.folder)

    quoted = "'" + script.replace("'", "''") + "'"
    draft.write(LESSON + QUIZ.replace("TEXT", quoted))
    with pytest.raises(LessonError):
        load_lesson(draft.folder)


@pytest.mark.parametrize("script", SCRIPTS)
def test_even_unchecked_they_come_out_harmless(script: str) -> None:
    html, _ = render_inline(script)

    assert not DANGER.search(html)
    assert not re.search(r"<[^>]*\son\w+=", html)


@given(st.text(alphabet="<>[](){}\"'=:/.abcjsonx &;#!`*_\n", max_size=80))
def test_no_text_becomes_anything_but_plain_marks(text: str) -> None:
    html, _ = render_inline(text)

    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)", html))
    assert tags <= {"p", "em", "strong", "code", "a", "mark", "span", "br"}
    assert not re.search(r"<[^>]*\s(?:on\w+|style|src)\s*=", html)


OUTSIDE = [
    "../secret.c",
    "/etc/passwd",
    "sub/../../secret.c",
    "mistakes/../../secret.c",
    "small.c\x00.txt",
    "~/x.c",
    "..\\x.c",
]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("key", ["program", "solution", "mistake", "recording"])
def test_no_file_outside_the_folder_is_read(draft: Draft, tmp_path: Path, key: str, name: str) -> None:
    (tmp_path / "secret.c").write_text("int secret;\n")
    shown = '"' + name.replace("\\", "\\\\").replace("\x00", "\\0") + '"'
    if key in ("program", "recording"):
        draft.replace(
            "program: small.c", f"program: {shown}" if key == "program" else f"program: small.c\nrecording: {shown}"
        )
    else:
        extra = f"mistakes:\n  - {{when: 'true', say: No., program: {shown}}}\n" if key == "mistake" else ""
        solution = f"{{program: {shown}}}" if key == "solution" else "{say: None.}"
        block = f"```do\ngoals:\n  - {{goal: 'true', say: Yes.}}\nsolution: {solution}\n{extra}```"
        draft.write(LESSON + f"\n## Third {{#third}}\n\n{block}\n\nText.\n")

    with pytest.raises(LessonError) as caught:
        load_lesson(draft.folder)

    assert "secret" not in str(caught.value).replace("secret.c", "")
    assert "root:" not in str(caught.value)


def test_links_out_of_the_folder_are_not_followed(draft: Draft, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x.c").write_text("int secret;\n")
    os.symlink(tmp_path / "elsewhere", draft.folder / "mistakes")
    goals = "goals:\n  - {goal: 'true', say: Yes.}\nsolution: {say: None.}\n"
    block = f"```do\n{goals}mistakes:\n  - {{when: 'true', say: No., program: mistakes/x.c}}\n```"
    draft.write(LESSON + f"\n## Third {{#third}}\n\n{block}\n\nText.\n")

    with pytest.raises(LessonError, match="leads out of the lesson's folder"):
        load_lesson(draft.folder)


BOMB = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n"
YAML = {
    "alias bomb": BOMB,
    "merge": "a: &a {x: 1}\nb:\n  <<: *a\n",
    "python object": "a: !!python/object/apply:os.system ['true']\n",
    "own tag": "a: !x 1\n",
    "deep flow": "a: " + "[" * 5_000 + "]" * 5_000 + "\n",
    "deep block": "".join("  " * n + "a:\n" for n in range(200)),
    "endless number": "a: " + "9" * 10_000 + "\n",
    "no date": "a: 2001-99-99\n",
    "unhashable": "? [a, b]\n: c\n",
    "control": "a: \x01\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "directive": "%YAML 9.9\n---\na: 1\n",
}


@pytest.mark.parametrize("text", YAML.values(), ids=YAML)
def test_hostile_yaml_is_refused_with_a_line(text: str) -> None:
    problems: list[Problem] = []

    assert read_block(text, "x.md", 1, problems) is None
    assert problems
    assert problems[0].line >= 1


@given(st.text(alphabet="abc:-[]{}&*!|>%@`'\"#,? \n0123456789.", max_size=100))
def test_any_text_is_a_block_or_a_problem(text: str) -> None:
    problems: list[Problem] = []

    block = read_block(text, "x.md", 1, problems)

    assert (block is None) <= bool(problems)


def test_huge_files_are_not_read_whole(draft: Draft) -> None:
    with (draft.folder / "small.c").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(LessonError, match=r"small.c: The file has more than 200,000 bytes"):
        load_lesson(draft.folder)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_a_lesson_with_any_part_overwritten_loads_or_is_refused(draft: Draft, data: st.DataObject) -> None:
    text = LESSON + QUIZ.replace("TEXT", "Why?")
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, min(len(text), start + 60)))
    junk = data.draw(st.text(alphabet="{}[]()#`:-\n \"'<>&*!{{x}}abc0", max_size=30))
    draft.write(text[:start] + junk + text[stop:])
    with contextlib.suppress(LessonError):
        wire(load_lesson(draft.folder))


def test_a_program_that_does_what_it_likes_is_stopped(draft: Draft) -> None:
    draft.put("small.c", PROGRAM.replace("return p", "for (;;) p[0]; return p"))

    told = " ".join(str(problem) for problem in check([draft.folder]).problems)

    assert "does not come to its end" in told
