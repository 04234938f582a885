"""The scene by form and as text: two faces of the same lines; and a change keeps the reader's place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.player import RECORDINGS, Player, place, seq_read, stages_of
from webapp.program.errors import Mistakes
from webapp.program.limits import Limits
from webapp.program.scene import read_scene

PROGRAMS = sorted(RECORDINGS.glob("*.c"))
LATE = "// Late.\n" + "//\n" * 10 + "// files: a=1\nint main(void) { return 0; }\n"


def apply(play: Player) -> None:
    before = play.root("run")
    play.get("settings-apply").click()
    play.await_root(f'[data-settled="1"][data-done="1"]:not([data-run="{before}"])')


def in_page(page: Page, code: str, *args: object) -> object:
    """What a function of scene.js says."""
    result: object = page.evaluate(f"async (args) => {{ const m = await import('/static/js/scene.js'); {code} }}", args)
    return result


def test_both_sides_read_the_same_scene(page: Page) -> None:
    Player(page).open()
    texts = [path.read_text() for path in PROGRAMS] + [
        LATE,
        "// files:\n",
        "// machine: mem=64 x\n// machine: mem=128\n",
    ]

    scenes = in_page(page, "return args[0].map(m.readScene)", texts)

    assert isinstance(scenes, list)
    for text, seen in zip(texts, scenes, strict=True):
        expected = read_scene(text, Mistakes("prog.c", text), Limits())
        files = {file["name"]: file["pages"] * 4096 + file["bytes"] for file in seen["files"]}
        assert files == expected.files
        assert {name: seen["machine"][name] for name in expected.machine} == expected.machine


@pytest.mark.parametrize(
    "text", [PROGRAMS[0].read_text(), LATE, "int main(void) { return 0; }\n", "/* a\n */\nint x;\n"]
)
def test_what_the_form_writes_is_what_is_read(page: Page, text: str) -> None:
    Player(page).open()
    scene = {"files": [{"name": "b.bin", "pages": 3, "bytes": 100}], "machine": {"read_ahead_kb": 64}}

    written = in_page(page, "return m.writeScene(args[0], args[1])", text, scene)
    assert isinstance(written, str)
    found = read_scene(written, Mistakes("prog.c", written), Limits())

    assert found.files == {"b.bin": 3 * 4096 + 100}
    assert found.machine == {"read_ahead_kb": 64}
    code = [line for line in text.splitlines() if not line.startswith(("// files:", "// machine:"))]
    assert [line for line in written.splitlines() if not line.startswith(("// files:", "// machine:"))] == code


def test_the_form_shows_what_the_lines_say_and_writes_them(page: Page) -> None:
    play = Player(page).open()
    play.get("top-machine").click()
    expect(play.get("settings-file-name")).to_have_value("data.bin")
    expect(play.get("settings-file-pages")).to_have_value("64")

    play.get("settings-read_ahead_kb").fill("64")
    play.get("settings-file-bytes").fill("12")
    play.get("settings-file-add").click()
    play.get("settings-file-name").nth(1).fill("other.bin")
    apply(play)

    expect(play.get("program-text")).to_contain_text("// files: data.bin=64+12, other.bin=1")
    expect(play.get("program-text")).to_contain_text("// machine: read_ahead_kb=64")
    expect(play.get("top-chip-read_ahead_kb")).to_have_attribute("data-changed", "")
    play.get("top-machine").click()
    expect(play.get("settings-read_ahead_kb")).to_have_value("64")


def test_the_lines_typed_are_what_the_form_shows(page: Page) -> None:
    play = Player(page).open()
    play.type("// files: a=7+3\n// machine: memory_mib=64\nint main(void) { return 0; }\n")

    play.get("top-machine").click()

    expect(play.get("settings-memory_mib")).to_have_value("64")
    expect(play.get("settings-file-name")).to_have_value("a")
    expect(play.get("settings-file-pages")).to_have_value("7")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "../x", "cannot be the name"),
        ("pages", "1e9", "whole pages"),
        ("bytes", "4096", "0 to 4095 bytes more"),
    ],
)
def test_a_file_that_cannot_be_is_refused_in_a_sentence(page: Page, field: str, value: str, words: str) -> None:
    play = Player(page).open()
    run = play.root("run")
    play.get("top-machine").click()

    play.get(f"settings-file-{field}").fill(value)
    play.get("settings-apply").click()

    expect(play.get("settings-files-problem")).to_contain_text(words)
    expect(play.get("settings")).to_be_visible()
    assert play.root("run") == run


def test_a_change_of_the_machine_keeps_the_place(page: Page) -> None:
    selector = "fault[4].filemap_fault"
    play = Player(page).open(stage=place(selector))
    play.get("top-machine").click()

    play.get("settings-disk_request_us").fill("500")
    apply(play)

    text = (RECORDINGS / "seq_read.c").read_text()
    changed = stages_of(text.replace("\n", "\n// machine: disk_request_us=500\n", 1), "seq_read.c")
    assert play.stage == place(selector, changed)
    expect(play.get("program-notice")).to_contain_text("Same place as before: fault 4, filemap_fault.")


def test_a_place_that_is_gone_leads_to_the_nearest_before_it(page: Page) -> None:
    play = Player(page).open(stage=place("fault[7].handle_mm_fault", seq_read()))
    play.get("top-machine").click()

    play.get("settings-fault_around_bytes").fill("262144")
    apply(play)

    expect(play.get("program-notice")).to_contain_text("This run has no such place: fault 7, handle_mm_fault.")
    assert 0 < play.stage < play.last
