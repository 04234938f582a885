"""The limits of prose, in scripts with and without blanks."""

from __future__ import annotations

import pytest

from webapp.lesson.check_text import SENTENCE_END, length_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One idea. Another: this.", ["One idea.", "Another:", "this."]),
        ("mm/mmap.c unmaps 2.5 pages.", ["mm/mmap.c unmaps 2.5 pages."]),
        ("页表空了。TLB 呢？ 还在。", ["页表空了。", "TLB 呢？", "还在。"]),
    ],
)
def test_a_sentence_ends_at_the_stop_of_its_script(text: str, sentences: list[str]) -> None:
    assert [part for part in SENTENCE_END.split(text) if part] == sentences


def test_two_signs_without_blanks_count_as_one_word() -> None:
    assert length_of("页表空了") == 2
    assert length_of("two words") == 2
