"""Files of /proc at any stage of a run."""

import pytest

from webapp import cli
from webapp.session import Recipe, Run
from webapp.session.cat import PATHS, CatError, cat

PROGRAM = """
// files: data.bin=8
#include <fcntl.h>
#include <sys/mman.h>

int main(void)
{
	int fd = open("data.bin", O_RDONLY);
	char *p = mmap(0, 8 * 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	int sum = p[0];
	munmap(p, 4 * 4096);
	return 0;
}
"""


@pytest.fixture(scope="module")
def run():
    return Run(Recipe(PROGRAM)).finish()


def stage_of(run, kind, name):
    return next(s["n"] for s in run if s.get("kind") == kind and s["args"].get("name") == name)


def mapped(text):
    return [line.split()[0] for line in text.splitlines() if line.endswith("data.bin")]


def test_a_file_tells_of_the_stage_that_is_asked_for(run):
    maps = "/proc/self/maps"

    assert mapped(cat(run, maps, 0)) == []
    assert mapped(cat(run, maps, stage_of(run, "user-call", "munmap"))) == ["b6ff5000-b6ffd000"]
    assert mapped(cat(run, maps)) == ["b6ff9000-b6ffd000"]


def test_every_path_can_be_read_at_every_stage(run):
    for stage in range(0, len(run.log), 37):
        for path in PATHS:
            assert isinstance(cat(run, path, stage), str)


def test_a_path_or_a_stage_that_does_not_exist_is_told(run):
    with pytest.raises(CatError, match=r"/proc/self/environ is not a file .*/proc/self/maps"):
        cat(run, "/proc/self/environ")
    with pytest.raises(CatError, match=r"no stage 99999; the run has stages 0 to \d+"):
        cat(run, "/proc/self/maps", 99_999)


def test_the_command_line_prints_the_text(tmp_path, capsys):
    path = tmp_path / "prog.c"
    path.write_text(PROGRAM)

    assert cli.main(["cat", "/proc/self/statm", str(path), "--stage", "0"]) == 0
    assert len(capsys.readouterr().out.split()) == 7
    assert cli.main(["cat", "/proc/self/nothing", str(path)]) == 2
    assert "is not a file" in capsys.readouterr().err
