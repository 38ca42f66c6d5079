"""SNAP along a dollar at a time of own pay: the benefit never rises, and a limit is where the law has it, to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from benefits_rules import Household, Rules, columns, screen
from benefits_rules.facts import Facts, project
from benefits_rules.leaves import STATES
from benefits_rules.plan import Plan
from benefits_rules.units import FAIL
from benefits_rules.values import MICRO

#: Where a rule asks for a county of its own; elsewhere the first of the state will do.
COUNTY = {"AK": "02020", "NY": "36047"}
AREA = {"AK": "alaska_urban"}


def family(state: str, kind: str) -> dict[str, Any]:
    """A worker of 30 hours: alone with rent, or with a child in paid care and an elderly parent who has health costs."""
    known = {"disabled": False, "pregnant": False, "veteran": False, "student": {"level": "none"}, "citizenship": {"status": "citizen"}}
    nothing = {"activities": [], "income": [], "medical_expenses": [], "clocks": {"snap_time_limit_months_used": 0}}
    worker = {**known, "id": "ana", "age": 34, "activities": [{"kind": "work", "hours_per_week": 30}], "medical_expenses": []}
    worker |= {"clocks": {"snap_time_limit_months_used": 0}, "income": [{"source": "wages", "amount": 0, "every": "month"}]}
    people = [worker]
    if kind == "family":
        care = {"hours_per_week": 30, "family_pays": {"amount": 200, "every": "month"}}
        people += [{**known, **nothing, "id": "lea", "age": 4, "parents": ["ana"], "child_care": care}]
        old = {**known, **nothing, "id": "eva", "age": 70, "medical_expenses": [{"amount": 90, "every": "month"}]}
        people += [{**old, "income": [{"source": "social_security_retirement", "amount": 500, "every": "month"}]}]
        worker["parents"] = ["eva"]
    return {
        "state": state, "month": "2026-11", "people": people, "housing": {"kind": "rent"}, "assets": [], "receives": [], "applied_on": "2026-10-01",
        "expenses": [{"kind": "rent", "amount": 900, "every": "month"}, {"kind": "heating_or_cooling", "amount": 80, "every": "month"}],
        "food_groups": [[p["id"] for p in people]],
        "county": COUNTY.get(state, f"{STATES[state]:02d}001"), "area": AREA.get(state, "unknown"),
    }  # fmt: skip


def at_pay(facts: Facts, cents: int) -> Facts:
    """The same with another wage, which is the first income row."""
    rows = facts.rows["income"]
    amounts = [cents * MICRO // 100, *rows.columns["amount"][1:]]
    return replace(facts, rows={**facts.rows, "income": replace(rows, columns={**rows.columns, "amount": amounts})})


def benefits(plan: Plan, facts: Facts, pay: list[int]) -> list[int]:
    """The benefit at each wage (cents): nothing where a test fails."""
    result = plan.result
    assert result is not None and result.amount is not None
    found = columns.evaluate([plan] * len(pay), [at_pay(facts, cents) for cents in pay])
    return [0 if any(v[t.text][0] == FAIL for t in result.requires) else v[result.amount.text][0] for v in found]


def swept(rules: Rules, state: str, kind: str, dollars: int) -> list[int]:
    house = Household.model_validate(family(state, kind))
    month = date(2026, 11, 1)
    plan = rules.plan("snap", state, month)
    return benefits(plan, project(house, month, rules.catalogue, wanted=plan.wanted, program="snap"), [100 * d for d in range(dollars)])


@pytest.mark.parametrize("kind", ["alone", "family"])
@pytest.mark.parametrize("states", [("GA", "CA", "NY"), *(pytest.param(tuple(list(STATES)[i::6]), marks=pytest.mark.deep) for i in range(6))], ids=len)
def test_the_benefit_never_rises_with_a_dollar_of_pay(rules: Rules, states: tuple[str, ...], kind: str) -> None:
    """From nothing to far over every limit, dollar by dollar: SNAP stays or falls, and begins with something and ends with nothing."""
    for state in states:
        amounts = swept(rules, state, kind, 3_600 if kind == "alone" else 5_600)
        rises = [(dollars, a, b) for dollars, (a, b) in enumerate(pairwise(amounts)) if b > a]
        assert rises == [], state
        assert amounts[0] > 0 == amounts[-1], state


@pytest.mark.parametrize("size", [1, 2, 4])
def test_the_gross_income_limit_is_passed_to_the_cent(rules: Rules, size: int) -> None:
    """Where nothing is rounded on the way (Idaho), 130 % of the poverty line is met at the limit, and failed a cent above it.

    Where each step is rounded to the dollar (Kansas, 7 CFR 273.10(e)(1)(ii)(A)), that is so at 49 and 50 cents above it.
    """
    for state, above in (("ID", (-1, 0, 1)), ("KS", (48, 49, 50))):
        assert [_outcome(rules, state, size, cents) == "fail" for cents in above] == [False, False, True], state


def _outcome(rules: Rules, state: str, size: int, cents: int) -> str:
    told = family(state, "alone")
    child = {"age": 9, "disabled": False, "pregnant": False, "student": {"level": "elementary"}, "citizenship": {"status": "citizen"}}
    child |= {"activities": [], "income": [], "medical_expenses": [], "child_care": {"hours_per_week": 0}, "parents": ["ana"]}
    told["people"] += [{**child, "id": f"c{n}"} for n in range(1, size)]
    told["food_groups"] = [[p["id"] for p in told["people"]]]
    told["expenses"] = [{"kind": "rent", "amount": 3000, "every": "month"}]
    limit = {1: 1729, 2: 2345, 4: 3575}[size]  # USDA FNS, FY 2027 income eligibility standards, 48 states, 130 %
    told["people"][0]["income"][0]["amount"] = f"{limit + cents / 100:.2f}"
    [found] = screen(told, ["snap"], rules=rules)["snap"]
    outcome: str = next(t["outcome"] for t in found.to_dict()["tests"] if t["name"] == "gross_income_test")
    return outcome
