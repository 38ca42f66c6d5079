"""Do a page's examples pin its rules? Change one thing in a definition at a time and see whether an example notices.

    python -m benefits_rules.mutants [PAGE ...] [--at-least 95] [--equivalent FILE] [--sample N] [--jobs N]

A mutant is one definition with one change: an operator swapped, a figure moved by one unit, a period or an
exception moved by a month, a rounding turned, a `not` put in or left out, a clause dropped, a word of an
enumeration swapped. It is caught when an example beside the page gives a problem, or when the page with it is
refused. Table cells are no mutants: they are held against a second transcription. A change of dates that says
the same in every month is none either. Mutants that no household can tell apart are listed, each with its
reason, in ``tests/equivalent_mutants.yaml``:

    snap/us:
      - {mutant: "sharing_size: `counted` dropped", why: "…"}
"""

from __future__ import annotations

import argparse
import calendar
import os
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

from benefits_rules.errors import RuleError
from benefits_rules.examples import Example, read_examples, run
from benefits_rules.formulas import ROUNDINGS
from benefits_rules.frame import Unsettled
from benefits_rules.plan import Plan
from benefits_rules.proof import prove
from benefits_rules.resolve import Rules, change_dates, rules_folder
from benefits_rules.source import Mapping, Scalar, Sequence, fail, read_file
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
from benefits_rules.values import Unsure

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


@dataclass(frozen=True, slots=True)
class Report:
    """How a page did: its survivors do not include those known to be equivalent."""

    page: str
    examples: int
    failing: int
    mutants: int
    caught: int
    survivors: tuple[Mutant, ...]
    stale: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        return 100.0 * self.caught / self.mutants if self.mutants else 100.0


# ---------------------------------------------------------------- making mutants


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
                moved = _later(day, months)
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
                    yield Change(replace(x, day=_later(day, months)), x.at, f"`{day}` → `{_later(day, months)}`")
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


def _later(day: date, months: int) -> date:
    """The same day of a month before or after, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# ---------------------------------------------------------------- running them


class Judge:
    """The examples of one page and which of them a definition can reach."""

    def __init__(self, rules: Rules, page: str) -> None:
        self.rules, self.page, self.program = rules, page, page.partition("/")[0]
        read = read_examples(rules, page)
        self.examples = [e for e in read if not run(rules, e)]
        self.failing = len(read) - len(self.examples)
        self.reached = [self.reach(e, set(_expected(e.expect))) for e in self.examples]
        self.needed = [self.need(e) for e in self.examples]
        mutator = Mutator(rules, page, self.examples)
        self.mutants = [m for m in mutator.mutants() if not self.says_the_same(m.changed, mutator.definitions[m.name])]

    # ------------------------------------------------------------ what can tell

    @cache  # noqa: B019 - a judge lives as long as the run
    def uses(self, state: str | None) -> dict[str, set[str]]:
        """Definition → the names that it mentions."""
        definitions = self.rules.definitions(self.program, state)
        return {name: set(_names((d.variants, d.by))) & definitions.keys() for name, d in definitions.items()}

    def reach(self, example: Example, names: set[str]) -> dict[str, int]:
        """Definition → how many steps lie between it and one of ``names``, through what is not given."""
        uses = self.uses(example.state)
        given = set(example.given.entries)
        wave = {name.partition(".")[0] for name in names}
        base = self.rules.module(f"{self.program}/us")
        if "pairs" in given and base.unit is not None:
            wave.add(base.unit.connect.text)
        found: dict[str, int] = {}
        step = 0
        while wave := {name for name in wave if name in uses and name not in found and name not in given}:
            found |= dict.fromkeys(wave, step)
            wave = {used for name in wave for used in uses[name]}
            step += 1
        return found

    def need(self, example: Example) -> set[str]:
        """The definitions that an example must have: what is expected, what is given, and what these are made of."""
        rows = set(_given_in_rows(example.given))
        return {*self.reach(example, {*_expected(example.expect), *rows}), *example.given.entries}

    @cached_property
    def months(self) -> list[date]:
        """Every month from the page's first until after the last change."""
        base = self.rules.module(f"{self.program}/us")
        definitions = self.rules.definitions(self.program, None).values()
        dates = change_dates([*definitions, *self.rules.module(self.page).definitions.values()])
        first = max(m.since for m in (base, self.rules.module(self.page)) if m.since) if base.since else dates[0]
        found = [first.replace(day=1)]
        while found[-1] < _later(dates[-1], 3):
            found.append(_later(found[-1], 1))
        return found

    def says_the_same(self, a: Definition, b: Definition) -> bool:
        """Whether two definitions have the same content in every month: the change of a date made no difference."""
        return _in_months(a, self.months) == _in_months(b, self.months)

    # ------------------------------------------------------------ judging

    def catches(self, mutant: Mutant) -> bool:
        """Whether an example, or the checker, notices."""
        plans: dict[tuple[str | None, date], Plan] = {}
        able = [i for i, reached in enumerate(self.reached) if mutant.name in reached]
        for i in sorted(able, key=lambda i: self.reached[i][mutant.name]):
            example = self.examples[i]
            if self.overridden(mutant, example.state):
                continue
            key = (example.state, example.at)
            try:
                if key not in plans:
                    plans[key] = self.rules.plan_with(self.program, example.state, example.at, mutant.changed)
                if run(self.rules, example, _only(plans[key], self.needed[i])):
                    return True
            except (RuleError, Unsettled, Unsure, ZeroDivisionError):
                return True
        try:
            for plan in plans.values():
                prove(plan, self.rules.catalogue)
        except RuleError:
            return True
        return False

    def overridden(self, mutant: Mutant, state: str | None) -> bool:
        """Whether a state's page says something of its own in place of the mutant's definition."""
        if state is None or not self.page.endswith("/us"):
            return False
        return mutant.name in self.rules.module(f"{self.program}/{state.lower()}").definitions


def _names(x: Any) -> Iterator[str]:
    """Every name inside syntax nodes, another person's (`other.age`) without its prefix."""
    if isinstance(x, Name):
        yield x.text.rpartition(".")[2]
    elif isinstance(x, tuple):
        for part in x:
            yield from _names(part)
    elif is_dataclass(x):
        for f in fields(x):
            yield from _names(getattr(x, f.name))


def _expected(expect: Mapping) -> Iterator[str]:
    for key, (_, node) in expect.entries.items():
        if isinstance(node, Sequence):
            for item in node.items:
                yield from item.entries if isinstance(item, Mapping) else ()
        else:
            yield key


def _given_in_rows(given: Mapping) -> Iterator[str]:
    for _, node in given.entries.values():
        for item in node.items if isinstance(node, Sequence) else ():
            yield from item.entries if isinstance(item, Mapping) else ()


def _only(plan: Plan, names: set[str]) -> Plan:
    """The plan with these definitions alone, for speed: what else there is cannot change what is expected."""
    nodes = tuple(n for n in plan.nodes if n.name.partition(".")[0] in names)
    return replace(plan, nodes=nodes, closures=None, generated=None)


def _in_months(definition: Definition, months: list[date]) -> list[Any]:
    """What a definition says in each month; only who compares two of them needs to know how."""
    variants, found = definition.variants, []
    for month in months:
        holding = [v for v in variants if v.period.holds(month, month)]
        if not holding and all(v.period.end is not None and v.period.end < month for v in variants):
            holding = sorted(variants, key=lambda v: v.period.end or date.max)[-1:]
        found.append([_in_month(v.content, month) for v in holding])
    return found


def _in_month(content: Content, month: date) -> Content:
    if not isinstance(content, Condition):
        return content
    holding = [replace(x, period=Period()) for x in content.exceptions if x.period.holds(month, month)]
    return replace(content, exceptions=tuple(holding))


# ---------------------------------------------------------------- pages


@cache
def _judge(folder: Path, page: str) -> Judge:
    return Judge(Rules(folder), page)


def _caught(task: tuple[Path, str, tuple[int, ...]]) -> list[bool]:
    """Which of a page's mutants are caught; what a worker does."""
    folder, page, numbers = task
    judge = _judge(folder, page)
    return [judge.catches(judge.mutants[i]) for i in numbers]


def read_equivalent(path: Path) -> dict[str, dict[str, str]]:
    """Page → the mutants that nobody could tell apart, with the reason. Raises :class:`RuleError`."""
    root = read_file(path, path.name)
    found: dict[str, dict[str, str]] = {}
    if not isinstance(root, Mapping):
        raise fail("equivalent", root, "expected pages", "write `snap/us:` and a list under it")
    for page, (_, listed) in root.entries.items():
        each = found.setdefault(page, {})
        for node in listed.items if isinstance(listed, Sequence) else ():
            parts = node.entries if isinstance(node, Mapping) else {}
            entry = {key: value.text for key, (_, value) in parts.items() if isinstance(value, Scalar)}
            if set(entry) != {"mutant", "why"}:
                raise fail("equivalent", node, "expected `mutant` and `why`", "write {mutant: …, why: …}")
            each[entry["mutant"]] = entry["why"]
    return found


def judge_pages(
    folder: Path,
    pages: Iterable[str],
    equivalent: dict[str, dict[str, str]],
    sample: int | None = None,
    seed: int = 0,
    jobs: int = 1,
) -> list[Report]:
    """The report of each page: on all of its mutants, or on a seeded ``sample`` of so many."""
    picked: dict[str, list[int]] = {}
    tasks: list[tuple[Path, str, tuple[int, ...]]] = []
    for page in pages:
        numbers = list(range(len(_judge(folder, page).mutants)))
        if sample is not None and sample < len(numbers):
            numbers = sorted(random.Random(seed).sample(numbers, sample))
        picked[page] = numbers
        parts = max(1, min(4 * jobs, len(numbers) // 20)) if jobs > 1 else 1
        tasks += [(folder, page, tuple(numbers[k::parts])) for k in range(parts)]
    if jobs > 1:
        with ProcessPoolExecutor(jobs) as pool:
            answers = list(pool.map(_caught, tasks))
    else:
        answers = [_caught(task) for task in tasks]
    caught: dict[tuple[str, int], bool] = {}
    for (_, page, part), answer in zip(tasks, answers, strict=True):
        caught |= {(page, i): yes for i, yes in zip(part, answer, strict=True)}
    return [_report(_judge(folder, page), numbers, caught, equivalent.get(page, {})) for page, numbers in picked.items()]


def _report(judge: Judge, numbers: list[int], caught: dict[tuple[str, int], bool], same: dict[str, str]) -> Report:
    left = [judge.mutants[i] for i in numbers if not caught[judge.page, i]]
    killed = {judge.mutants[i].key for i in numbers if caught[judge.page, i]}
    everything = {m.key for m in judge.mutants}
    survivors = tuple(m for m in left if m.key not in same)
    stale = tuple(key for key in same if key in killed or key not in everything)
    return Report(judge.page, len(judge.examples), judge.failing, len(killed) + len(survivors), len(killed), survivors, stale)


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 when every page reaches the percentage, else 1."""
    parser = argparse.ArgumentParser("python -m benefits_rules.mutants", description="Do a page's examples pin its rules?")
    parser.add_argument("pages", nargs="*", help="such as snap/us; all pages unless said")
    parser.add_argument("--at-least", type=float, default=95.0, metavar="PERCENT")
    parser.add_argument("--equivalent", type=Path, default=Path("tests/equivalent_mutants.yaml"), metavar="FILE")
    parser.add_argument("--sample", type=int, metavar="N", help="only so many mutants a page, by chance")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args(arguments)
    folder = rules_folder()
    pages = args.pages or [p for p in Rules(folder).pages() if not p.startswith("common/")]
    equivalent = read_equivalent(args.equivalent) if args.equivalent.is_file() else {}
    enough = True
    for report in judge_pages(folder, pages, equivalent, args.sample, args.seed, args.jobs):
        of = f"{report.examples} examples, {report.mutants} mutants"
        print(f"{report.page}: {of}, {report.caught} caught, {report.percent:.1f} %")
        if report.failing:
            print(f"  {report.failing} examples fail as the page stands, and were left out")
        for mutant in report.survivors if report.examples else ():
            print(f"  {mutant.file}:{mutant.line}: {mutant.key}")
        for key in report.stale:
            print(f"  no longer equivalent, or no longer there: {key}")
        enough = enough and report.percent >= args.at_least
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
