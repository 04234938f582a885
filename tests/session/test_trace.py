"""The trace reads like the function_graph tracer's."""

from tests.session.stories import Story, a_fatal_read, a_read_of_a_mapped_file
from webapp.session.trace import trace


def bodies(stages):
    """The text right of the bar."""
    return [line.split(" |  ", 1)[1] for line in list(trace(stages))[1:]]


def test_a_leaf_takes_one_line_and_others_a_pair_of_braces():
    story = Story()
    story.call("do_page_fault")
    story.leaf("find_vma", 0xC1234567)
    story.leave("VM_FAULT_NOPAGE")

    assert bodies(story.stages) == [
        "do_page_fault() {",
        "  find_vma(); /* = 0xc1234567 */",
        "} /* do_page_fault */ /* = VM_FAULT_NOPAGE */",
    ]


def test_steps_are_comments_inside_their_function():
    story = Story()
    story.step("user-load", "main reads 1 byte")
    story.call("filemap_fault")
    story.step("wait", "sleeps until page 3 is read")
    story.leave()

    assert bodies(story.stages)[:3] == [
        "/* user-load: main reads 1 byte */",
        "filemap_fault() {",
        "  /* wait: sleeps until page 3 is read */",
    ]


def test_durations_are_microseconds_of_virtual_time():
    story = Story()
    story.leaf("find_vma")

    assert list(trace(story.stages))[1].split() == ["1.000", "1.000", "1", "|", "find_vma();"]


def test_interrupts_and_silicon_are_marked():
    story = Story()
    story.leaf("bio_endio", ctx="irq")
    story.leaf("table_walk", ctx="hw")

    assert bodies(story.stages) == ["bio_endio(); /* ==> interrupt */", "table_walk(); /* silicon */"]


def test_every_call_is_closed_or_left_open_by_a_signal():
    text = "\n".join(bodies(a_read_of_a_mapped_file()))
    assert text.count("{") == text.count("}")

    text = "\n".join(bodies(a_fatal_read()))
    assert text.count("{") == 2
    assert "}" not in text
