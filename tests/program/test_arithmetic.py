"""Integer arithmetic of 32-bit C, held against a second, independent way of working it out."""

import ctypes
import operator

from hypothesis import given
from hypothesis import strategies as st

from tests.program.fake_cpu import output

TYPES = {
    "signed char": ctypes.c_int8,
    "char": ctypes.c_uint8,
    "short": ctypes.c_int16,
    "unsigned short": ctypes.c_uint16,
    "int": ctypes.c_int32,
    "unsigned": ctypes.c_uint32,
    "long long": ctypes.c_int64,
    "unsigned long long": ctypes.c_uint64,
}
RANK = {"int": 0, "unsigned": 1, "long long": 2, "unsigned long long": 3}
SIMPLE = {"+": operator.add, "-": operator.sub, "*": operator.mul, "&": operator.and_, "|": operator.or_}
SIMPLE |= {"^": operator.xor, "<": operator.lt, "==": operator.eq, ">=": operator.ge}
values = st.one_of(
    st.sampled_from([0, 1, -1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1]),
    st.integers(-(2**63), 2**64 - 1),
)
operands = st.tuples(st.sampled_from(sorted(TYPES)), values)


def promoted(kind: str) -> str:
    return kind if kind in RANK else "int"


def common(left: str, right: str) -> str:
    return max(promoted(left), promoted(right), key=RANK.__getitem__)


def expected(op: str, left: tuple[str, int], right: tuple[str, int]) -> int:
    kind = common(left[0], right[0])
    a, b = (TYPES[kind](TYPES[each[0]](each[1]).value).value for each in (left, right))
    if op in ("/", "%"):
        whole = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        return TYPES[kind](whole if op == "/" else a - b * whole).value
    result = int(SIMPLE[op](a, b))
    return result if op in ("<", "==", ">=") else TYPES[kind](result).value


def literal(value: int) -> str:
    return f"{value % 2**64}ull"


@given(st.lists(st.tuples(st.sampled_from([*SIMPLE, "/", "%"]), operands, operands), min_size=2, max_size=6))
def test_operators_convert_and_wrap_as_c_does(sums: list[tuple[str, tuple[str, int], tuple[str, int]]]) -> None:
    body, want = "", []
    for op, left, right in sums:
        kind = common(left[0], right[0])
        if op in ("/", "%") and not TYPES[kind](TYPES[right[0]](right[1]).value).value:
            continue
        body += f"{{ {left[0]} a = {literal(left[1])}; {right[0]} b = {literal(right[1])};"
        body += f'printf("%lld\\n", (long long)(a {op} b)); }}\n'
        result = expected(op, left, right)
        want.append(ctypes.c_int64(result).value)

    assert output(f"#include <stdio.h>\nint main(void) {{\n{body}return 0; }}") == "".join(f"{each}\n" for each in want)


@given(operands, st.sampled_from(sorted(TYPES)), st.integers(0, 31))
def test_casts_and_shifts(operand: tuple[str, int], to: str, count: int) -> None:
    kind, value = operand
    held = TYPES[kind](value).value
    wide = promoted(kind)

    text = f"""#include <stdio.h>
int main(void)
{{
	{kind} a = {literal(value)};
	int n = {count};
	printf("%lld %lld %lld %lld", (long long)({to})a, (long long)(a << n), (long long)(a >> n), (long long)-a);
	return 0;
}}
"""

    want = [
        TYPES[to](held).value,
        TYPES[wide](held << count).value,
        TYPES[wide](held).value >> count,
        TYPES[wide](-held).value,
    ]
    assert output(text) == " ".join(str(ctypes.c_int64(each).value) for each in want)
