"""The digest tells from stages what a kernel's tracer would have told."""

import pytest

from tests.session.stories import BASE, Story, ToldRun, a_fatal_read, a_read_of_a_mapped_file
from webapp.session.digest import Follower, digest, pte_runs, size_in_words


@pytest.fixture(scope="module")
def told():
    return digest(ToldRun(a_read_of_a_mapped_file()))


def test_calls_and_faults_come_in_order_and_open_and_close_are_left_out(told):
    kinds = [(kind, body.get("name")) for event in told["events"] for kind, body in event.items()]

    assert kinds == [("call", "mmap"), ("fault", None), ("call", "munmap")]


def test_an_mmap_is_numbered_and_its_result_is_an_address(told):
    assert told["events"][0]["call"] == {"task": 0, "name": "mmap", "ret": hex(BASE), "mapping": 0}


def test_a_failed_call_gives_its_errno(told):
    assert told["events"][2]["call"] == {"task": 0, "name": "munmap", "ret": -22}


def test_a_fault_carries_everything_that_it_brought_about(told):
    fault = told["events"][1]["fault"]

    assert fault == {
        "task": 0,
        "mapping": 0,
        "page": 2,
        "abort": "data",
        "fsr": "0x17",
        "write": False,
        "attempts": 2,
        "results": ["MAJOR|RETRY", "NOPAGE"],
        "filemap_fault": 1,
        "map_pages": [[1, 4], [1, 4]],
        "readahead": [{"fn": "do_page_cache_ra", "index": 0, "nr": 4, "lookahead": 1}],
        "read_bios": [4],
        "cache_add": {"data.bin": [[0, 3]]},
        "ptes": [{"mapping": 0, "pages": [0, 2], "bits": "0x79f"}],
        "major": True,
        "calls": [
            "do_DataAbort",
            "  find_vma",
            "  handle_mm_fault",
            "    filemap_map_pages",
            "    filemap_fault",
            "      do_page_cache_ra",
            "        add_to_page_cache_lru x4",
            "        submit_bio",
            "  find_vma",
            "  handle_mm_fault",
            "    filemap_map_pages",
        ],
    }


def test_the_tree_of_a_system_call_has_only_what_a_tracer_sees(told):
    assert told["call_trees"] == [{"call": "mmap", "tree": ["sys_mmap_pgoff", "  do_mmap"]}]


def test_the_end_of_the_program(told):
    assert told["exit"] == {"status": 3}
    assert told["stdout"] == "7"
    assert told["resident"] == {"data.bin": [[0, 3]]}
    assert told["totals"] == {"faults": 1, "major": 1, "minor": 0}
    assert told["files"] == {"data.bin": "4"}


def test_maps_are_those_of_the_moment_before_the_program_ended(told):
    assert told["maps"] == [
        "b6ff0000-b6ff4000 r--p 00001000 data.bin",
        "ffff0000-ffff1000 r-xp 00000000 [vectors]",
    ]


def test_a_fatal_fault_has_an_address_a_signal_and_a_tree():
    told = digest(ToldRun(a_fatal_read()))
    fault = told["events"][0]["fault"]

    assert fault["addr"] == "0x50000000"
    assert (fault["signal"], fault["si_code"], fault["attempts"]) == ("SIGSEGV", 1, 0)
    assert fault["calls"] == ["do_DataAbort", "  do_page_fault", "    find_vma", "    force_sig_fault"]
    assert told["exit"] == {"signal": "SIGSEGV"}
    assert told["totals"] == {"faults": 1, "major": 0, "minor": 0}


def test_a_fault_of_the_program_itself_does_not_count():
    story = Story()
    story.call("do_DataAbort", args={"addr": 0x66010, "fsr": 0x17})
    story.call("handle_mm_fault", args={"address": 0x66000, "flags": 0x254})
    story.leave()
    story.leave()

    assert digest(ToldRun(story.stages))["events"] == []


def test_a_run_that_was_stopped_says_why():
    told = digest(ToldRun(Story().stages, why="Stopped after 3 stages."))

    assert told["exit"] == {"stopped": "Stopped after 3 stages."}


def test_of_overlapping_mappings_the_newest_wins():
    follower = Follower(["data.bin"])
    follower._regions = [(0x1000, 0x5000), (0x2000, 0x3000)]

    assert follower.where(0x2800) == {"mapping": 1, "page": 0}
    assert follower.where(0x4000) == {"mapping": 0, "page": 3}
    assert follower.where(0x5000) == {"addr": "0x5000"}


def test_each_event_has_the_moment_at_which_it_began():
    follower = Follower(["data.bin"])
    for stage in a_read_of_a_mapped_file():
        follower.feed(stage)
    follower.finish()

    assert len(follower.moments) == len(follower.events)
    assert follower.moments == sorted(follower.moments)


def test_neighbouring_entries_with_the_same_bits_are_one_run():
    ptes = {(0, 3): "0x79f", (0, 1): "0x79f", (0, 2): "0x79f", (0, 5): "0x79f", (0, 6): "0x7df", (1, 7): "0x7df"}

    assert [(run["mapping"], run["pages"]) for run in pte_runs(ptes)] == [
        (0, [1, 3]),
        (0, [5, 5]),
        (0, [6, 6]),
        (1, [7, 7]),
    ]


@pytest.mark.parametrize(("size", "words"), [(0, "0"), (4096, "1"), (12388, "3+100"), (1, "0+1")])
def test_sizes_are_told_as_the_files_line_has_them(size, words):
    assert size_in_words(size) == words
