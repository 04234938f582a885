"""malloc and its family: blocks do not overlap, freed ones come again, and large ones are mappings."""

from webapp.session import Recipe, Run, outcome

HEAD = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n"


def run(body: str) -> Run:
    return Run(Recipe(f"{HEAD}int main(void) {{ {body} }}\n", "prog.c")).finish()


def printed(body: str) -> str:
    return outcome.stdout(run(body).rows)


def test_blocks_are_apart_and_aligned_to_eight():
    body = """char *p[20]; int bad = 0;
    for (int i = 0; i < 20; i++) {
        p[i] = malloc(i * 7 + 1); memset(p[i], i, i * 7 + 1); bad += ((unsigned long)p[i] & 7) != 0;
    }
    for (int i = 0; i < 20; i++) for (int j = 0; j <= i * 7; j++) bad += p[i][j] != i;
    printf("%d", bad); return 0;"""

    assert printed(body) == "0"


def test_a_freed_block_of_the_same_size_comes_again():
    assert printed('char *a = malloc(40); free(a); printf("%d", malloc(44) == a); return 0;') == "1"


def test_calloc_gives_zeros_even_from_a_used_block():
    body = """char *a = malloc(64); memset(a, 9, 64); free(a);
    char *b = calloc(16, 4); printf("%d %d", a == b, b[63]); return 0;"""

    assert printed(body) == "1 0"


def test_realloc_keeps_the_bytes():
    body = 'char *a = malloc(10); strcpy(a, "kept"); malloc(1); a = realloc(a, 9000); printf("%s", a); return 0;'

    assert printed(body) == "kept"


def test_a_large_block_is_a_mapping_and_a_small_one_is_not():
    rows = run("char *a = malloc(1 << 20); malloc(100); a[0] = 1; return 0;").rows

    sizes = [row["vm_end"] - row["vm_start"] for row in rows.values() if "vm_end" in row]
    assert [size for size in sizes if size > 1 << 20] == [(1 << 20) + 4096]


def test_brk_moves_the_end_of_the_heap():
    body = """char *a = sbrk(0); sbrk(8192); char *b = sbrk(0); a[5000] = 3; brk(a);
    printf("%d %d", b - a, (char *)sbrk(0) == a); return 0;"""

    assert printed(body) == "8192 1"


def test_a_block_too_large_for_any_memory_is_refused_by_malloc():
    assert printed('printf("%d", malloc(0xfffffff0u) == NULL); return 0;') == "1"


def test_freeing_twice_aborts():
    assert run("char *a = malloc(600); malloc(1); free(a); free(a); return 0;").why == "SIGABRT"
