"""Translations: the same steps in other words; everything else is the original's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lesson.conftest import Draft
from webapp.lesson import LessonError, check, load_lesson, wire
from webapp.lesson.lesson import Do, Play, Question, Quiz
from webapp.lesson.skeleton import skeleton

CHINESE = """\
---
title: 文件的一页
summary: 第一次访问映射文件的一页时会发生什么。
---

## 缺少一页 {#missing}

```explain
checkpoint: 第一次缺页
watch: 内核现在要找这一页。它先在哪里找？
```

程序映射了文件的 {{pages}} 页。
MMU 找到的 [PTE]{.pt light="pte 0"} 是空的。

## 会读多少页？ {#how-many}

```predict
ask: 程序只访问了一页。内核为此读多少页？
unit: 页
wrong:
  - say: 那样每一页都要一次磁盘请求。
otherwise: 在文件末尾之前，预读允许多少就读多少。
after: 预读打开了 32 页的窗口，而文件更短。
hints:
  - 一次请求的代价远大于多读一页。
```

`filemap_fault` 必须去读。

## 你就是内核 {#kernel}

```play
ask: 内核接下来进入哪个函数？
says:
  filemap_fault: 页已经在缓存里了。
```

内核从头再来。

## 这些页属于谁？ {#whose}

```quiz
choices:
  - text: 它们留在页缓存里。
    why: 缓存的页属于文件。
  - text: 它们被释放。
```

文件已经读入并映射。

## 省去缺页 {#spare}

```do
goals:
  - say: 没有一次访问缺页。
  - say: 文件的所有页都在页缓存里。
hints:
  - mmap 有一些标志。
  - say: 循环仍然缺页。
```

修改程序，让循环不再缺页。

## 回顾 {#back}

```reflect
ask: 什么时候宁可让循环缺页？
```

想想一个比内存大得多的文件。
"""


@pytest.fixture
def both(tmp_path: Path) -> Draft:
    return Draft(tmp_path / "both", skeleton("both") | {"lesson.zh.md": CHINESE})


def test_a_translation_has_its_words_and_the_originals_answers(both: Draft) -> None:
    english, chinese = load_lesson(both.folder), load_lesson(both.folder, language="zh")

    assert english.languages == chinese.languages == ("en", "zh")
    assert (chinese.title, chinese.language) == ("文件的一页", "zh")
    assert [step.id for step in chinese.steps] == [step.id for step in english.steps]
    assert [step.at for step in chinese.steps] == [step.at for step in english.steps]
    ours, theirs = english.step("how-many").task, chinese.step("how-many").task
    assert isinstance(ours, Question)
    assert isinstance(theirs, Question)
    assert theirs.answer.text == ours.answer.text
    assert theirs.ask.plain == "程序只访问了一页。内核为此读多少页？"
    assert theirs.replies[0].value.text == "1"
    assert chinese.step("how-many").hints[0].say.plain == "一次请求的代价远大于多读一页。"
    assert chinese.steps[0].checkpoint == "第一次缺页"


def test_what_is_not_translated_stays_in_the_originals_words(both: Draft) -> None:
    lesson = load_lesson(both.folder, language="zh")
    play, quiz, do = (lesson.step(id).task for id in ("kernel", "whose", "spare"))

    assert isinstance(play, Play)
    assert isinstance(quiz, Quiz)
    assert isinstance(do, Do)
    assert play.says["filemap_fault"].plain == "页已经在缓存里了。"
    assert quiz.choices[1].why.plain.startswith("Only the mapping goes.")
    assert [choice.right for choice in quiz.choices] == [True, False]
    assert do.solution.say.plain.startswith("MAP_POPULATE reads")
    assert lesson.step("spare").hints[1].when is not None


def test_a_translation_is_checked_and_goes_over_the_wire(both: Draft) -> None:
    assert [str(problem) for problem in check([both.folder]).problems] == []
    assert wire(load_lesson(both.folder, language="zh"))["language"] == "zh"
    chinese = load_lesson(both.folder, "0", "zh")
    assert f"{chinese.values['pages']} 页" in chinese.steps[0].html


RULES = {
    "step left out": ("## 回顾 {#back}", "## 回顾 {#bakc}", "", "The step `back` is not translated."),
    "unknown step": ("## 回顾 {#back}", "## 回顾 {#bakc}", "{#bakc}", "lesson.md has no step `bakc`."),
    "another kind": (
        "```reflect\nask: 什么时候",
        "```quiz\nask: 什么时候",
        "```quiz\nask: 什么时候",
        "is reflect in lesson.md, not quiz",
    ),
    "an answer": ("unit: 页", "answer: 3", "answer: 3", "`answer` is no text to translate."),
    "a selector": ("unit: 页", "at: fault[2]", "at: fault[2]", "`at` is no text to translate."),
    "an answer in a list": ("  - say: 那样", "  - is: 2\n    say: 那样", "is: 2", "`is` is no text to translate."),
    "another length": ("  - say: 没有一次访问缺页。\n", "", "goals:", "lesson.md has 2 items here, not 1."),
    "another form": ("hints:\n  - 一次", "hints:\n  what: 一次", "hints:", "another form than in lesson.md"),
    "a stranger": ("unit: 页", "note: 页", "note: 页", "lesson.md has no `note` here."),
    "script": ("`filemap_fault` 必须去读。", "<script>x</script>", "<script>", "raw HTML"),
}


def line_of(draft: Draft, part: str) -> int:
    """The line in which a part of the translation begins."""
    text = (draft.folder / "lesson.zh.md").read_text()
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(("old", "new", "at", "what"), RULES.values(), ids=RULES)
def test_a_translation_that_departs_is_told(both: Draft, old: str, new: str, at: str, what: str) -> None:
    both.replace(old, new, "lesson.zh.md")

    with pytest.raises(LessonError) as caught:
        load_lesson(both.folder, language="zh")

    problem = next(each for each in caught.value.problems if what in each.what)
    assert problem.file == "both/lesson.zh.md"
    assert problem.line == (line_of(both, at) if at else 0)


def test_steps_in_another_order_are_told(both: Draft) -> None:
    text = (both.folder / "lesson.zh.md").read_text()
    head, first, second, *rest = text.split("## ")
    (both.folder / "lesson.zh.md").write_text("## ".join([head, second, first, *rest]))

    with pytest.raises(LessonError, match="another order"):
        load_lesson(both.folder, language="zh")
