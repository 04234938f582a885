"""Errors that everybody is told of once."""

from webapp.kernel.lib.errseq import errseq_check_and_advance, errseq_sample, errseq_set

EIO = 5


def test_each_observer_is_told_once() -> None:
    eseq, first, second = errseq_set(0, -EIO), 0, 0

    told, eseq, first = errseq_check_and_advance(eseq, first)
    assert told == -EIO
    told, eseq, first = errseq_check_and_advance(eseq, first)
    assert told == 0
    told, eseq, second = errseq_check_and_advance(eseq, second)
    assert told == -EIO


def test_two_errors_that_nobody_has_seen_are_one_and_a_later_one_is_new() -> None:
    eseq, seen = errseq_set(errseq_set(0, -EIO), -EIO), 0

    _, eseq, seen = errseq_check_and_advance(eseq, seen)
    assert errseq_check_and_advance(eseq, seen)[0] == 0
    assert errseq_check_and_advance(errseq_set(eseq, -EIO), seen)[0] == -EIO


def test_a_file_opened_later_hears_of_an_error_only_if_nobody_has() -> None:
    eseq = errseq_set(0, -EIO)
    assert errseq_check_and_advance(eseq, errseq_sample(eseq))[0] == -EIO

    _, eseq, _ = errseq_check_and_advance(eseq, 0)
    assert errseq_check_and_advance(eseq, errseq_sample(eseq))[0] == 0
