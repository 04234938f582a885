"""The scene: files and machine settings from the first lines of a program."""

import pytest

from webapp.program import ProgramError, Scene, compile_program

MAIN = "\nint main(void) { return 0; }\n"


def scene(head: str) -> Scene:
    return compile_program(head + MAIN).scene


def complaint(head: str) -> str:
    with pytest.raises(ProgramError) as caught:
        compile_program(head + MAIN)
    return str(caught.value)


def test_without_directives_there_is_one_file_of_512_pages() -> None:
    assert scene("") == Scene({"data.bin": 512 * 4096}, {})


def test_sizes_are_pages_or_pages_plus_bytes() -> None:
    assert scene("// files: data.bin=512, small.bin=3+100").files == {"data.bin": 2097152, "small.bin": 12388}


def test_machine_settings_are_numbers_and_mem_is_short_for_memory_mib() -> None:
    assert scene("// machine: read_ahead_kb=64 mem=80").machine == {"read_ahead_kb": 64, "memory_mib": 80}


def test_the_disks_time_per_page_may_be_a_fraction() -> None:
    assert scene("// machine: disk_page_us=0.25").machine == {"disk_page_us": 0.25}


def test_directives_count_only_in_the_first_lines() -> None:
    assert scene("\n" * 12 + "// files: other.bin=1") == Scene()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("// files: ../etc=1", "'../etc' cannot be the name of a file"),
        ("// files: a/b=1", "cannot be the name of a file"),
        ("// files: ..=1", "cannot be the name of a file"),
        ("// files: " + "n" * 65 + "=1", "at most 64 characters"),
        ("// files: data.bin", "is not NAME=PAGES"),
        ("// files: data.bin=-1", "is not NAME=PAGES"),
        ("// files: data.bin=99999999", "too large"),
        ("// files: a=1, a=2", "listed twice"),
        ("// files: " + ", ".join(f"f{n}=1" for n in range(17)), "at most 16"),
        ("// machine: cores=4", "'cores' is no setting of the machine. Settings are: read_ahead_kb,"),
        ("// machine: read_ahead_kb", "is not NAME=NUMBER"),
        ("// machine: tlb_entries=1.5", "whole number"),
    ],
)
def test_directives_that_make_no_sense_are_mistakes(line: str, said: str) -> None:
    assert said in complaint(line)


def test_a_mistake_in_a_directive_points_at_its_part() -> None:
    with pytest.raises(ProgramError) as caught:
        compile_program("// files: data.bin=8, b/c=2" + MAIN)

    assert (caught.value.mistakes[0].line, caught.value.mistakes[0].column) == (1, 23)


def test_a_setting_out_of_range_is_a_mistake_at_its_place():
    with pytest.raises(ProgramError) as caught:
        compile_program("// machine: read_ahead_kb=64 fault_around_bytes=5000\nint main(void) { return 0; }\n")

    (mistake,) = caught.value.mistakes
    assert (mistake.line, mistake.column) == (1, 30)
    assert "fault_around_bytes=5000 is not a power of two" in mistake.message
