"""A lesson folder that a test may break, and a browser for the modules that have a twin in JavaScript."""

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.e2e import chromium
from tests.e2e.conftest import QUIET_FLAGS

ROOT = Path(__file__).parent.parent.parent
GOLDEN = json.loads((ROOT / "tests/golden/selectors.json").read_text())

LESSON = """\
---
id: small
title: A small lesson
summary: One sentence.
minutes: 5
program: small.c
machine:
  read_ahead_kb: 64
---

## First {#first}

```explain
at: start
checkpoint: the start
light: [tlb]
```

The [page cache]{.pc} is empty.

## Second {#second}

```explain
at: fault[1].filemap_fault
checkpoint: filemap_fault
watch: Look at the pages.
```

It looks for [page 0]{.pc light="page 0"}.
"""


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


class Draft:
    """A small lesson on disk, or another; `replace` changes a part of its text."""

    def __init__(self, folder: Path, files: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        for name, text in (files or {"lesson.md": LESSON, "small.c": PROGRAM}).items():
            self.put(name, text)

    def put(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def write(self, text: str) -> None:
        (self.folder / "lesson.md").write_text(text)

    def replace(self, old: str, new: str, name: str = "lesson.md") -> None:
        text = (self.folder / name).read_text()
        assert old in text
        (self.folder / name).write_text(text.replace(old, new))

    def line_of(self, part: str, name: str = "lesson.md") -> int:
        lines = (self.folder / name).read_text().splitlines()
        return next(n for n, line in enumerate(lines, start=1) if part in line)


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return Draft(tmp_path / "small")


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], base_url: str) -> dict[str, Any]:
    """Contexts with this folder's address, whichever folder's tests came first."""
    return browser_context_args | {"base_url": base_url}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium.on_this_machine()
    return browser_type_launch_args | {"args": QUIET_FLAGS} | ({"executable_path": path} if path else {})


@pytest.fixture(scope="session")
def base_url() -> str:
    """No server: the tests answer the browser's requests themselves."""
    return "http://pagewalk.test"


@pytest.fixture
def blank(page: Page, base_url: str) -> Page:
    """An empty page with our styles, which can import our modules."""
    styles = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in ("tokens", "base", "lesson"))

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(base_url)
        if path == "/":
            route.fulfill(body=f"<!doctype html>{styles}<body>", content_type="text/html")
        elif (ROOT / path.lstrip("/")).is_file():
            route.fulfill(path=ROOT / path.lstrip("/"), content_type=mimetypes.guess_type(path)[0])
        else:
            route.fulfill(status=404)

    page.route("**", serve)
    page.goto("/")
    return page
