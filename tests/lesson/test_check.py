"""The checker: every rule broken once, with the message that its author reads; nothing wrong with what we ship."""

from pathlib import Path

import orjson
import pytest

from tests.lesson.conftest import ROOT, Draft
from webapp.cli import main
from webapp.lesson import Problem, check
from webapp.lesson.skeleton import skeleton


def problems_of(*paths: Path) -> list[Problem]:
    return check(paths).problems


@pytest.fixture
def whole(tmp_path: Path) -> Draft:
    """A lesson with every kind of step, in which nothing is wrong and nothing varies."""
    files = {name: text.replace("{{pages}}", "12") for name, text in skeleton("whole").items()}
    files["lesson.md"] = files["lesson.md"].replace("vary:\n  pages: [8, 12, 16]\n", "")
    return Draft(tmp_path / "whole", files)


def test_every_lesson_that_we_ship_holds() -> None:
    report = check([ROOT / "lessons"])

    assert [str(problem) for problem in report.problems] == []
    assert report.claims
    for claims in report.claims.values():
        assert all(claim.model for claim in claims)
        assert all(claim.kernel is not False for claim in claims)


def test_the_first_lesson_is_confirmed_by_the_real_kernel() -> None:
    claims = check([ROOT / "lessons/first-touch"]).claims["first-touch"]

    confirmed = {claim.expression for claim in claims if claim.kernel}
    assert "count(fault) == 7 and count(fault.major) == 3 and count(fault.minor) == 4" in confirmed
    assert len(confirmed) >= 12


def test_a_lesson_that_fits_its_run_has_no_problems(whole: Draft, draft: Draft) -> None:
    assert problems_of(whole.folder) == []
    assert problems_of(draft.folder) == []


# What is replaced by what in the whole lesson; where the problem is told; a part of what, a part of the remedy.
RULES = {
    "selector matches nothing": (
        "at: fault[1].filemap_fault\n",
        "at: fault[1].filemap_falt\n",
        "at: fault[1].filemap_falt",
        "at: fault[1].filemap_falt names no stage of a run of whole.c.",
        "Did you mean `filemap_fault`?",
    ),
    "count too high": (
        "at: fault[1].filemap_fault\n",
        "at: fault[1].filemap_fault[7]\n",
        "at: fault[1].filemap_fault[7]",
        "names no stage",
        "check the counts",
    ),
    "steps out of order": (
        "at: fault[1]\n",
        "at: exit\n",
        "at: fault[1].filemap_fault",
        "not after exit of a step before",
        "reorder them",
    ),
    "claim is false": (
        "vma('data.bin').pages == 12",
        "vma('data.bin').pages == 13",
        "The program maps",
        "The claim 'The program maps 12 pages of a file.' does not hold on the model: vma('data.bin').pages == 13. "
        "The left side is 12.",
        "Correct the text",
    ),
    "claim has no value": (
        "vma('data.bin').pages == 12",
        "vma('other').pages == 12",
        "The program maps",
        "The program has no file 'other'.",
        "Files: data.bin.",
    ),
    "claim cannot be read": (
        "vma('data.bin').pages == 12",
        "vma('data.bin').pagse == 12",
        "The program maps",
        "`vma` has no field `pagse`. (column 1 of `vma('data.bin').pagse == 12`)",
        "Did you mean `pages`?",
    ),
    "claim is no question": (
        "vma('data.bin').pages == 12",
        "vma('data.bin').pages",
        "The program maps",
        "This is a number, not true or false.",
        "Compare it with something",
    ),
    "claim in a short text": (
        "ask: The program touched one page.",
        'ask: The program touched [one page]{claim="true"}.',
        "ask: The program",
        "A claim cannot stand here.",
        "Claims stand in the step's text",
    ),
    "answer has another type": (
        "answer: fault[1].pages_read",
        "answer: fault[1].major",
        "answer:",
        "This is true or false, not a number.",
        "",
    ),
    "answer has no value": (
        "answer: fault[1].pages_read",
        "answer: fault[9].pages_read",
        "ask: The program touched",
        "there is no fault[9]",
        "Count them first.",
    ),
    "answer is missing": (
        "answer: fault[1].pages_read\n",
        "",
        "```predict",
        "A question of kind number needs an `answer`.",
        "count(fault)",
    ),
    "a wrong answer is right": ("- is: 1\n", "- is: 12\n", "- is: 12", "but that is right", "Drop it."),
    "nothing said to wrong answers": (
        "otherwise: The kernel reads as much as readahead allows, up to the end of the file.\n",
        "",
        "ask: The program touched",
        "Nothing is said to other wrong answers.",
        "Write `otherwise:`.",
    ),
    "number with choices": (
        "kind: number\n",
        "kind: number\nchoices: [1, 2]\n",
        "choices: [1, 2]",
        "A question of kind number is typed.",
        "Leave `choices` out.",
    ),
    "pages of no file": (
        "kind: number\nunit: pages\nanswer: fault[1].pages_read",
        "kind: pages\nanswer: fault[1].cached",
        "```predict",
        "A question of kind pages needs `file`.",
        "Write `file: data.bin`.",
    ),
    "play ends before it begins": (
        "to: fault[1].filemap_map_pages[2].return",
        "to: fault[1].filemap_map_pages",
        "at: fault[1].filemap_fault.return",
        "not after stage",
        "Choose a later stage.",
    ),
    "play ends nowhere": (
        "to: fault[1].filemap_map_pages[2].return",
        "to: fault[8]",
        "at: fault[1].filemap_fault.return",
        "to: fault[8] names no stage",
        "",
    ),
    "play of unknown functions": (
        "[find_vma, handle",
        "[find_vmaa, handle",
        "at: fault[1].filemap_fault.return",
        "functions: the model has no `find_vmaa`.",
        "Did you mean",
    ),
    "play without decisions": (
        "functions: [find_vma, handle_mm_fault, filemap_map_pages, filemap_fault]",
        "functions: [vm_mmap_pgoff, do_munmap, filemap_fault]",
        "at: fault[1].filemap_fault.return",
        "there are 0 decisions",
        "2 to 47",
    ),
    "play asks nothing": (
        "functions: [find_vma, handle_mm_fault, filemap_map_pages, filemap_fault]\n",
        "",
        "```play",
        "Nothing is asked along the way.",
        "List 2 or more `functions`",
    ),
    "says a stranger": (
        "  filemap_fault: The page",
        "  do_fault: The page",
        "  do_fault:",
        "not among the functions",
        "Add it",
    ),
    "quiz without a right choice": (
        "    right: true\n",
        "",
        "choices:",
        "0 of 2 choices are right.",
        "Mark some with `right: true`.",
    ),
    "goal not met by the solution": (
        "goal: count(fault) == 0",
        "goal: count(fault) == 0 and count(io) == 9",
        "goal: count(fault)",
        "The solution misses the goal count(fault) == 0 and count(io) == 9.",
        "Mend the goal or the solution.",
    ),
    "goal makes no sense": (
        "goal: count(fault) == 0",
        "goal: vmstat.nonsense == 0",
        "goal: vmstat",
        "`vmstat` has no field `nonsense`.",
        "It has",
    ),
    "empty attempt passes": (
        "goal: count(fault) == 0",
        "goal: count(fault) >= 0",
        "goals:",
        "meets every goal before anything is changed",
        "Ask for more.",
    ),
    "solution over par": (
        "par: 1",
        "par: 0",
        "figure: requests",
        "The solution needs 1 requests, more than par 0.",
        "Raise par",
    ),
    "solution uses what is banned": (
        "change: [program]",
        "change: [program]\nbanned: [mmap]",
        "solution:",
        "The solution breaks a rule",
        "Mend the rule",
    ),
    "solution lacks what is required": (
        "change: [program]",
        "change: [program]\nrequired: [madvise]",
        "solution:",
        "is to be solved with madvise()",
        "Mend",
    ),
    "banned is no system call": (
        "change: [program]",
        "change: [program]\nbanned: [madvice]",
        "goals:",
        "'madvice' is no system call of the model.",
        "Did you mean `madvise`?",
    ),
    "solution changes what is locked": (
        "change: [program]",
        "change: [machine]",
        "solution:",
        "leave the program as it is",
        "`change` and `lock`",
    ),
    "lock of no setting": (
        "change: [program]",
        "change: [program]\nlock: [ram]",
        "lock: [ram]",
        "no setting `ram`",
        "Settings:",
    ),
    "mistake is not recognised": (
        "when: count(fault) > 0\n    say: The pages",
        "when: count(fault) > 5\n    say: The pages",
        "when: count(fault) > 5",
        "The mistake is not recognised",
        "Mend `when`.",
    ),
    "mistake passes": (
        "say: The pages are mapped when",
        "program: mistakes/right.c\n    say: The pages are mapped when",
        "when: count(fault) > 0",
        "This mistake meets every goal.",
        "Ask for more, or drop it.",
    ),
    "solution in a dead end": (
        "hints:\n  - mmap has",
        "stuck:\n  - {when: count(call) > 0, say: Too late., rewind: start}\nhints:\n  - mmap has",
        "- {when: count(call)",
        "The solution is in this dead end.",
        "Mend `when`.",
    ),
    "unknown recording": (
        "program: whole.c",
        "program: whole.c\nrecording: nothing",
        "---",
        "there is no nothing.json among the recordings",
        "",
    ),
    "recording of another program": (
        "program: whole.c",
        "program: whole.c\nrecording: seq_write",
        "---",
        "is of a program with other files",
        "same program",
    ),
    "placeholder without value": (
        "up to the end of",
        "up to {{size}} of",
        "{{size}}",
        "Nothing is drawn for `{{size}}`.",
        "no `vary`",
    ),
    "unknown function in backticks": (
        "`filemap_fault` has to read.",
        "`filemap_falt` has to read.",
        "`filemap_falt` has",
        "has a `filemap_falt`",
        "spelling",
    ),
    "long sentence": (
        "Think of a file",
        "Think" + " and think" * 20 + " of a file",
        "Think",
        "A sentence has 50 words",
        "cut it in two",
    ),
    "long step": (
        "Think of a file",
        "It is so. " * 50 + "Think of a file",
        "## Looking back",
        "has 160 words",
        "make two steps",
    ),
    "step without text": ("The file is read, and mapped.\n", "", "## Whose pages", "has no text", "Write some."),
    "two blocks": (
        "The file is read, and mapped.\n",
        "```reflect\nask: Why?\n```\n",
        "## Whose pages",
        "has 2 blocks",
        "",
    ),
    "mark cannot be read": (
        '{.pt light="pte 0"}',
        "{.pt light=pte{}}",
        "The MMU found",
        "This mark cannot be read",
        "Write",
    ),
}


@pytest.mark.parametrize(("old", "new", "at", "what", "remedy"), RULES.values(), ids=RULES)
def test_a_broken_rule_is_told_with_its_line_and_a_remedy(
    whole: Draft, old: str, new: str, at: str, what: str, remedy: str
) -> None:
    if "mistakes/right.c" in new:
        whole.put("mistakes/right.c", (whole.folder / "solution.c").read_text())
    whole.replace(old, new)

    told = problems_of(whole.folder)

    problem = next((each for each in told if what in each.what), None)
    assert problem is not None, told
    assert (problem.file, problem.line) == ("whole/lesson.md", whole.line_of(at))
    assert remedy in problem.remedy
    assert (problem.severity == "warning") == ("backticks" in old or "filemap_falt` has" in new)


CHOICES = """\
kind: choose
answer: fault[1].pages_read
choices:
  - {text: One, is: 1, why: Too few.}
  - {text: All, is: 12}
"""


def test_exactly_one_choice_must_be_right_and_every_other_says_why_not(whole: Draft) -> None:
    whole.replace("kind: number\nunit: pages\nanswer: fault[1].pages_read\n", CHOICES)
    whole.replace("wrong:\n  - is: 1\n    say: That would take one request to the disk for every page.\n", "")
    assert problems_of(whole.folder) == []

    whole.replace("is: 12}", "is: 13}")
    assert "The run answers 12; no choice has that." in str(problems_of(whole.folder)[0])

    whole.replace("is: 1,", "is: 12,")
    whole.replace("is: 13}", "is: 12}")
    assert "2 choices are right: One, All." in str(problems_of(whole.folder)[0])

    whole.replace("is: 12, why: Too few.", "is: 1")
    whole.replace("otherwise: The kernel reads as much as readahead allows, up to the end of the file.\n", "")
    assert "Nothing is said to the wrong choice 'One'." in str(problems_of(whole.folder)[0])


def test_a_program_that_does_not_compile_is_told_with_its_own_line(whole: Draft) -> None:
    whole.replace("return 0;", "return nothing;", "solution.c")

    (problem,) = problems_of(whole.folder)

    assert (problem.file, problem.line) == ("whole/solution.c", whole.line_of("return nothing", "solution.c"))
    assert "nothing" in problem.what


def test_a_program_that_never_ends_is_told(whole: Draft) -> None:
    whole.replace("return 0;", "for (;;) sum++;", "solution.c")

    assert "solution.c does not come to its end" in str(problems_of(whole.folder)[0])


def test_a_mistake_must_get_its_own_words(whole: Draft) -> None:
    whole.put("mistakes/shy.c", (whole.folder / "whole.c").read_text())
    whole.replace(
        "    say: The pages are mapped when", "    say: First.\n  - when: count(fault) == 1\n"
        "    program: mistakes/shy.c\n    say: The pages are mapped when",
    )  # fmt: skip

    (problem,) = problems_of(whole.folder)

    assert "The mistake gets the words of line" in problem.what


def test_a_file_that_no_step_uses_is_told(whole: Draft) -> None:
    whole.put("mistakes/old.c", "int main(void) { return 0; }\n")

    assert [str(problem) for problem in problems_of(whole.folder)] == [
        "whole/mistakes/old.c: No step uses this file. Name it in a step, or remove it."
    ]


def test_a_claim_that_the_real_kernel_contradicts_is_told(whole: Draft) -> None:
    recording = {
        "digest": 1, "files": {"data.bin": "12"}, "machine": {}, "exit": {"status": 0}, "stdout": "1", "events": [],
        "resident": {"data.bin": [[0, 3]]},
    }  # fmt: skip
    (whole.folder.parent / "recordings").mkdir()
    (whole.folder.parent / "recordings/short.json").write_bytes(orjson.dumps(recording))
    whole.replace("program: whole.c", "program: whole.c\nrecording: short")
    whole.replace(
        "of a file.]{claim=\"vma('data.bin').pages == 12\"}",
        "of a file.]{claim=\"at(exit, cached('data.bin')) == 12\"}",
    )

    told = [str(problem) for problem in problems_of(whole.folder)]

    assert "does not hold on the real kernel: at(exit, cached('data.bin')) == 12. Trust the recording." in told[0]
    assert "the real kernel" not in " ".join(told[2:])


def test_what_is_wrong_in_some_variant_only_is_told_with_its_seed(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "varied", skeleton("varied"))
    assert problems_of(draft.folder) == []

    draft.replace("vma('data.bin').pages == {{pages}}", "vma('data.bin').pages == 16")

    (problem,) = problems_of(draft.folder)
    assert problem.what.startswith("With seed ")


COURSE = """\
units:
  - title: One
    lessons: [whole, other]
requires:
  other: [whole]
"""
COURSES = {
    "unknown lesson": ("other]", "other, third]", "lessons:", "There is no lesson `third`."),
    "listed twice": ("other]", "other, whole]", "lessons:", "`whole` is listed twice."),
    "left out": ("[whole, other]", "[whole]", "", "The lesson `other` is in no unit."),
    "requires a stranger": ("other: [whole]", "other: [third]", "  other:", "requires: there is no lesson `third`."),
    "cycle": ("other: [whole]", "other: [whole]\n  whole: [other]", "requires:", "requires goes in a circle: `"),
    "wrong order": ("other: [whole]", "whole: [other]", "  whole:", "`whole` comes before `other`"),
    "unknown key": ("requires:", "require:", "require:", "There is no key `require` here."),
}


@pytest.mark.parametrize(("old", "new", "at", "what"), COURSES.values(), ids=COURSES)
def test_a_course_that_is_not_in_order_is_told(whole: Draft, old: str, new: str, at: str, what: str) -> None:
    root = whole.folder.parent
    Draft(root / "other").replace("id: small", "id: other")
    (root / "course.yaml").write_text(COURSE)
    assert problems_of(root) == []

    (root / "course.yaml").write_text(COURSE.replace(old, new))

    problem = next(each for each in problems_of(root) if what in each.what)
    lines = COURSE.replace(old, new).splitlines()
    assert problem.file == "course.yaml"
    assert problem.line == (next(n for n, line in enumerate(lines, 1) if at in line) if at else 0)


def test_the_command_prints_every_problem_and_fails(whole: Draft, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson", "check", str(whole.folder)]) == 0
    assert "3 of 3 claims hold on the model" in capsys.readouterr().out

    whole.replace("at: fault[1]\n", "at: fault[8]\n")
    assert main(["lesson", "check", str(whole.folder / "lesson.md")]) == 1
    out = capsys.readouterr().out
    assert f"whole/lesson.md:{whole.line_of('at: fault[8]')}: at: fault[8] names no stage" in out
    assert "1 errors, 0 warnings" in out

    assert main(["lesson", "check", "--json", str(whole.folder)]) == 1
    told = orjson.loads(capsys.readouterr().out)
    assert [problem["line"] for problem in told["problems"]] == [whole.line_of("at: fault[8]")]
    assert [claim["model"] for claim in told["claims"]["whole"]] == [True]


def test_a_new_lesson_passes_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson", "new", "page-two", "--in", str(tmp_path)]) == 0
    assert main(["lesson", "check", str(tmp_path)]) == 0
    assert "0 errors, 0 warnings" in capsys.readouterr().out

    assert main(["lesson", "new", "page-two", "--in", str(tmp_path)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["lesson", "new", "../out", "--in", str(tmp_path)]) == 2
    assert "cannot be the name of a lesson" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page-two"]
