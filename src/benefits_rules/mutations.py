"""Mutants of a page's definitions: one change each, made on the frozen syntax nodes.

An operator swapped, a figure moved by one unit, a period or an exception moved by a month, a rounding turned, a
``not`` put in or left out, a clause dropped, a word of an enumeration swapped. Table cells are no mutants.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from benefits_rules.examples import Example
from benefits_rules.formulas import ROUNDINGS
from benefits_rules.resolve import Rules
from benefits_rules.syntax import (
    Aggregate,
    Binary,
    Branch,
    Call,
    Condition,
    Content,
    Day,
    Definition,
    Exemption,
    Expr,
    Formula,
    IfElse,
    Keyed,
    Name,
    Number,
    Options,
    Period,
    Rounded,
    Unary,
    Variant,
    Words,
    YesNo,
)
from benefits_rules.units import Type

SWAPPED = {
    "+": "-",
    "-": "+",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "and": "or",
    "or": "and",
    "is": "is not",
    "is not": "is",
    "in": "not in",
    "not in": "in",
    "min": "max",
    "max": "min",
    "sum": "largest",
    "largest": "smallest",
    "smallest": "largest",
    "any": "every",
    "every": "any",
}
COMPARISONS = ("<", "<=", ">", ">=")
#: A rounding's other kinds.
ROUNDED = {"up": ("down", "half up"), "down": ("up", "half up"), "half up": ("up", "down")}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One definition with one change: ``key`` says what, ``file`` and ``line`` where it stands."""

    name: str
    changed: Definition
    key: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Change:
    """A changed part of a definition."""

    new: Any
    at: int
    what: str


class Mutator:
    """Makes the mutants of one page. It knows what its names are: yes/no, money, an enumeration with its words."""

    def __init__(self, rules: Rules, page: str, examples: Iterable[Example]) -> None:
        self.rules, self.page = rules, page
        self.program, _, word = page.partition("/")
        self.state = None if word == "us" else word.upper()
        self.types: dict[str, Type] = {}
        for example in examples:
            self.types |= {n.name: n.type for n in rules.plan(self.program, example.state, example.at, whole=True).nodes}
        self.definitions = rules.definitions(self.program, self.state)
        self.own = [self.definitions[name] for name in rules.module(page).definitions]
        self.facts: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for (_, name), fact in rules.catalogue.facts.items():
            self.facts.setdefault(name, []).append((fact.unit, fact.options))
        self.local: dict[str, Expr] = {}
        self.text = ""

    def mutants(self) -> list[Mutant]:
        """Every mutant of the page; equal changes of one definition are numbered."""
        found: list[Mutant] = []
        for definition in self.own:
            self.text = definition.source.text
            count = Counter[str]()
            for change in self.definition(definition):
                count[change.what] += 1
                again = f" #{count[change.what]}" if count[change.what] > 1 else ""
                place = definition.source.problem("mutant", change.at, "")
                key = f"{definition.name}: {change.what}{again}"
                found.append(Mutant(definition.name, change.new, key, place.file, place.line))
        return found

    # ------------------------------------------------------------ definitions

    def definition(self, definition: Definition) -> Iterator[Change]:
        for i, variant in enumerate(definition.variants):

            def put(new: Variant, i: int = i) -> Definition:
                return replace(definition, variants=(*definition.variants[:i], new, *definition.variants[i + 1 :]))

            for period, what in self.periods(variant.period):
                yield Change(put(replace(variant, period=period)), variant.at, what)
            for change in self.content(variant.content, definition):
                since = f" (from {variant.period.start})" if len(definition.variants) > 1 else ""
                yield Change(put(replace(variant, content=change.new)), change.at, change.what + since)

    def periods(self, period: Period) -> Iterator[tuple[Period, str]]:
        for side in ("start", "end"):
            day: date | None = getattr(period, side)
            for months in (-1, 1) if day else ():
                assert day is not None
                moved = later(day, months)
                yield replace(period, **{side: moved}), f"{'from' if side == 'start' else 'to'} {day} → {moved}"

    def content(self, content: Content, definition: Definition) -> Iterator[Change]:
        match content:
            case Formula():
                yield from self.formula(content, definition)
            case Condition():
                yield from self.condition(content)
            case Options(items):
                for change in self.words(items, definition.at):
                    yield Change(Options(change.new), change.at, change.what)
            case _:
                return  # the cells of a table

    def formula(self, formula: Formula, definition: Definition) -> Iterator[Change]:
        self.local = dict(formula.names)
        want = tuple(ROUNDINGS) if definition.unit == "rounding" else ()
        if definition.name in self.types:
            want = self.types[definition.name].options or want
        for i, (name, expr) in enumerate(formula.names):
            for c in self.expr(expr):
                names = (*formula.names[:i], (name, c.new), *formula.names[i + 1 :])
                yield Change(replace(formula, names=names), c.at, c.what)
        for i, branch in enumerate(formula.branches):
            before, after = formula.branches[:i], formula.branches[i + 1 :]
            if branch.when is not None:
                fewer = replace(formula, branches=(*before, *after))
                yield Change(fewer, branch.when.at, f"choice `{self.show(branch.when)}` dropped")
                for c in self.expr(branch.when):
                    yield Change(replace(formula, branches=(*before, Branch(c.new, branch.value), *after)), c.at, c.what)
            for c in self.expr(branch.value, want):
                yield Change(replace(formula, branches=(*before, Branch(branch.when, c.new), *after)), c.at, c.what)
        self.local = {}

    def condition(self, content: Condition) -> Iterator[Change]:
        for c in self.expr(content.pass_when):
            yield Change(replace(content, pass_when=c.new), c.at, c.what)
        if content.applies_when is not None:
            yield Change(replace(content, applies_when=None), content.applies_when.at, "applies_when dropped")
            for c in self.expr(content.applies_when):
                yield Change(replace(content, applies_when=c.new), c.at, c.what)
        for i, exception in enumerate(content.exceptions):
            before, after = content.exceptions[:i], content.exceptions[i + 1 :]
            yield Change(replace(content, exceptions=before + after), exception.at, f"exception {exception.name} dropped")
            for c in self.exception(exception):
                yield Change(replace(content, exceptions=(*before, c.new, *after)), c.at, c.what)

    def exception(self, exception: Exemption) -> Iterator[Change]:
        for period, what in self.periods(exception.period):
            yield Change(replace(exception, period=period), exception.at, f"exception {exception.name} {what}")
        for c in self.expr(exception.when):
            yield Change(replace(exception, when=c.new), c.at, c.what)

    # ------------------------------------------------------------ expressions

    def expr(self, x: Expr, want: tuple[str, ...] = (), negate: bool = True) -> Iterator[Change]:
        """The changes of an expression. ``want``: the words that may stand here; ``negate``: whether `not` may be put before."""
        if want and isinstance(x, Name) and x.text in want:
            others = [w for w in want if w != x.text]
            for word in others if want == tuple(ROUNDINGS) else [want[(want.index(x.text) + 1) % len(want)]]:
                yield Change(replace(x, text=word), x.at, f"`{x.text}` → `{word}`")
            return
        if negate and self.is_truth(x) and self.may_negate(x):
            yield Change(Unary("not", x, x.at, x.end), x.at, f"not `{self.show(x)}`")
        match x:
            case Number():
                yield from self.number(x)
            case YesNo(value):
                yield Change(replace(x, value=not value), x.at, f"`{self.show(x)}` flipped")
            case Day(day):
                for months in (-1, 1):
                    yield Change(replace(x, day=later(day, months)), x.at, f"`{day}` → `{later(day, months)}`")
            case Unary(op, inner):
                yield Change(inner, x.at, f"`{op}` of `{self.show(x)}` removed")
                yield from self.inside(x, "x", self.expr(inner, negate=False))
            case Binary():
                yield from self.binary(x)
            case IfElse(condition, then, other):
                yield Change(then, x.at, f"always `{self.show(then)}`")
                yield Change(other, x.at, f"never `{self.show(then)}`")
                yield from self.inside(x, "condition", self.expr(condition))
                yield from self.inside(x, "then", self.expr(then, want))
                yield from self.inside(x, "other", self.expr(other, want))
            case Call():
                yield from self.call(x)
            case Aggregate():
                yield from self.aggregate(x)
            case Rounded():
                yield from self.rounded(x)
            case Keyed(table, keys):
                yield Change(table, x.at, f"`{self.show(x)}` → `{table.text}`")
                for i, key in enumerate(keys):
                    for c in self.expr(key):
                        yield Change(replace(x, keys=(*keys[:i], c.new, *keys[i + 1 :])), c.at, c.what)
            case _:
                return

    def number(self, x: Number) -> Iterator[Change]:
        value, before, after = Decimal(x.text), "$" * (x.kind == "money"), "%" * (x.kind == "percent")
        after = f" {x.kind}" if x.kind in ("years", "months", "days") else after
        steps = [Decimal(1)] if x.kind != "decimal" else [Decimal(1).scaleb(-len(x.text.partition(".")[2]))]
        if x.kind == "money" and "." in x.text:
            steps.append(Decimal("0.01"))
        for step in steps:
            for moved in (value - step, value + step):
                if moved >= 0:
                    yield Change(replace(x, text=str(moved)), x.at, f"`{self.show(x)}` → `{before}{moved}{after}`")

    def binary(self, x: Binary) -> Iterator[Change]:
        if x.op in SWAPPED:
            yield Change(replace(x, op=SWAPPED[x.op]), x.at, f"`{self.show(x)}`: {x.op} → {SWAPPED[x.op]}")
        if x.op in ("and", "or"):
            yield Change(x.a, x.b.at, f"`{x.op} {self.show(x.b)}` dropped")
            yield Change(x.b, x.a.at, f"`{self.show(x.a)} {x.op}` dropped")
        want: tuple[str, ...] = ()
        if x.op in ("is", "is not", "in", "not in"):
            want = self.options(x.a, x.b)
        yield from self.inside(x, "a", self.expr(x.a))
        if isinstance(x.b, Words):
            for c in self.words(x.b.items, x.b.at, want):
                yield Change(replace(x, b=replace(x.b, items=c.new)), c.at, c.what)
        else:
            yield from self.inside(x, "b", self.expr(x.b, want))

    def words(self, items: tuple[Name | Number, ...], at: int, known: tuple[str, ...] = ()) -> Iterator[Change]:
        """A list of words with one left out, or with one more."""
        written = [i.text for i in items]
        known = known or self.list_options(written)
        for i, item in enumerate(items if len(items) > 1 else ()):
            yield Change((*items[:i], *items[i + 1 :]), item.at, f"`{item.text}` left out")
        more = next((w for w in reversed(known) if w not in written), None)
        if more is not None:
            yield Change((*items, Name(more, items[-1].at, items[-1].end)), at, f"`{more}` put in after `{written[-1]}`")

    def call(self, x: Call) -> Iterator[Change]:
        arguments, function = x.arguments, x.function
        if function in ("min", "max"):
            swapped = SWAPPED[function]
            yield Change(replace(x, function=swapped), x.at, f"`{self.show(x)}`: {function} → {swapped}")
            for i, argument in enumerate(arguments):
                rest = (*arguments[:i], *arguments[i + 1 :])
                fewer = rest[0] if len(rest) == 1 else replace(x, arguments=rest)
                yield Change(fewer, argument.at, f"`{self.show(argument)}` dropped from {function}")
        if function == "per_month" and len(arguments) == 4:
            turned = (*arguments[:2], arguments[3], arguments[2])
            yield Change(replace(x, arguments=turned), x.at, "the factors of per_month swapped")
        for i, argument in enumerate(arguments):
            for c in self.expr(argument):
                yield Change(replace(x, arguments=(*arguments[:i], c.new, *arguments[i + 1 :])), c.at, c.what)

    def aggregate(self, x: Aggregate) -> Iterator[Change]:
        if x.function in SWAPPED:
            otherwise = x.otherwise
            if x.function == "sum":
                otherwise = Number("0", "money" if x.value is not None and self.is_money(x.value) else "whole", x.at, x.end)
            swapped = SWAPPED[x.function]
            yield Change(replace(x, function=swapped, otherwise=otherwise), x.at, f"`{self.show(x)}`: {x.function} → {swapped}")
        for nth in (x.nth - 1, x.nth + 1) if x.function in ("largest", "smallest") else ():
            if 1 <= nth <= 9:
                yield Change(replace(x, nth=nth), x.at, f"`{self.show(x)}`: the {x.nth}. → the {nth}.")
        if x.where is not None:
            yield Change(replace(x, where=None), x.where.at, f"`where {self.show(x.where)}` dropped")
            yield from self.inside(x, "where", self.expr(x.where))
        if x.value is not None:
            yield from self.inside(x, "value", self.expr(x.value))
        if x.otherwise is not None:
            yield from self.inside(x, "otherwise", self.expr(x.otherwise))

    def rounded(self, x: Rounded) -> Iterator[Change]:
        whole = self.show(x)
        is_division = isinstance(x.x, Binary) and x.x.op == "/"
        if not is_division:
            yield Change(x.x, x.at, f"rounding of `{whole}` dropped")
        for how in ROUNDED.get(x.how, ()):
            yield Change(replace(x, how=cast(Any, how)), x.at, f"`{whole}`: {x.how} → {how}")
        if isinstance(x.unit, Number):
            tenfold = replace(x.unit, text=str(10 * Decimal(x.unit.text)))
            yield Change(replace(x, unit=tenfold), x.unit.at, f"`{whole}`: unit × 10")
        yield from self.inside(x, "x", self.expr(x.x))

    def inside(self, x: Any, part: str, changes: Iterable[Change]) -> Iterator[Change]:
        for c in changes:
            yield Change(replace(x, **{part: c.new}), c.at, c.what)

    # ------------------------------------------------------------ what a name is

    def show(self, x: Expr) -> str:
        text = " ".join(self.text[x.at : x.end].split())
        return text if len(text) <= 60 else f"{text[:57]}…"

    def is_truth(self, x: Expr) -> bool:
        match x:
            case Name(text):
                if text in self.local:
                    return self.is_truth(self.local[text])
                word = text.rpartition(".")[2]
                if word in self.types:
                    return self.types[word].base == "yes/no"
                return any(unit == "yes/no" for unit, _ in self.facts.get(word, []))
            case Binary():
                return x.op not in ("+", "-", "*", "/", "of")
            case Unary(op):
                return op == "not"
            case Call():
                return x.function in ("meets", "fails", "exempt")
            case Aggregate():
                return x.function in ("any", "every")
            case YesNo():
                return True
            case _:
                return False

    def may_negate(self, x: Expr) -> bool:
        """Whether `not` before it says something that no other mutant of it says."""
        return isinstance(x, (Name, Call, Aggregate)) or (isinstance(x, Binary) and x.op in COMPARISONS)

    def is_money(self, x: Expr) -> bool:
        match x:
            case Name(text):
                if text in self.local:
                    return self.is_money(self.local[text])
                word = text.rpartition(".")[2]
                if word in self.types:
                    return self.types[word].base == "USD"
                return any(unit.startswith("USD") for unit, _ in self.facts.get(word, []))
            case Number():
                return x.kind == "money"
            case Binary():
                return self.is_money(x.a) or self.is_money(x.b)
            case IfElse():
                return self.is_money(x.then) or self.is_money(x.other)
            case Rounded():
                return self.is_money(x.x)
            case Call() | Aggregate():
                first = x.arguments[0] if isinstance(x, Call) else x.value
                return first is not None and self.is_money(first)
            case _:
                return False

    def options(self, a: Expr, b: Expr) -> tuple[str, ...]:
        """The words that may stand where ``b`` is compared with ``a``."""
        words = {b.text} if isinstance(b, Name) else {i.text for i in b.items} if isinstance(b, Words) else set()
        if isinstance(a, Name):
            name = a.text.rpartition(".")[2]
            known = [self.types[name].options] if name in self.types else [options for _, options in self.facts.get(name, [])]
            return next((options for options in known if words and words <= set(options)), ())
        return ()

    def list_options(self, words: list[str]) -> tuple[str, ...]:
        known = [options for facts in self.facts.values() for _, options in facts] + [t.options for t in self.types.values()]
        return next((options for options in known if options and set(words) <= set(options)), ())


def later(day: date, months: int) -> date:
    """The same day of a month before or after, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
