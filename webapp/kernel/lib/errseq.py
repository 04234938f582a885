"""errseq: a number that remembers an error, so that everybody who asks is told of it exactly once.

Who may hear of an error (an open file) keeps the number as it was when it last looked. If the number has changed since,
there was an error. A bit says whether anybody has looked since it was recorded; only then does the next error need a
new number. So two errors that nobody has seen are one, and an error that nobody has seen is told even to a file that
is opened later.

    bits 0-11   the errno      bit 12   somebody has seen it      bits 13-31   a counter

Linux 5.10: lib/errseq.c
"""

from __future__ import annotations

MAX_ERRNO = 4095
ERRSEQ_SEEN = 1 << 12
ERRSEQ_CTR_INC = 1 << 13
MASK = 0xFFFFFFFF


def errseq_set(eseq: int, err: int) -> int:
    """The number after the error ``err`` (negative)."""
    new = eseq & ~(MAX_ERRNO | ERRSEQ_SEEN) | -err
    if eseq & ERRSEQ_SEEN:
        new += ERRSEQ_CTR_INC
    return new & MASK


def errseq_sample(eseq: int) -> int:
    """What a file that is opened now keeps: 0 if there is an error that nobody has seen, so that it will be told."""
    return eseq if eseq & ERRSEQ_SEEN else 0


def errseq_check_and_advance(eseq: int, since: int) -> tuple[int, int, int]:
    """For one who last saw ``since``: the error (0: none), and what both numbers are now that it has been told."""
    if eseq == since:
        return 0, eseq, since
    seen = eseq | ERRSEQ_SEEN
    return -(seen & MAX_ERRNO), seen, seen
