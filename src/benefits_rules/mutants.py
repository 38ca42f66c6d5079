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
import os
import random
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from benefits_rules.errors import RuleError
from benefits_rules.examples import Example, read_examples, run
from benefits_rules.frame import Unsettled
from benefits_rules.mutations import Mutant, Mutator, later
from benefits_rules.plan import Plan
from benefits_rules.proof import prove
from benefits_rules.resolve import Rules, change_dates
from benefits_rules.rulefiles import rules_folder
from benefits_rules.source import Mapping, Scalar, Sequence, fail, read_file
from benefits_rules.syntax import (
    Condition,
    Content,
    Definition,
    Name,
    Period,
)
from benefits_rules.values import Unsure


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
        while found[-1] < later(dates[-1], 3):
            found.append(later(found[-1], 1))
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
