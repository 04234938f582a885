"""Hold a digest of the model against a recording of the real kernel.

    differences(recording, digest)      sentences; none when the model did what the kernel did

An event may have several recorded outcomes, since disk I/O overlaps with what the program does next: the recording's
own, and those under ``alternatives`` by event number. Any of them is right, each together with its own call tree.
Left out of the recorded trees is what depends on the time of day: when the clock has ticked since the last write, ext4
touches its inode table below ext4_page_mkwrite (mark_page_accessed on a block of the disk, not on a page of a file).
Recordings of reclaim vary as a whole; of those only figures for the whole run are compared, with their ``ranges``.
"""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

EFFECTS = ["map_pages", "readahead", "read_bios", "cache_add", "cache_del"]
COMPARED = {
    "call": ["task", "name", "ret", "mapping", *EFFECTS],
    "fault": [
        "task", "mapping", "page", "addr", "abort", "fsr", "write", "attempts", "results", "filemap_fault", *EFFECTS,
        "ptes", "major", "signal", "si_code", "calls",
    ],
}  # fmt: skip
SLACK = 0.1  # around recorded ranges, at least LEAST_SLACK
LEAST_SLACK = 2


def differences(recording: Json, digest: Json) -> list[str]:
    """Everything in which the digest departs from the recording."""
    return list(_differences(recording, digest))


def _differences(recording: Json, digest: Json) -> Iterator[str]:
    yield from unequal("exit", recording["exit"], digest["exit"])
    yield from unequal("stdout", recording["stdout"], digest["stdout"].strip())
    if recording.get("varies"):
        yield from _out_of_range(recording["ranges"], {**digest["totals"], **digest.get("memcg_stat", {})})
        return
    if "signal" not in recording["exit"]:
        yield from unequal("maps", recording["maps"], digest["maps"])
    yield from unequal("resident", recording["resident"], digest["resident"])
    recorded, found = recording["events"], digest["events"]
    for number, event in enumerate(recorded[: len(found)]):
        outcomes = [event, *recording.get("alternatives", {}).get(str(number), [])]
        found_wrong: list[list[str]] = [event_differences(outcome, found[number]) for outcome in outcomes]
        if all(found_wrong):
            yield f"event {number}, {brief(event)}: " + "; ".join(sorted(found_wrong, key=len)[0])
    if len(recorded) != len(found):
        longer, who = (recorded, "the model lacks") if len(recorded) > len(found) else (found, "the model has besides")
        yield f"{who} {abs(len(recorded) - len(found))} events, first {brief(longer[min(len(recorded), len(found))])}"
    if "call_trees" in recording:
        yield from _tree_differences(recording["call_trees"], digest["call_trees"])


def event_differences(recorded: Json, found: Json) -> list[str]:
    """The compared fields in which two events differ; nothing, zero and absent are the same."""
    (kind, a), (other, b) = *recorded.items(), *found.items()
    if kind != other:
        return [f"expected {brief(recorded)}, found {brief(found)}"]
    fields = [name for name in COMPARED[kind] if name != "calls" or name in a]
    return [text for name in fields for text in unequal(name, a.get(name) or None, b.get(name) or None)]


def unequal(label: str, recorded: Any, found: Any) -> Iterator[str]:
    """One sentence when the two differ."""
    if recorded != found:
        yield f"{label} recorded {json.dumps(recorded)} but found {json.dumps(found)}"


def brief(event: Json) -> str:
    """An event in a few words."""
    (kind, body) = next(iter(event.items()))
    return f"{kind} " + " ".join(
        f"{key}={body[key]}" for key in ("name", "ret", "mapping", "page", "addr") if key in body
    )


def _tree_differences(recorded: list[Json], found: list[Json]) -> Iterator[str]:
    """System calls' trees, in order."""
    yield from unequal("calls with trees", [tree["call"] for tree in recorded], [tree["call"] for tree in found])
    for number, (a, b) in enumerate(zip(recorded, found, strict=False)):
        if a != b:
            yield f"tree {number} of {a['call']}: " + "\n".join(["recorded", *a["tree"], "found", *b["tree"]])


def _out_of_range(ranges: dict[str, list[int]], figures: dict[str, int]) -> Iterator[str]:
    for name, (low, high) in ranges.items():
        slack = max(SLACK * high, LEAST_SLACK)
        if name not in figures or not low - slack <= figures[name] <= high + slack:
            yield f"{name} recorded {low}..{high} but found {figures.get(name)}"
