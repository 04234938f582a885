"""The program image: where the pieces of a program lie, and what the emitted text may contain."""

import ast
import keyword

from hypothesis import given
from hypothesis import strategies as st

from tests.program.fake_cpu import start
from webapp.program import compile_program


def test_globals_start_behind_errno_and_literals_are_read_only() -> None:
    program = compile_program('char *s = "abc"; int main(void) { return *s; }')
    image = program.load().image

    assert bytes(image.pages[0x66][:4]) == b"abc\0"
    assert 0x66 not in image.writable
    assert 0x68 in image.writable
    assert image.data_end > 0x68000


def test_many_globals_reach_into_the_heap_and_beyond() -> None:
    image = compile_program("char big[200000]; int main(void) { return big[199999]; }").load().image

    assert image.data_end > 0x90000
    assert (image.data_end - 1) >> 12 in image.writable


def test_literals_beyond_two_pages_lie_in_the_text_segment() -> None:
    texts = ", ".join(f'"{n:0500}"' for n in range(40))
    text = f"char *all[] = {{{texts}}}; int main(void) {{ return all[39][499] + (all[39] < all[0]); }}"

    assert start(text)[0] == ord("9") + 1


def test_equal_literals_share_their_address() -> None:
    assert start('int main(void) { char *a = "same", *b = "same"; return a == b; }')[0] == 1


def test_lines_that_hold_code_are_known() -> None:
    text = "int main(void)\n{\n\tint x;\n\n\tx = 1;\n\t// nothing\n\tif (x)\n\t\tx++;\n\treturn x;\n}\n"

    assert compile_program(text).lines == {5, 7, 8, 9}


C_WORDS = frozenset(
    "auto break case char const continue default do double else enum extern float for goto if inline int long "  # noqa: SIM905
    "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while "
    "asm typeof main uint ulong ushort bool off_t exit".split()
)
names: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(
        [*keyword.kwlist, "print", "exec", "__builtins__", "__import__", "_c", "_rd", "_f_main", "_d", "_s"]
    ),
    st.from_regex(r"_{0,3}[a-z][a-z0-9_]{0,5}", fullmatch=True),
).filter(lambda name: name not in C_WORDS)


@given(st.lists(names, min_size=1, max_size=8, unique=True))
def test_whatever_variables_are_called_they_keep_apart(found: list[str]) -> None:
    declared = "".join(f"int {name} = {number}; " for number, name in enumerate(found, 1))
    summed = " + ".join(f"{name} * {number}" for number, name in enumerate(found, 1))

    status, _, _ = start(f"int main(void) {{ {declared} return {summed}; }}")

    assert status == sum(number * number for number in range(1, len(found) + 1))


@given(st.lists(names, min_size=1, max_size=5, unique=True))
def test_the_emitted_text_refers_to_nothing_but_its_own_names(found: list[str]) -> None:
    declared = "".join(f"int {name} = {number}; " for number, name in enumerate(found, 1))
    source = compile_program(f"int main(void) {{ {declared} return {found[0]}; }}").python_source

    for node in ast.walk(ast.parse(source)):
        assert not isinstance(node, (ast.Import, ast.ImportFrom, ast.Global, ast.Lambda, ast.JoinedStr))
        if isinstance(node, ast.Attribute):
            assert node.attr in {"fuel", "low", "grow", "get"}
        if isinstance(node, ast.Name) and node.id.startswith("__"):
            raise AssertionError(node.id)
