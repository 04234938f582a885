"""Statements as lines of Python text.

C's loops become Python's; what `continue` has to do before the next round is written out in front of it. A switch
becomes a chain of ifs where every arm ends by itself, and otherwise a loop of one round through which a match falls
from arm to arm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.program.emit_stores import Stores
from webapp.program.errors import Mistakes
from webapp.program.limits import Limits
from webapp.program.pytext import BIT_AND, OR
from webapp.program.stmts import Arm, Block, Break, Continue, If, Loop, Return, Run, Setup, Stmt, Switch
from webapp.program.tree import Const
from webapp.program.types import Void


@dataclass(slots=True)
class Around:
    """A loop or switch being emitted: what `continue` does in it, and how a switch passes one on."""

    go_on: Callable[[], None] | None  # None for a switch written as a chain of ifs
    flag: str = ""  # of a switch written as a loop: set when a continue leaves it


class Statements(Stores):
    """Emits the statements of one function."""

    def __init__(self, mistakes: Mistakes, limits: Limits, templates: list[bytes]) -> None:
        super().__init__(mistakes, limits, templates)
        self.around: list[Around] = []

    def block(self, stmts: list[Stmt]) -> None:
        """An indented block."""
        self.indent += 1
        length = len(self.lines)
        for stmt in stmts:
            self.statement(stmt)
        if len(self.lines) == length:
            self.put("pass")
        self.indent -= 1

    def statement(self, stmt: Stmt) -> None:
        if isinstance(stmt, Block):
            for each in stmt.body:
                self.statement(each)
            return
        self.at_line(stmt.line)
        if isinstance(stmt, Run):
            self.discard(stmt.expr)
        elif isinstance(stmt, Setup):
            self.setup(stmt)
        elif isinstance(stmt, If):
            self.choose(stmt)
        elif isinstance(stmt, Loop):
            self.loop(stmt)
        elif isinstance(stmt, Switch):
            self.switch(stmt)
        elif isinstance(stmt, Return):
            self.leave(stmt)
        elif isinstance(stmt, Break):
            self.put("break")
        elif isinstance(stmt, Continue):
            self.skip()

    def leave(self, stmt: Return) -> None:
        if stmt.value is None or isinstance(stmt.value.type, Void):
            if stmt.value is not None:
                self.discard(stmt.value)
            self.put("return 0")
        else:
            self.put(f"return {self.exact(stmt.value).text}")

    def choose(self, stmt: If, word: str = "if") -> None:
        """if, else if, else."""
        self.put(f"{word} {self.test(stmt.condition).at(OR)}:")
        self.block([stmt.yes])
        if stmt.no is None:
            return
        rest = stmt.no.body if isinstance(stmt.no, Block) else [stmt.no]
        if len(rest) == 1 and isinstance(rest[0], If):
            self.at_line(rest[0].line)
            self.choose(rest[0], "elif")
        else:
            self.put("else:")
            self.block([stmt.no])

    def loop(self, stmt: Loop) -> None:
        """for, while and do-while."""
        condition = stmt.condition
        always = condition is None or (isinstance(condition, Const) and condition.value != 0)
        if stmt.test_first and isinstance(condition, Const) and not condition.value:
            return

        def go_on() -> None:
            self.at_line(stmt.line)
            if stmt.step is not None:
                self.discard(stmt.step)
            if not stmt.test_first and not always:
                assert condition is not None
                self.put(f"if not {self.test(condition).at(BIT_AND)}: break")
            self.put("_c.fuel -= 1")
            self.put(f"if _c.fuel < 0: await _fuel({stmt.line})")

        if stmt.test_first and not always:
            assert condition is not None
            self.put(f"while {self.test(condition).at(OR)}:")
        else:
            self.put("while True:")
        self.around.append(Around(go_on))
        self.block([stmt.body])
        self.indent += 1
        go_on()
        self.indent -= 1
        self.around.pop()

    def skip(self) -> None:
        """continue: leave the switches that are written as loops, then go on with the loop around them."""
        inner = [each for each in self.around if each.go_on or each.flag][-1]
        if inner.flag:
            self.put(f"{inner.flag} = True")
            self.put("break")
            return
        assert inner.go_on is not None
        inner.go_on()
        self.put("continue")

    def switch(self, stmt: Switch) -> None:
        subject = self.fresh("k")
        chain = [self.ended(arm, arm is stmt.arms[-1]) for arm in stmt.arms]
        ready = [arm for arm in chain if arm is not None]
        if len(ready) == len(chain):
            self.put(f"{subject} = {self.exact(stmt.subject).text}")
            self.around.append(Around(None))
            self.chain(subject, ready)
            self.around.pop()
            return
        entry = {value: index for index, arm in enumerate(stmt.arms) for value in arm.values}
        default = next((index for index, arm in enumerate(stmt.arms) if arm.default), len(stmt.arms))
        self.put(f"{subject} = {entry}.get({self.exact(stmt.subject).text}, {default})")
        flag = self.fresh("go")
        self.put(f"{flag} = False")
        self.put("while True:")
        self.around.append(Around(None, flag))
        self.indent += 1
        for index, arm in enumerate(stmt.arms):
            self.put(f"if {subject} <= {index}:")
            self.block(arm.body)
        self.put("break")
        self.indent -= 1
        self.around.pop()
        if any(each.go_on for each in self.around):
            self.put(f"if {flag}:")
            self.indent += 1
            self.skip()
            self.indent -= 1

    def chain(self, subject: str, arms: list[Arm]) -> None:
        """A switch whose arms all end by themselves."""
        word = "if"
        for arm in sorted(arms, key=lambda each: each.default):
            if arm.default:
                self.put("else:" if word == "elif" else "if True:")
            else:
                values = ", ".join(map(str, arm.values))
                self.put(
                    f"{word} {subject} == {values}:" if len(arm.values) == 1 else f"{word} {subject} in ({values}):"
                )
            self.block(arm.body)
            word = "elif"

    def ended(self, arm: Arm, last: bool) -> Arm | None:
        """The arm without its closing break, if nothing falls out of it and no other break is in it."""
        body = list(arm.body)
        while len(body) == 1 and isinstance(body[0], Block):
            body = list(body[0].body)
        if body and isinstance(body[-1], Break):
            body.pop()
        elif not last and not (body and isinstance(body[-1], (Return, Continue))):
            return None
        return None if breaks(body) else Arm(arm.values, arm.default, body)


def breaks(stmts: list[Stmt]) -> bool:
    """Whether a break in these statements would leave the switch around them."""
    for stmt in stmts:
        if isinstance(stmt, Break):
            return True
        if isinstance(stmt, Block) and breaks(stmt.body):
            return True
        if isinstance(stmt, If) and breaks([stmt.yes] + ([stmt.no] if stmt.no else [])):
            return True
    return False
