"""A new lesson that passes the check: every kind of step once, to be rewritten by its author."""

from __future__ import annotations

import re
from pathlib import Path

from webapp.lesson.files import LESSON_FILE
from webapp.lesson.problem import LessonError, Problem

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_NAME = 40

LESSON = """\
---
id: NAME
title: A page of a file
summary: What happens when a page of a mapped file is touched for the first time.
minutes: 5
program: PROGRAM.c
vary:
  pages: [8, 12, 16]
---

## A page is missing {#missing}

```explain
at: fault[1]
checkpoint: the first fault
light: [cpu, pte 0]
watch: The kernel now looks for the page. Where does it look first?
```

[The program maps {{pages}} pages of a file.]{claim="vma('data.bin').pages == {{pages}}"}
[The MMU found an empty [PTE]{.pt light="pte 0"}.]{claim="not pte('data.bin', 0).present"}
The kernel will look for the page in the [page cache]{.pc}.

## How many will it read? {#how-many}

```predict
at: fault[1].filemap_fault
checkpoint: filemap_fault
ask: The program touched one page. How many does the kernel read for it?
kind: number
unit: pages
answer: fault[1].pages_read
wrong:
  - is: 1
    say: That would take one request to the disk for every page.
otherwise: The kernel reads as much as readahead allows, up to the end of the file.
after: Readahead opened a window of 32 pages, and the file ends before it does.
hints:
  - A request to the disk costs far more than one page more in it.
```

The [page cache]{.pc} holds [nothing of the file]{claim="cached('data.bin') == 0"}.
`filemap_fault` has to read.

## You are the kernel {#kernel}

```play
at: fault[1].filemap_fault.return
checkpoint: filemap_fault returns
to: fault[1].filemap_map_pages[2].return
ask: Which of these does the kernel enter next?
functions: [find_vma, handle_mm_fault, filemap_map_pages, filemap_fault]
says:
  filemap_fault: The page is in the cache now. It need not be asked for again.
after: The fault was tried once more from the top, and fault-around mapped the pages.
```

The data has come, but no [PTE]{.pt} points at it.
The kernel starts again from the top.

## Whose pages are they? {#whose}

```quiz
ask: The program unmaps the file. What becomes of the pages?
choices:
  - text: They stay in the page cache.
    right: true
    why: A cached page belongs to its file. It stays until memory is short.
  - text: They are freed.
    why: Only the mapping goes. Others may still want the pages.
```

The file is read, and mapped.

## Spare the faults {#spare}

```do
change: [program]
goals:
  - goal: count(fault) == 0
    say: No access faults.
  - goal: cached('data.bin') == {{pages}}
    say: All pages of the file are in the page cache.
golf:
  - figure: requests
    par: 1
mistakes:
  - when: count(fault) > 0
    say: The pages are mapped when the loop touches them. Let mmap do it beforehand.
hints:
  - mmap has flags. One of them maps the pages at once.
  - say: The loop still faults.
    when: count(fault) > 0
solution:
  program: solution.c
  say: MAP_POPULATE reads and maps everything before mmap returns.
```

Change the program so that the loop runs without a fault.

## Looking back {#back}

```reflect
ask: When would you rather let the loop fault?
sample: When the program needs few of the pages. Populating reads them all.
```

Think of a file that is far larger than memory.
"""

PROGRAM = """\
// Map a file and read one byte of each of its pages.
// files: data.bin={{pages}}
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE 4096
#define PAGES {{pages}}

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	volatile char *p = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = 0;
	for (int i = 0; i < PAGES; i++)
		sum += p[i * PAGE];
	printf("%d\\n", sum);
	return 0;
}
"""


def skeleton(name: str) -> dict[str, str]:
    """The files of a new lesson, by their path in its folder."""
    program = name.replace("-", "_")
    return {
        LESSON_FILE: LESSON.replace("NAME", name).replace("PROGRAM", program),
        f"{program}.c": PROGRAM,
        "solution.c": PROGRAM.replace("MAP_PRIVATE,", "MAP_PRIVATE | MAP_POPULATE,"),
    }


def new_lesson(directory: Path, name: str) -> Path:
    """Write a new lesson below ``directory``; raises `LessonError` when that cannot be."""
    if not NAME.fullmatch(name) or len(name) > MAX_NAME:
        what = f"'{name}' cannot be the name of a lesson."
        raise LessonError(
            [Problem(str(directory), 0, what, "Use lower-case words joined by hyphens, such as page-cache.")]
        )
    folder = directory / name
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise LessonError([Problem(str(folder), 0, "This folder exists already.", "Choose another name.")]) from None
    except OSError as error:
        raise LessonError([Problem(str(folder), 0, f"It cannot be made: {error.strerror}.", "")]) from None
    for path, text in skeleton(name).items():
        (folder / path).write_text(text, encoding="utf-8")
    return folder
