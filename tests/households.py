"""Random households for the property tests, from a seed: what ``benefits_rules.testing`` invents, and facts from there on.

``told`` makes a household told in full, so that every reading can take it; ``hidden`` takes facts out of it again. On facts,
``aimed`` moves one amount so that a test of the plan stands within a cent of its limit; ``completed`` settles what is open.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from benefits_rules import load_rules
from benefits_rules.exact import evaluate
from benefits_rules.facts import CERTAIN, MAYBE, Facts, Rows
from benefits_rules.frame import Unsettled
from benefits_rules.plan import Plan, Test
from benefits_rules.testing.partial import blurred
from benefits_rules.testing.whole import counties_of, invented
from benefits_rules.values import MAX_MONEY, MICRO, AnyOf, Interval, Maybe, Value

_FACTS = load_rules().catalogue.facts
OTHER_UNEARNED = _FACTS["income", "source"].options.index("other_unearned")
MONTHLY = _FACTS["income", "every"].options.index("month")
BANK_ACCOUNT = _FACTS["asset", "kind"].options.index("bank_account")


def told(seed: int, states: tuple[str, ...], months: tuple[str, ...]) -> dict[str, Any]:
    """A household told in full."""
    r = random.Random(seed)
    state = r.choice(states)
    return invented(r, _counties(state), r.choice(months), state, (1, 7))


@cache
def _counties(state: str) -> tuple[str, ...]:
    return tuple(counties_of(load_rules(), state))


def hidden(house: dict[str, Any], seed: int) -> dict[str, Any]:
    """The household with some of what it tells taken back: not told, unknown, declined, a range, some options."""
    return blurred(random.Random(seed), house)


def aimed(plan: Plan, facts: Facts, seed: int) -> Facts:
    """The facts with one amount set so that some test of the plan stands within a cent of its limit.

    The amount is that of an unearned income or of a bank account, alone or beside the others; the facts come back
    unchanged where none of that can bring it about.
    """
    r = random.Random(seed)
    money = [t for t in plan.tests.values() if t.value and t.limit and plan.node(t.value).type.base == "USD"]
    cent = MICRO // 100
    aim = r.choice((-cent, 0, cent))
    try:
        for test in r.sample(money, min(8, len(money))):
            for entity, row in _movable(facts):
                for alone in (False, True):
                    found = _aimed_at(plan, facts, test, aim, entity, row, alone)
                    if found is not None:
                        return found
    except Unsettled:
        pass  # nobody can say who belongs together: no test has a value
    return facts


def _aimed_at(plan: Plan, facts: Facts, test: Test, aim: int, entity: str, row: int, alone: bool) -> Facts | None:
    """The facts with one row's amount such that the test's value is its limit plus ``aim``, if three steps find it."""
    amount, cent = 0, MICRO // 100
    per = 12 if plan.node(test.value or "").type.per == "year" else 1  # of a year's limit to the cent of a month
    for _ in range(3):
        tried = _with_amount(facts, entity, row, amount, alone)
        _, values = evaluate(plan, tried)
        value, limit = values[test.value or ""][0], values[test.limit or ""][0]
        if not isinstance(value, int) or not isinstance(limit, int):
            return None
        if abs(limit + aim * per - value) < cent * per:
            return tried
        amount += (limit + aim * per - value) // per // cent * cent
        if not 0 <= amount <= MAX_MONEY:
            return None
    return None


def _movable(facts: Facts) -> Iterator[tuple[str, int]]:
    """An unearned monthly income, and a bank account: (entity, the row)."""
    incomes, assets = facts.rows["income"].columns, facts.rows["asset"].columns
    for i, (source, every) in enumerate(zip(incomes["source"], incomes["every"], strict=True)):
        if (isinstance(source, int) and source == OTHER_UNEARNED) and (isinstance(every, int) and every == MONTHLY):
            yield "income", i
            break
    for i, kind in enumerate(assets["kind"]):
        if isinstance(kind, int) and kind == BANK_ACCOUNT:
            yield "asset", i
            break


def _with_amount(facts: Facts, entity: str, row: int, amount: int, alone: bool) -> Facts:
    old = facts.rows[entity]
    amounts = [amount if i == row else 0 if alone else v for i, v in enumerate(old.columns["amount"])]
    rows = replace(old, columns={**old.columns, "amount": amounts})
    return replace(facts, rows={**facts.rows, entity: rows})


def completed(facts: Facts, units: int, seed: int) -> Facts:
    """One way in which everything not known in these facts may turn out; who pays is open only among several units."""
    r = random.Random(seed)
    rows: dict[str, Rows] = {}
    people = len(facts.people)
    for entity, old in facts.rows.items():
        keep = [
            i
            for i, p in enumerate(old.presence)
            for _ in range(1 if p == CERTAIN else r.choice((0, 1)) if p == MAYBE else r.choice((0, 0, 1, 2)))
        ]
        columns = {name: [_settled(r, column[i]) for i in keep] for name, column in old.columns.items()}
        shared = units > 1 and entity in ("expense", "asset")
        link = tuple(r.randrange(people) if shared and old.link[i] < 0 else old.link[i] for i in keep)
        rows[entity] = Rows(tuple(old.owner[i] for i in keep), link, (CERTAIN,) * len(keep), (frozenset(),) * len(keep), columns)
    return Facts(facts.people, facts.outsiders, rows, ())


def _settled(r: random.Random, value: Value) -> Value:
    match value:
        case Interval(lo, hi):
            cent = MICRO // 100
            steps = (hi - lo) // cent
            inside = lo + r.randint(0, steps) * cent if lo % cent == 0 and steps > 100 else r.randint(lo, hi)
            small = lo + r.randint(0, min(hi - lo, 3_000 * MICRO)) // cent * cent if steps > 100 else inside
            return r.choice((lo, hi, inside, small, small))
        case Maybe():
            return r.random() < 0.5
        case AnyOf(options):
            return r.choice(sorted(options))
        case _:
            return value
