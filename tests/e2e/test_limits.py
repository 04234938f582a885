"""Programs that never end: a server with small limits stops them with a sentence, and keeps what they did."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server, settle, wait_for_server
from tests.e2e.player import Player

STAGES = 3000
FAULTS_FOREVER = """// files: data.bin=4
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
int main(void)
{
	volatile char *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open("data.bin", O_RDONLY), 0);
	int sum = 0;
	while (1) {
		sum += p[0];
		madvise((void *)p, 4096, MADV_DONTNEED);
	}
}
"""
TURNS_FOREVER = """int main(void)
{
	int turns = 0;
	for (;;)
		turns++;
}
"""


@pytest.fixture(scope="module")
def strict_url() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAGEWALK_STAGES_PER_RUN", str(STAGES))
        patch.setenv("PAGEWALK_STATEMENTS_PER_RUN", "50000")
        server = Server()
    yield wait_for_server(server)
    server.stop()
    server.folder.cleanup()


def test_a_loop_that_faults_forever_stops_and_stays_viewable(page: Page, strict_url: str) -> None:
    play = Player(page).open(f"{strict_url}/play")

    play.run(FAULTS_FOREVER)

    expect(play.get("time-limit")).to_contain_text("Stopped after 3,000 stages")
    assert play.last == STAGES - 1
    play.get("time-playhead").press("End")
    settle(page, play.last)
    assert play.press("b") == play.last - 1
    assert play.to_fault(3) > 0


def test_a_loop_that_only_turns_stops_with_a_sentence(page: Page, strict_url: str) -> None:
    play = Player(page).open(f"{strict_url}/play")

    play.run(TURNS_FOREVER)

    expect(play.get("time-limit")).to_be_visible()
    expect(play.get("time-limit")).to_contain_text("50,000")
    assert play.last > 0


def test_the_next_program_runs_as_if_nothing_had_been(page: Page, strict_url: str) -> None:
    play = Player(page).open(f"{strict_url}/play")
    play.run(TURNS_FOREVER)
    expect(play.get("time-limit")).to_be_visible()

    play.run("int main(void)\n{\n\treturn 7;\n}\n")

    expect(play.get("time-limit")).to_be_hidden()
    play.get("time-playhead").press("End")
    expect(play.get("program-where")).to_have_text("ended: status 7")
