"""Mistakes: found all at once, placed to the column, worded for a student."""

import pytest

from webapp.program import Limits, ProgramError, compile_program


def mistakes(text: str, limits: Limits | None = None) -> list[tuple[int, int, str]]:
    with pytest.raises(ProgramError) as caught:
        compile_program(text, "prog.c", limits)
    return [(each.line, each.column, each.message) for each in caught.value.mistakes]


def test_a_mistake_is_rendered_with_its_line_and_a_caret_below_the_column() -> None:
    with pytest.raises(ProgramError) as caught:
        compile_program("int main(void)\n{\n\treturn 1 + y;\n}\n", "sum.c")

    assert str(caught.value) == "sum.c:3:13: 'y' is not declared.\n\treturn 1 + y;\n\t           ^"


def test_all_mistakes_are_reported_in_the_order_of_the_text() -> None:
    text = """#include <stdio.h>
int main(void)
{
	int a = b;
	float f;
	goto out;
	ioctl(3, 4);
	printf("%d %d", a, c);
	return MAP_PRIVATE;
}
"""

    found = mistakes(text)

    assert [(line, column) for line, column, _ in found] == [(4, 10), (5, 2), (6, 2), (7, 2), (8, 21), (9, 9)]
    assert found[3][2].startswith("Pagewalk does not model ioctl() yet. Calls you can use: open(), close(), mmap(),")
    assert found[5][2] == "MAP_PRIVATE needs #include <sys/mman.h>."


def test_a_syntax_error_in_one_function_does_not_hide_the_mistakes_of_others() -> None:
    found = mistakes("int f(void) { return 1 +; }\nint g(void) { int x = 1 return x; }\nint main(void) { return y; }\n")

    assert [(line, column) for line, column, _ in found] == [(1, 25), (2, 25), (3, 25)]


def test_a_missing_semicolon_is_named_with_the_line_it_is_missing_from() -> None:
    found = mistakes("int main(void)\n{\n\tint x = 1\n\treturn x;\n}\n")

    assert found == [(4, 2, "'return' cannot stand here: is a ';' missing at the end of line 3?")]


def test_columns_are_those_of_the_text_as_written_even_behind_macros_and_comments() -> None:
    found = mistakes("#define PAGE 4096\nint main(void) { return PAGE * /* bytes */ PAGE + oops; }\n")

    assert found == [(2, 51, "'oops' is not declared.")]


def test_a_mistake_inside_a_macro_is_reported_where_the_macro_is_used() -> None:
    found = mistakes("#define LAST(a) a[oops]\nint main(void) { char *p = 0; return LAST(p); }\n")

    assert found[0][:2] == (2, 38)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("double d;", "double is not in the subset"),
        ("return 1.5;", "floating-point number"),
        ("x: return 0;", "labels are not in the subset"),
        ("int n = 3; int a[n];", "the length of an array is a constant"),
        ("int (*f)(int);", "pointers to functions"),
        ("struct s { int a : 3; } s;", "bit-fields are not in the subset"),
        ('asm("nop");', "inline assembly is not in the subset"),
        ("int x = ({ 1; });", "a block in brackets"),
        ("switch (1) { case 1: { case 2: ; } }", "directly in the braces of its switch"),
        ("case 1: ;", "directly in the braces of its switch"),
        ("break;", "outside of any loop or switch"),
        ("continue;", "outside of any loop"),
        ("pause();", "Pagewalk does not model pause() yet"),
        ("5 = 6;", "only a variable can be assigned to"),
        ("const int c = 1; c = 2;", "c is const"),
        ("int a[3]; a = 0;", "an array cannot be assigned to as a whole"),
        ("int *p, *q; p + q;", "+ cannot be applied to 'int *' and 'int *'"),
        ("void *p; *p;", "cast it first"),
        ("struct unknown s;", "the size of s is not known"),
        ("struct p { int x; } s; s.y = 1;", "struct p has no member y"),
        ("int i; i->x;", "-> wants a pointer to a struct"),
        ("int i; int i;", "declared twice"),
        ("main(1, 2, 3);", "main() wants 0 arguments and gets 3"),
        ("switch (1) { case 1: case 1: ; }", "second case 1"),
        ("printf(1)", "is a ';' missing"),
        ("return 08;", "octal"),
        ("return 'ab';", "holds one character"),
        ('return *"\\q";', "no escape"),
        ("uint8_t b;", "uint8_t needs #include <stdint.h>"),
        ("errno = 0;", "errno needs #include <errno.h>"),
        ("extern int far; far = 1;", "declared extern but not defined"),
        ("return 1 ? 2;", "syntax error"),
        ("int \u00e9;", "'\u00e9' has no meaning in C"),
        ("__attribute__((packed)) int x;", "attributes are not in the subset"),
    ],
)
def test_what_is_wrong_or_not_in_the_subset_is_named(statement: str, said: str) -> None:
    found = mistakes("int main(void)\n{\n" + statement + "\nreturn 0;\n}\n")

    assert any(said in message for _, _, message in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no function main()"),
        ("int f(int); int main(void) { return f(1); }", "f() is declared but not defined"),
        ("int main(void) { return 0; } int main(void) { return 0; }", "defined a second time"),
        ("int x = 1; int x = 2; int main(void) { return 0; }", "initial value twice"),
        ("int f(void); char *f(void); int main(void) { return 0; }", "was declared as"),
        ("int g; int x = g; int main(void) { return 0; }", "not a constant"),
        ("struct s f(void); int main(void) { return 0; }", "returning a struct is not in the subset"),
        ("#include <windows.h>\nint main(void) { return 0; }", "Pagewalk has no header <windows.h>"),
        ("int main(void) { return 0; }}", "syntax error at '}'"),
        ("int main(void) {", "ends too early"),
        ("int main(void) { return 0; /* open", "has no end"),
        ('char *s = "open;\nint main(void) { return 0; }', 'the closing " is missing'),
    ],
)
def test_mistakes_outside_of_functions_are_found_too(text: str, said: str) -> None:
    assert any(said in message for _, _, message in mistakes(text))


@pytest.mark.parametrize(
    "statement",
    [
        "int unused;",
        "int *p = 5; int i = p;",
        "char *s = 0; int *p = s; p = s;",
        "return;",
        "int a[2] = {1, 2, 3};",
        "char c = 1000;",
        "1 + 2;",
        "int x; x == 3;",
        "char *p; if (p = 0) ;",
        "unsigned u = -1; if (u < 0) ;",
        "int a[2]; a[5];",
    ],
)
def test_what_gcc_only_warns_about_is_accepted(statement: str) -> None:
    compile_program("int main(void) {" + statement + "}")


@pytest.mark.parametrize(
    "text",
    [
        "int main(void) { return " + "(" * 500 + "1" + ")" * 500 + "; }",
        "int main(void) { return " + "-" * 5000 + "1; }",
        "int main(void) { return " + "1 + " * 5000 + "1; }",
        "int main(void) { " + "if (1) " * 3000 + "; }",
        "int main(void) { " + "if (1) ; else " * 3000 + "; }",
        "int main(void) { " + "for (;;) {" * 30 + "}" * 30 + " }",
        "int main(void) { int a; return " + "a ? 1 : " * 1000 + "1; }",
        "int main(void) { int a; " + "a = " * 3000 + "1; }",
        "int main(void) { int " + "*" * 3000 + "p; }",
        "#define A(x) x x x x x x x x\nint main(void) { " + "A(" * 20 + "1" + ")" * 20 + "; }",
        "int a" + "[2]" * 40 + "; int main(void) { return 0; }",
        "int main(void) { int a[2000000]; return 0; }",
        "int big[1000000]; int main(void) { return 0; }",
        "int main(void) { " + "int a[1000] = {1};" * 4000 + " }",
        "x" * 70000,
        "int main(void) { for (int i = 0; i < 9; " + "i++, " * 3000 + "i++) {" + "continue;" * 3000 + "} }",
    ],
)
def test_programs_that_are_too_much_are_mistakes_and_not_crashes(text: str) -> None:
    assert mistakes(text)


def test_at_most_twenty_mistakes_are_reported() -> None:
    assert len(mistakes("int main(void) {" + "\ny;" * 100 + "}")) == 20
