"""The command line's own part: arguments, where output goes, exit status."""

import io
import sys
from types import SimpleNamespace

import pytest

from tests.session.stories import Story, ToldRun, a_read_of_a_mapped_file
from webapp import __version__, cli
from webapp.session.messages import Refused


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "prog.c"
    path.write_text("int main(void) { return 3; }\n")
    return str(path)


@pytest.fixture
def told(monkeypatch):
    """Runs are stories; the recipes that were asked for are kept."""
    recipes = []

    def run(recipe, limits):
        recipes.append(recipe)
        return ToldRun(a_read_of_a_mapped_file())

    monkeypatch.setattr(cli, "Run", run)
    return recipes


def test_an_account_goes_to_stdout_and_the_modelled_status_is_not_ours(told, program, capsys):
    assert cli.main(["run", program]) == 0

    assert capsys.readouterr().out.startswith("story.c: exit status 3\n")


@pytest.mark.parametrize(
    ("option", "start"), [("--trace", "#    time us"), ("--events", '{"n":0,'), ("--digest", "{\n")]
)
def test_each_form_of_output(told, program, option, start, capfdbinary, monkeypatch):
    assert cli.main(["run", program, option]) == 0

    assert capfdbinary.readouterr().out.startswith(start.encode())


def test_machine_settings_may_come_before_or_after_the_program(told, program):
    cli.main(["run", program, "--machine", "read_ahead_kb=64", "disk_page_us=0.5"])
    cli.main(["run", "--machine", "read_ahead_kb=0x40", "disk_page_us=0.5", program])

    assert [recipe.machine for recipe in told] == [{"read_ahead_kb": 64, "disk_page_us": 0.5}] * 2
    assert told[0].name == "prog.c"


def test_a_program_comes_from_standard_input(told, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"int main(void) {}")))

    assert cli.main(["run", "-"]) == 0
    assert (told[0].program, told[0].name) == ("int main(void) {}", "stdin.c")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run"], "No program was given"),
        (["run", "nowhere.c"], "Cannot read nowhere.c: No such file"),
        (["run", "{program}", "--machine", "read_ahead_kb"], "give a setting and a number"),
        (["run", "{program}", "--machine", "read_ahead_kb=much"], "--machine read_ahead_kb=much"),
        (["run", "{program}", "--machine", "=4"], "give a setting and a number"),
    ],
)
def test_what_cannot_be_is_told_on_stderr_with_status_2(arguments, sentence, program, capsys):
    assert cli.main([word.format(program=program) for word in arguments]) == 2

    printed = capsys.readouterr()
    assert sentence in printed.err
    assert printed.out == ""


def test_a_file_that_is_no_text_is_refused(tmp_path, capsys):
    path = tmp_path / "prog.c"
    path.write_bytes(b"int \xff")

    assert cli.main(["run", str(path)]) == 2
    assert "byte 4 is 0xff" in capsys.readouterr().err


def test_every_mistake_is_shown_with_its_line_and_a_caret(monkeypatch, program, capsys):
    mistake = {"line": 3, "column": 5, "message": "floats are not modelled", "source": "    float x;", "caret": "    ^"}

    def refuse(recipe, limits):
        raise Refused("The program has mistakes.", [mistake, mistake | {"line": 4}])

    monkeypatch.setattr(cli, "Run", refuse)

    assert cli.main(["run", program]) == 2
    assert f"{program}:3:5: floats are not modelled\n    float x;\n    ^\n{program}:4:5:" in capsys.readouterr().err


def test_a_stopped_run_keeps_its_account_but_has_no_digest(monkeypatch, program, capsys):
    def run(recipe, limits):
        return ToldRun(Story().stages, why="fork() is not modelled yet.")

    monkeypatch.setattr(cli, "Run", run)

    assert cli.main(["run", program]) == 2
    printed = capsys.readouterr()
    assert "stopped. fork() is not modelled yet." in printed.out
    assert printed.err == "pagewalk: fork() is not modelled yet.\n"

    assert cli.main(["run", program, "--digest"]) == 2
    assert capsys.readouterr().out == ""


def test_the_version(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])

    assert (end.value.code, capsys.readouterr().out) == (0, f"pagewalk {__version__}\n")


@pytest.mark.parametrize(
    "arguments", [[], ["walk"], ["serve", "--port", "many"], ["run", "a.c", "--digest", "--trace"]]
)
def test_a_wrong_command_line_ends_with_status_2_and_usage(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)

    assert end.value.code == 2
    assert "usage: pagewalk" in capsys.readouterr().err


def test_serving_where_one_may_not_is_told(capsys, monkeypatch):
    def serve(host, port, config):
        raise OSError(98, "Address already in use")

    monkeypatch.setattr("webapp.web.serve", serve)

    assert cli.main(["serve", "--port", "80"]) == 2
    assert "Cannot listen at 127.0.0.1:80: Address already in use." in capsys.readouterr().err


def test_serving_a_folder_without_lessons_is_refused(capsys, tmp_path):
    assert cli.main(["serve", "--lessons", str(tmp_path)]) == 2
    assert "holds no lessons: no folder in it has a lesson.md" in capsys.readouterr().err
