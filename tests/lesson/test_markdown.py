"""Hostile text: whatever a lesson holds, what reaches the page cannot run."""

import re

import pytest

from webapp.lesson.markdown import parser, render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '![x](https://evil.example/a.png "x" onerror=alert(1))',
    '[x]{.pc onclick="alert(1)"}',
    '[x]{.pc style="position:fixed"}',
    '[x]{.pc light="\\"><script>alert(1)</script>"}',
    '[x]{class="pc\\" onmouseover=\\"alert(1)"}',
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```<script>alert(1)</script>\nx\n```",
    "<style>*{display:none}</style>",
    "<!-- --><script>alert(1)</script>",
    "a <b onclick=alert(1)>b</b>",
]
TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_harmless(text: str) -> None:
    html = render(parser().parse(text))

    for _, tag, rest in TAG.findall(html):
        assert tag in {"p", "a", "mark", "pre", "code"}
        assert not re.search(r"\s(on\w+|style|src|class|id)\s*=", re.sub(r'"[^"]*"', '""', rest))
        assert not re.search(r'href="(?!https://|/|#)', rest)


def test_markdown_still_works() -> None:
    text = "*a* **b** `c` [d](https://example.org) [e](/play)\n\n- f\n\n| g |\n|---|\n| h |"

    html = render(parser().parse(text))

    for part in ("<em>a</em>", "<strong>b</strong>", "<code>c</code>", "<li>f</li>", "<td>h</td>"):
        assert part in html
    assert '<a href="https://example.org" rel="noopener noreferrer">d</a>' in html
    assert '<a href="/play" rel="noopener noreferrer">e</a>' in html


@pytest.mark.parametrize(
    ("text", "light"),
    [("[x]{.pc}", "page cache"), ("[x]{.ra}", "window readahead"), ('[x]{.pt light="pte 3"}', "pte 3")],
)
def test_a_mark_points_at_what_it_names_or_at_its_layer(text: str, light: str) -> None:
    html = render(parser().parse(text))

    assert f'data-light="{light}"' in html
