"""A run is let through up to the first open question, stage by stage, even where later stages tell what one was."""

from __future__ import annotations

import pytest

from webapp.lesson import Facts, load_lesson
from webapp.lesson.warden import Standing, Warden, gates
from webapp.session.run import Recipe, Run

PROGRAM = """\
// files: data.bin=4
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, 4 * 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	return p[0] == 0;
}
"""
LESSON = """\
---
id: small
title: A small lesson
summary: One sentence.
minutes: 5
program: small.c
---

## What now? {#what}

```predict
at: GATE
checkpoint: a load
ask: How many faults will there be?
kind: number
answer: count(fault)
otherwise: Count again.
after: One page, one fault.
```

The program reads a byte.

## The end {#end}

```explain
at: exit
checkpoint: the end
```

That was all.
"""


@pytest.fixture
def lesson(tmp_path, request):
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "lesson.md").write_text(LESSON.replace("GATE", request.param))
    (folder / "small.c").write_text(PROGRAM)
    return load_lesson(folder)


GATES = ["fault[1].step(user-load)", "fault[1].step(tlb)", "fault[1].step(abort)", "fault[1]", "call[mmap].return"]


@pytest.mark.parametrize("lesson", GATES, indirect=True)
def test_no_stage_behind_the_question_is_let_through_at_any_moment(lesson):
    recipe = Recipe(lesson.program.text, lesson.program.name)
    whole = Run(recipe).finish()
    gate = Facts(whole, gates(lesson)).stage(lesson.steps[0].at)
    assert gate is not None
    run = Run(recipe)
    warden = Warden(lesson, "topic", Standing)
    let_through = []
    while not run.advance(goal=len(run.log) + 1):
        let_through.append(warden.allow(run))

    assert max(count for count, _ in let_through) == gate + 1
    assert let_through[-1] == (gate + 1, True)


@pytest.mark.parametrize("lesson", GATES[:1], indirect=True)
def test_an_answer_lets_the_rest_through(lesson):
    run = Run(Recipe(lesson.program.text, lesson.program.name)).finish()
    standing = Standing()
    warden = Warden(lesson, "topic", lambda: standing)
    count, final = warden.allow(run)
    assert (count < len(run.log), final) == (True, True)

    standing = Standing({"what"})
    assert warden.allow(run) == (count, True)  # until it is told
    warden.renew()

    assert warden.allow(run) == (len(run.log), False)
