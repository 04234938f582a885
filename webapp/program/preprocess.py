"""The preprocessor: #include of the usual headers, #define, conditionals; comments are blanks.

What comes out is text for the parser with the line numbers of the program, and a `Unit` that knows for every column
of it the column of the program that it comes from. A token out of a macro stands where the macro was used.

Not modelled: the operators # and ##, variadic macros, headers of one's own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field

from webapp.program.conditions import holds
from webapp.program.errors import Mistakes
from webapp.program.headers import HEADERS, MACROS
from webapp.program.limits import Limits
from webapp.program.tokens import Token, tokenize

PREDEFINED = {"__linux__": "1", "__arm__": "1", "__ARM_ARCH": "7", "__GNUC__": "12", "__STDC__": "1"}
PREDEFINED |= {"__STDC_VERSION__": "201112L", "__SIZEOF_POINTER__": "4", "__CHAR_UNSIGNED__": "1"}
NO_TOKENS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Macro:
    """``params`` is None for a macro without brackets."""

    name: str
    params: list[str] | None
    body: list[Token]


@dataclass(slots=True)
class Unit:
    """The preprocessed program. ``places`` maps the columns of each line to those of the program as written."""

    tokens: list[Token]
    headers: set[str]
    macros: dict[str, Macro]
    text: str = ""
    places: list[list[tuple[int, int]]] = field(default_factory=list)

    def column(self, line: int, column: int) -> int:
        """The column in the program of a column in ``text``."""
        if not 0 < line <= len(self.places) or not self.places[line - 1]:
            return column
        places = self.places[line - 1]
        return places[max(0, bisect_right(places, (column, 1 << 30)) - 1)][1]

    def render(self, tokens: list[Token]) -> str:
        """``tokens`` as text, each on its line; remembers where each stands."""
        lines: list[list[str]] = [[]]
        self.places, width = [[]], 0
        for token in tokens:
            while len(lines) < token.line:
                lines.append([])
                self.places.append([])
                width = 0
            self.places[-1].append((width + 1, token.column))
            lines[-1].append(token.text.replace("\\\n", ""))
            width += len(lines[-1][-1]) + 1
        self.text = "\n".join(" ".join(line) for line in lines) + "\n"
        return self.text


class Preprocessor:
    """One pass over the tokens of a program."""

    def __init__(self, mistakes: Mistakes, limits: Limits) -> None:
        self.mistakes, self.limits = mistakes, limits
        self.headers: set[str] = set()
        self.macros: dict[str, Macro] = {
            name: Macro(name, None, [Token("number", value, 0, 0)]) for name, value in PREDEFINED.items()
        }
        self.branches: list[tuple[Token, bool, bool]] = []  # the #if, whether we are in, whether a branch was taken
        self.spent = 0

    def run(self, text: str) -> Unit:
        tokens = tokenize(text)
        out: list[Token] = []
        pending: list[Token] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if not (token.first and token.text == "#"):
                if self.active:
                    pending.append(self.sound(token))
                index += 1
                continue
            end = index + 1
            while end < len(tokens) and not tokens[end].first:
                end += 1
            out += self.expand(pending)
            pending = []
            line = tokens[index + 1 : end]
            self.directive(token, [self.sound(each) for each in line] if self.active else line)
            index = end
        out += self.expand(pending)
        for branch, _, _ in self.branches:
            self.mistakes.add(branch.line, branch.column, "this condition has no #endif.")
        return Unit(out, self.headers, self.macros)

    def sound(self, token: Token) -> Token:
        """The token, or, after noting the mistake, one that the parser need not stumble over again."""
        if token.kind != "odd":
            return token
        self.mistakes.add(token.line, token.column, token.text)
        kind, text = ("string", '""') if "string" in token.text else ("number", "0")
        return Token(kind, text, token.line, token.column)

    @property
    def active(self) -> bool:
        return all(taken for _, taken, _ in self.branches)

    def directive(self, mark: Token, line: list[Token]) -> None:
        """Obey one line that begins with #."""
        word = line[0].text if line else ""
        if word in ("if", "ifdef", "ifndef", "elif", "else", "endif"):
            self.conditional(word, mark, line[1:])
        elif not self.active or word in ("", "pragma"):
            return
        elif word == "include":
            self.include(mark, line[1:])
        elif word == "define":
            self.define(mark, line[1:])
        elif word == "undef" and len(line) == 2:
            self.macros.pop(line[1].text, None)
        elif word == "error":
            self.mistakes.add(mark.line, mark.column, "#error " + " ".join(token.text for token in line[1:]))
        else:
            known = "#include, #define, #undef, #if, #ifdef, #ifndef, #elif, #else, #endif"
            self.mistakes.add(mark.line, mark.column, f"#{word} is not in the subset: use {known}.")

    def conditional(self, word: str, mark: Token, rest: list[Token]) -> None:
        if word in ("if", "ifdef", "ifndef"):
            taken = self.active and self.condition(word, mark, rest)
            self.branches.append((mark, taken, taken or not self.active))
        elif not self.branches:
            self.mistakes.add(mark.line, mark.column, f"#{word} without an #if before it.")
        elif word == "endif":
            self.branches.pop()
        else:
            start, _, done = self.branches.pop()
            taken = not done and self.active and (word == "else" or self.condition("if", mark, rest))
            self.branches.append((start, taken, done or taken))

    def condition(self, word: str, mark: Token, rest: list[Token]) -> bool:
        """Whether the condition of an #if, #ifdef or #ifndef holds."""
        if word != "if":
            return bool(rest) and self.defined(rest[0].text) == (word == "ifdef")
        asked: list[Token] = []
        index = 0
        while index < len(rest):
            token = rest[index]
            if token.text == "defined" and index + 1 < len(rest):
                bracket = rest[index + 1].text == "(" and index + 3 < len(rest)
                name = rest[index + 2 if bracket else index + 1]
                asked.append(Token("number", str(int(self.defined(name.text))), token.line, token.column))
                index += 4 if bracket else 2
            else:
                asked.append(token)
                index += 1
        return holds(self.expand(asked), mark, self.mistakes)

    def defined(self, name: str) -> bool:
        return name in self.macros or any(name in HEADERS[header] for header in self.headers)

    def include(self, mark: Token, rest: list[Token]) -> None:
        text = "".join(token.text for token in rest)
        name = text[1:-1] if len(text) > 2 and text[0] + text[-1] in ("<>", '""') else ""
        if not name:
            self.mistakes.add(mark.line, mark.column, "#include wants a header, as in #include <stdio.h>.")
        elif name not in HEADERS:
            at = rest[0]
            known = ", ".join(f"<{header}>" for header in sorted(HEADERS))
            self.mistakes.add(at.line, at.column, f"Pagewalk has no header {text}. Headers you can include: {known}.")
        elif name not in self.headers:
            self.headers.add(name)
            for text in MACROS.get(name, []):
                self.define(mark, tokenize(text))

    def define(self, mark: Token, rest: list[Token]) -> None:
        if not rest or rest[0].kind != "name":
            self.mistakes.add(mark.line, mark.column, "#define wants a name, as in #define PAGE 4096.")
            return
        name, body, params = rest[0], rest[1:], None
        if body and body[0].text == "(" and body[0].glued:
            close = next((i for i, token in enumerate(body) if token.text == ")"), len(body))
            inside = body[1:close]
            params = [token.text for token in inside[::2]]
            commas = all(token.text == "," for token in inside[1::2])
            if close == len(body) or not commas or any(token.kind != "name" for token in inside[::2]):
                self.mistakes.add(
                    name.line, name.column, f"the parameters of the macro {name.text} are not plain names."
                )
                return
            body = body[close + 1 :]
        for token in body:
            if token.text in ("#", "##"):
                self.mistakes.add(
                    token.line, token.column, f"the operator {token.text} of macros is not in the subset."
                )
                return
        self.macros[name.text] = Macro(name.text, params, body)

    def expand(self, tokens: list[Token], depth: int = 0) -> list[Token]:
        """``tokens`` with every macro replaced, again and again, but none within itself."""
        out: list[Token] = []
        queue = deque(tokens)
        while queue:
            token = queue.popleft()
            macro = self.macros.get(token.text) if token.kind == "name" else None
            if token.text == "__LINE__":
                token = Token("number", str(token.line), token.line, token.column)
            if macro is None or macro.name in token.hidden:
                out.append(token)
                continue
            args: list[list[Token]] = []
            if macro.params is not None:
                if not queue or queue[0].text != "(":
                    out.append(token)
                    continue
                found = self.arguments(token, macro, queue)
                if found is None or depth > self.limits.nesting:
                    out.append(Token("number", "0", token.line, token.column))
                    continue
                args = [self.expand(arg, depth + 1) for arg in found]
            replaced = self.replaced(token, macro, args)
            self.spent += len(replaced) + 1
            if self.spent > self.limits.tokens:
                self.mistakes.add(
                    token.line, token.column, f"the macros expand to more than {self.limits.tokens} tokens."
                )
                self.macros.clear()
                return out
            queue.extendleft(reversed(replaced))
        return out

    def replaced(self, place: Token, macro: Macro, args: list[list[Token]]) -> list[Token]:
        """The body of a macro with its arguments in it, standing at ``place``."""
        hidden = place.hidden | {macro.name}
        given = dict(zip(macro.params or [], args, strict=False))
        out: list[Token] = []
        for token in macro.body:
            if token.kind == "name" and token.text in given:
                out += [each.at(place, NO_TOKENS) for each in given[token.text]]
            else:
                out.append(token.at(place, hidden))
            if len(out) > self.limits.tokens:
                break
        return out

    def arguments(self, place: Token, macro: Macro, queue: deque[Token]) -> list[list[Token]] | None:
        """Take the bracketed arguments of a macro off the queue; None after a mistake."""
        queue.popleft()
        args: list[list[Token]] = [[]]
        depth = 1
        while queue:
            token = queue.popleft()
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                break
            if token.text == "," and depth == 1:
                args.append([])
            else:
                args[-1].append(token)
        wanted = len(macro.params or [])
        if args == [[]] and wanted == 0:
            args = []
        if depth or len(args) != wanted:
            problem = "has no closing bracket" if depth else f"wants {wanted} arguments and gets {len(args)}"
            self.mistakes.add(place.line, place.column, f"the macro {macro.name} {problem}.")
            return None
        return args


def preprocess(text: str, mistakes: Mistakes, limits: Limits) -> Unit:
    """Preprocess a program."""
    unit = Preprocessor(mistakes, limits).run(text)
    if len(unit.tokens) > limits.tokens:
        last = unit.tokens[limits.tokens]
        mistakes.add(last.line, last.column, f"the program is too long: at most {limits.tokens} tokens.")
    return unit
