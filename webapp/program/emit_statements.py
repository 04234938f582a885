"""Statements as lines of Python text.

C's loops become Python's; what `continue` has to do before the next round is written out in front of it. A switch
becomes a chain of ifs where every arm ends by itself, and otherwise a loop of one round through which a match falls
from arm to arm.

A function with sites (see `sites`) can be entered in the middle: ``_at`` is then the number of the site to go on at,
until that is reached, and 0 otherwise. What lies before is passed over, what encloses the site is entered unasked:

    if not _at:
        a = 1                               # before the site
    while _at or a < 3:                     # around it
        _site = 1                           # where this function stands, for a fork further down
        if _at: _at = 0; pid = await _go_on()
        else: pid = await _x_fork(12)
        a = a + 1                           # behind it
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.program.emit_stores import Stores
from webapp.program.errors import Mistakes
from webapp.program.limits import Limits
from webapp.program.pytext import BIT_AND, OR
from webapp.program.sites import JUMPS, Sites, site_call
from webapp.program.stmts import Arm, Block, Break, Continue, If, Loop, Return, Run, Setup, Stmt, Switch
from webapp.program.tree import Assign, Const, VarRef
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
        self.sites: Sites | None = None
        self.kept: list[str] = []  # names besides the variables that a function needs to go on in the middle

    def block(self, stmts: list[Stmt]) -> None:
        """An indented block."""
        self.indent += 1
        length = len(self.lines)
        self.sequence(stmts)
        if len(self.lines) == length:
            self.put("pass")
        self.indent -= 1

    def within(self, *stmts: Stmt | None) -> tuple[int, ...]:
        """The sites in these statements."""
        return self.sites.within(*stmts) if self.sites is not None else ()

    def sequence(self, stmts: list[Stmt]) -> None:
        """Statements one after another; on the way to a site, those before it are passed over."""
        at = 0
        while at < len(stmts):
            own, later = self.within(stmts[at]), self.within(*stmts[at + 1 :])
            run = 1
            while not own and later and at + run < len(stmts) and not self.within(stmts[at + run]):
                run += 1
            if later:
                self.put(f"if {entered(own, 'not _at')}:")
                self.indent += 1
                length = len(self.lines)
            for stmt in stmts[at : at + run]:
                self.statement(stmt)
            if later:
                if len(self.lines) == length:
                    self.put("pass")
                self.indent -= 1
            at += run

    def statement(self, stmt: Stmt) -> None:
        if isinstance(stmt, Block):
            self.sequence(stmt.body)
            return
        self.at_line(stmt.line)
        if isinstance(stmt, Run):
            number = self.within(stmt)
            if number:
                self.site(stmt, number[0])
            else:
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

    def site(self, stmt: Run, number: int) -> None:
        """A call that may come back in another coroutine, or once more."""
        call = site_call(stmt.expr)
        assert call is not None
        target = ""
        if isinstance(stmt.expr, Assign):
            assert isinstance(stmt.expr.target, VarRef)
            target = f"{stmt.expr.target.var.python} = "
        text = self.call(call).text
        if call.library and call.name in JUMPS:
            text = f"{text[:-2]}, _frame, {number}))"
        self.put(f"_site = {number}")
        self.put(f"if _at: _at = 0; {target}await _go_on()")
        self.put(f"else: {target}{text}")

    def leave(self, stmt: Return) -> None:
        if stmt.value is None or isinstance(stmt.value.type, Void):
            if stmt.value is not None:
                self.discard(stmt.value)
            self.put("return 0")
        else:
            self.put(f"return {self.exact(stmt.value).text}")

    def choose(self, stmt: If, word: str = "if", sites: bool | None = None) -> None:
        """if, else if, else. With ``sites`` there is one in the chain: on the way to it no condition is asked."""
        sites = bool(self.within(stmt)) if sites is None else sites
        test = self.test(stmt.condition).at(OR)
        self.put(f"{word} {entered(self.within(stmt.yes), f'not _at and ({test})') if sites else test}:")
        self.block([stmt.yes])
        if stmt.no is None:
            return
        rest = stmt.no.body if isinstance(stmt.no, Block) else [stmt.no]
        if len(rest) == 1 and isinstance(rest[0], If):
            self.at_line(rest[0].line)
            self.choose(rest[0], "elif", sites)
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
            self.put(f"while {'_at or ' if self.within(stmt) else ''}{self.test(condition).at(OR)}:")
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
        subject, sites = self.fresh("k"), self.within(stmt)
        fresh = "if not _at: " if sites else ""  # on the way to a site it has its value already
        self.kept.append(subject)
        chain = [self.ended(arm, arm is stmt.arms[-1]) for arm in stmt.arms]
        ready = [arm for arm in chain if arm is not None]
        if len(ready) == len(chain):
            self.put(f"{fresh}{subject} = {self.exact(stmt.subject).text}")
            self.around.append(Around(None))
            self.chain(subject, ready)
            self.around.pop()
            return
        entry = {value: index for index, arm in enumerate(stmt.arms) for value in arm.values}
        default = next((index for index, arm in enumerate(stmt.arms) if arm.default), len(stmt.arms))
        self.put(f"{fresh}{subject} = {entry}.get({self.exact(stmt.subject).text}, {default})")
        flag = self.fresh("go")
        self.put(f"{flag} = False")
        self.put("while True:")
        self.around.append(Around(None, flag))
        self.indent += 1
        for index, arm in enumerate(stmt.arms):
            test = f"{subject} <= {index}"
            self.put(f"if {entered(self.within(*arm.body), f'not _at and {test}') if sites else test}:")
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


def entered(sites: tuple[int, ...], otherwise: str) -> str:
    """The condition of a block: true on the way to one of its sites."""
    if not sites:
        return otherwise
    mine = f"_at == {sites[0]}" if len(sites) == 1 else f"_at in {sites}"
    return f"{mine} or {otherwise}"


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
