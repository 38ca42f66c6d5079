"""parse, the small half: the text of a formula → expression nodes.

The grammar, loosest first; each rule is the method of its name:

    choice      = disjunction [ "if" disjunction "otherwise" choice ]
    disjunction = conjunction { "or" conjunction }
    conjunction = negation { "and" negation }
    negation    = "not" negation | comparison
    comparison  = rounding [ ( "<" | "<=" | ">" | ">=" | "is" | "is not" | "in" | "not in" ) rounding ]
    rounding    = sum [ "rounded" ( ( "up" | "down" | "half up" ) "to" primary | "by" NAME ) ]
    sum         = product { ( "+" | "-" ) product }
    product     = factor { ( "*" | "/" ) factor }
    factor      = "-" factor | PERCENT "of" factor | keyed
    keyed       = primary [ "for" ( primary | "(" choice { "," choice } ")" ) ]
    primary     = MONEY | PERCENT | NUMBER [ "years" | "months" | "days" ] | DATE | "yes" | "no"
                | NAME | "(" choice ")" | "[" item { "," item } "]" | call | aggregate
    call        = NAME "(" choice { "," choice } ")"
    aggregate   = ( "sum" | "any" | "every" | "largest" | "smallest" | "count" )
                  "(" [ NUMBER "," ] [ choice "of" ] NAME [ "where" disjunction ] [ "otherwise" choice ] ")"

A day less a day is the days between them. Everything terminates: no loops, no recursion among names, no
attribute access. A formula has at most MAX_LENGTH characters, MAX_TOKENS words and signs, and MAX_DEPTH levels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NoReturn, cast

from benefits_rules.errors import RuleError
from benefits_rules.source import Scalar, Text
from benefits_rules.syntax import (
    Aggregate,
    Binary,
    Call,
    Day,
    Expr,
    IfElse,
    Keyed,
    Name,
    Number,
    Rounded,
    Unary,
    Words,
    YesNo,
)

MAX_LENGTH = 2_000
MAX_DEPTH = 40
MAX_TOKENS = 250

AGGREGATES = ("sum", "any", "every", "largest", "smallest", "count")
KEYWORDS = frozenset(["and", "or", "not", "is", "in", "if", "otherwise", "of", "where", "for", "rounded", "yes", "no"])

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<date>\d{4}-\d{2}-\d{2}(?!\w))
      | (?P<money>\$\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w|,\d)|\$\d+(?:\.\d+)?(?!\w|,\d))
      | (?P<percent>\d+(?:\.\d+)?%)
      | (?P<number>\d+(?:\.\d+)?(?![\w.]))
      | (?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)
      | (?P<op><=|>=|[-+*/<>(),\[\]])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    at: int
    end: int


def parse_expression(scalar: Scalar) -> Expr:
    """The formula that a scalar holds. Raises :class:`RuleError` with a caret."""
    source, start, end = scalar.source, scalar.start, scalar.end
    raw = source.text[start:end]
    if scalar.style in ("|", ">"):
        start += raw.find("\n") + 1
    elif scalar.style is not None:
        start, end = start + 1, end - 1
    if not source.text[start:end].strip():
        raise RuleError([source.problem("empty", scalar.start, "a formula is missing here", "write one after the colon")])
    if end - start > MAX_LENGTH:
        raise RuleError([source.problem("too-long", start, f"a formula over {MAX_LENGTH:,} characters", "name a part of it")])
    return _Parser(source, _tokens(source, start, end)).whole()


def _tokens(source: Text, start: int, end: int) -> list[Token]:
    tokens, at = [], start
    while at < end:
        found = _TOKEN.match(source.text, at, end)
        if not found:
            raise RuleError(
                [
                    source.problem(
                        "character",
                        at,
                        "this cannot stand in a formula",
                        "write a name, an amount such as $1,500, 20%, or an operator",
                    )
                ]
            )
        kind = cast(str, found.lastgroup)
        if kind != "space":
            tokens.append(Token(kind, found[0], at, found.end()))
        at = found.end()
    if len(tokens) > MAX_TOKENS:
        what = f"a formula of more than {MAX_TOKENS} words and signs"
        raise RuleError([source.problem("too-long", tokens[MAX_TOKENS].at, what, "name a part of it")])
    tokens.append(Token("end", "", end, end))
    return tokens


class _Parser:
    def __init__(self, source: Text, tokens: list[Token]) -> None:
        self.source, self.tokens, self.i, self.depth = source, tokens, 0, 0

    # ------------------------------------------------------------ the tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.i]

    def is_next(self, *texts: str) -> bool:
        return self.token.kind in ("name", "op") and self.token.text in texts

    def take(self) -> Token:
        token = self.token
        self.i += 1
        return token

    def accept(self, *texts: str) -> Token | None:
        return self.take() if self.is_next(*texts) else None

    def expect(self, text: str) -> Token:
        if not self.is_next(text):
            self.refuse("syntax", self.token, f"expected `{text}`", f"add `{text}`, or close what stands before")
        return self.take()

    def refuse(self, code: str, token: Token, what: str, mend: str) -> NoReturn:
        if token.kind == "end":
            what = f"the formula ends too early: {what}"
        raise RuleError([self.source.problem(code, token.at, what, mend, max(1, len(token.text)))])

    # ------------------------------------------------------------ the grammar

    def whole(self) -> Expr:
        found = self.choice()
        if self.token.kind != "end":
            self.refuse(
                "syntax",
                self.token,
                "this does not follow from what stands before",
                "join the two with an operator, or remove one",
            )
        return found

    def choice(self) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(
                "too-deep",
                self.token,
                f"more than {MAX_DEPTH} levels are nested here",
                "name an inner part as a value of its own",
            )
        then = self.disjunction()
        if self.accept("if"):
            condition = self.disjunction()
            self.expect("otherwise")
            other = self.choice()
            then = IfElse(condition, then, other, then.at, other.end)
        self.depth -= 1
        return then

    def disjunction(self) -> Expr:
        a = self.conjunction()
        while self.accept("or"):
            b = self.conjunction()
            a = Binary("or", a, b, a.at, b.end)
        return a

    def conjunction(self) -> Expr:
        a = self.negation()
        while self.accept("and"):
            b = self.negation()
            a = Binary("and", a, b, a.at, b.end)
        return a

    def negation(self) -> Expr:
        nots = []
        while found := self.accept("not"):
            nots.append(found)
        x = self.comparison()
        for found in reversed(nots):
            x = Unary("not", x, found.at, x.end)
        return x

    def comparison(self) -> Expr:
        a = self.rounding()
        if operator := self.accept("<", "<=", ">", ">=", "is", "in", "not"):
            op = operator.text
            if op == "not":
                self.expect("in")
                op = "not in"
            elif op == "is" and self.accept("not"):
                op = "is not"
            b = self.rounding()
            if self.is_next("<", "<=", ">", ">=", "is", "in"):
                self.refuse("chained", self.token, "comparisons cannot be chained", "join two comparisons with `and`")
            return Binary(op, a, b, a.at, b.end)
        return a

    def rounding(self) -> Expr:
        x = self.sum()
        if self.accept("rounded"):
            if self.accept("by"):
                kind = self.primary()
                return Rounded(x, "by", kind, x.at, kind.end)
            if self.accept("half"):
                self.expect("up")
                how = "half up"
            elif found := self.accept("up", "down"):
                how = found.text
            else:
                self.refuse("syntax", self.token, "expected `up`, `down` or `half up`", "say how the law rounds")
            self.expect("to")
            unit = self.primary()
            return Rounded(x, how, unit, x.at, unit.end)  # type: ignore[arg-type]
        return x

    def sum(self) -> Expr:
        a = self.product()
        while operator := self.accept("+", "-"):
            b = self.product()
            a = Binary(operator.text, a, b, a.at, b.end)
        return a

    def product(self) -> Expr:
        a = self.factor()
        while operator := self.accept("*", "/"):
            b = self.factor()
            a = Binary(operator.text, a, b, a.at, b.end)
        return a

    def factor(self) -> Expr:
        signs = []
        while found := self.accept("-"):
            signs.append(found)
        x = self.keyed()
        if isinstance(x, Number) and x.kind == "percent" and self.accept("of"):
            b = self.factor()
            x = Binary("of", x, b, x.at, b.end)
        for found in reversed(signs):
            x = Unary("-", x, found.at, x.end)
        return x

    def keyed(self) -> Expr:
        x = self.primary()
        if isinstance(x, Name) and self.accept("for"):
            if self.accept("("):
                keys = self.several(")")
            else:
                keys = (self.primary(),)
            return Keyed(x, keys, x.at, self.tokens[self.i - 1].end)
        return x

    def several(self, close: str) -> tuple[Expr, ...]:
        found = [self.choice()]
        while self.accept(","):
            found.append(self.choice())
        self.expect(close)
        return tuple(found)

    def primary(self) -> Expr:
        token = self.token
        match token.kind:
            case "money":
                self.take()
                return Number(token.text[1:].replace(",", ""), "money", token.at, token.end)
            case "percent":
                self.take()
                return Number(token.text[:-1], "percent", token.at, token.end)
            case "number":
                return self.number()
            case "date":
                return self.day()
            case "op" if token.text == "(":
                self.take()
                inside = self.choice()
                self.expect(")")
                return inside
            case "op" if token.text == "[":
                return self.words()
            case "name" if token.text in ("yes", "no"):
                self.take()
                return YesNo(token.text == "yes", token.at, token.end)
            case "name" if token.text not in KEYWORDS:
                self.take()
                if self.is_next("("):
                    return self.aggregate(token) if token.text in AGGREGATES else self.call(token)
                return Name(token.text, token.at, token.end)
        self.refuse("syntax", token, "expected a name, a figure or `(`", "write what is meant here")

    def number(self) -> Number:
        token = self.take()
        kind = "decimal" if "." in token.text else "whole"
        end = token.end
        if kind == "whole" and (unit := self.accept("years", "year", "months", "month", "days", "day")):
            kind, end = unit.text.rstrip("s") + "s", unit.end
        return Number(token.text, kind, token.at, end)  # type: ignore[arg-type]

    def day(self) -> Day:
        token = self.take()
        try:
            return Day(date.fromisoformat(token.text), token.at, token.end)
        except ValueError:
            self.refuse("date", token, "there is no such day", "write a real date as YYYY-MM-DD")

    def words(self) -> Words:
        opened = self.take()
        items: list[Name | Number] = []
        while True:
            item = self.primary()
            if not isinstance(item, (Name, Number)):
                self.refuse("syntax", self.tokens[self.i - 1], "a list holds words or whole numbers only", "write [word, word]")
            items.append(item)
            if not self.accept(","):
                break
        closed = self.expect("]")
        return Words(tuple(items), opened.at, closed.end)

    def call(self, name: Token) -> Call:
        self.take()
        arguments = self.several(")")
        return Call(name.text, arguments, name.at, self.tokens[self.i - 1].end)

    def aggregate(self, name: Token) -> Aggregate:
        self.take()
        nth = 1
        if self.token.kind == "number" and self.tokens[self.i + 1].text == ",":
            nth = int(self.take().text) if self.token.text.isdigit() else 0
            self.take()
        value = self.choice()
        if self.accept("of"):
            over: Expr = self.primary()
        else:
            value, over = None, value  # type: ignore[assignment]
        if not isinstance(over, Name):
            self.refuse(
                "syntax", self.tokens[self.i - 1], "expected the name of a set, such as `members`", "write `… of members`"
            )
        where = self.disjunction() if self.accept("where") else None
        otherwise = self.choice() if self.accept("otherwise") else None
        closed = self.expect(")")
        return Aggregate(name.text, nth, value, over, where, otherwise, name.at, closed.end)
