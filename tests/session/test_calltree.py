"""Call trees: what is seen, and how repetition is folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.session.calltree import TRACED, Node, TreeBuilder, fold, lines

NODES = st.recursive(
    st.tuples(st.sampled_from("ab"), st.just(())),
    lambda kids: st.builds(lambda name, below: (name, fold(below)), st.sampled_from("ab"), st.lists(kids, max_size=6)),
    max_leaves=12,
)


def leaves(names: str) -> list[Node]:
    return [(name, ()) for name in names]


@pytest.mark.parametrize(
    ("names", "folded"),
    [
        ("", []),
        ("a", ["a"]),
        ("aaa", ["a x3"]),
        ("abab", ["a x2", "+ b x2"]),
        ("ababa", ["a x2", "+ b x2", "a"]),
        ("aabb", ["a x2", "b x2"]),
        ("abc", ["a", "b", "c"]),
        ("aab", ["a x2", "b"]),
    ],
)
def test_runs_of_one_or_two_repeating_siblings_fold(names, folded):
    assert lines(fold(leaves(names))) == folded


@given(st.lists(NODES, max_size=12))
def test_folding_loses_nothing(nodes):
    unfolded = [node for unit, times in fold(nodes) for _ in range(times) for node in unit]

    assert unfolded == nodes


def build(*steps: str) -> list[str]:
    """``find_vma(`` enters, ``)`` returns."""
    builder, depth = TreeBuilder(TRACED), 0
    for step in steps:
        if step == ")":
            depth -= 1
            builder.leave(depth)
        else:
            builder.call(step, depth)
            depth += 1
    return builder.take()


def test_what_an_unseen_function_calls_hangs_below_its_caller():
    assert build("do_page_fault", "secret", "find_vma", ")", ")", ")") == ["do_page_fault", "  find_vma"]


def test_equal_siblings_under_an_unseen_function_fold_with_those_beside_it():
    steps = ["do_page_fault", "find_vma", ")", "secret", "find_vma", ")", ")", ")"]

    assert build(*steps) == ["do_page_fault", "  find_vma x2"]


def test_functions_that_never_returned_are_in_the_tree():
    assert build("do_page_fault", "force_sig_fault") == ["do_page_fault", "  force_sig_fault"]


def test_taking_starts_afresh():
    builder = TreeBuilder(TRACED)
    builder.call("find_vma", 0)
    builder.leave(0)

    assert (builder.take(), builder.take()) == (["find_vma"], [])
