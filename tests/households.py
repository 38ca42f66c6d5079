"""Random households for the property tests: plain data in the contract's shape, from a seed.

``told`` makes a household told in full, so that every reading can take it; ``aimed`` moves one of its incomes
so that a test of the plan stands within a cent of its limit; ``hidden`` takes facts out of it again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from benefits_rules import load_rules
from benefits_rules.exact import evaluate
from benefits_rules.facts import CERTAIN, MAYBE, Facts, Rows
from benefits_rules.frame import Unsettled
from benefits_rules.plan import Plan, Test
from benefits_rules.values import MAX_MONEY, MICRO, AnyOf, Interval, Maybe, Value

_FACTS = load_rules().catalogue.facts
OTHER_UNEARNED = _FACTS["income", "source"].options.index("other_unearned")
MONTHLY = _FACTS["income", "every"].options.index("month")
BANK_ACCOUNT = _FACTS["asset", "kind"].options.index("bank_account")
COUNTIES = {
    "GA": ["13121", "13001"], "CA": ["06037", "06003", "06001"], "TX": ["48201"], "NY": ["36047", "36059", "36001", "36091"],
    "AK": ["02020", "02066", "02050", "02122", "02188", "02090", "02130"],
}  # fmt: skip
STATUSES = ("citizen", "citizen", "citizen", "national", "lawful_permanent_resident", "lawful_permanent_resident", "refugee", "asylee",
            "undocumented", "cuban_haitian_entrant", "tps", "parolee", "battered_noncitizen", "trafficking_victim")  # fmt: skip
SOURCES = ("wages", "wages", "wages", "self_employment", "unemployment", "social_security_retirement", "social_security_disability", "ssi", "tanf",
           "child_support", "other_unearned", "pension", "education_grant", "workers_compensation", "veterans_benefits")  # fmt: skip
PERIODS = ("month", "month", "week", "two_weeks", "half_month", "quarter", "year", "hour", "day")
EXPENSES = ("rent", "mortgage", "property_tax", "heating_or_cooling", "electricity", "gas", "water", "sewer", "trash", "phone", "child_support_paid",
            "dependent_care", "homeless_shelter", "internet")  # fmt: skip
ASSETS = ("bank_account", "cash", "stocks", "vehicle", "home", "retirement")


def told(seed: int, states: tuple[str, ...], months: tuple[str, ...]) -> dict[str, Any]:
    """A household told in full."""
    r = random.Random(seed)
    state = r.choice(states)
    count = r.choice((1, 1, 2, 2, 3, 3, 4, 5, 7))
    ids = [f"p{i}" for i in range(count)]
    month = r.choice(months)
    people = [_person(r, ids, i, month) for i in range(count)]
    if count > 1 and r.random() < 0.5:
        people[0]["spouse"] = "p1"
        people[1]["spouse"] = "p0"
    for i in range(1, count):
        if people[i]["age"] < 26 and r.random() < 0.8:
            older = [p["id"] for p in people[:i] if p["age"] >= people[i]["age"] + 14][:2]
            if older:
                kind = r.choice(("biological", "biological", "step", "guardian", "foster"))
                people[i]["parents"] = [{"id": p, "kind": kind} for p in older]
    groups = _groups(r, ids)
    adult = max(people, key=lambda p: p["age"])
    adult["income"].append({"source": "other_unearned", "amount": _cents(r, 900), "every": "month"})
    one = r.random() < 0.9
    return {
        "state": state, "county": r.choice(COUNTIES.get(state, [])) if state in COUNTIES else "01001",
        **({"area": r.choice(("alaska_urban", "alaska_rural_1", "alaska_rural_2"))} if state == "AK" else {}),
        "month": month, "applied_on": f"{month}-{r.randint(1, 28):02d}", "people": people,
        "housing": {"kind": r.choice(("rent", "rent", "own", "homeless", "shelter", "no_cost"))},
        "expenses": [_expense(r, ids) for _ in range(r.choice((0, 1, 2, 3, 5)))],
        "assets": [{"kind": r.choice(ASSETS), "amount": _cents(r, 30_000), **_whose(r, "owner", ids)} for _ in range(r.choice((0, 0, 1, 2, 3)))]
        + [{"kind": "bank_account", "amount": _cents(r, 4_000), "owner": adult["id"]}],
        "food_groups": [ids] if one else groups,
        "tax_returns": _returns(r, people),
        "outside_people": [],
        "receives": [{"program": r.choice(("liheap", "wic", "medicaid")), "people": r.sample(ids, r.randint(1, count)), "from": f"{month}-01", "amount": _cents(r, 400)}]
        if r.random() < 0.3 else [],
    }  # fmt: skip


def _cents(r: random.Random, most: int) -> str:
    whole = r.random() < 0.5
    return str(r.randint(0, most)) if whole else f"{r.randint(0, most * 100) / 100:.2f}"


def _groups(r: random.Random, ids: list[str]) -> list[list[str]]:
    groups: list[list[str]] = []
    for name in ids:
        if groups and r.random() < 0.6:
            r.choice(groups).append(name)
        else:
            groups.append([name])
    return groups


def _returns(r: random.Random, people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if r.random() < 0.2:
        return []
    filers = ["p0"] + (["p1"] if people[0].get("spouse") == "p1" else [])
    rest = [p["id"] for p in people if p["id"] not in filers]
    return [{"filers": filers, "dependents": [p for p in rest if r.random() < 0.7]}]


def _person(r: random.Random, ids: list[str], i: int, month: str) -> dict[str, Any]:
    age = (
        r.choice((18, 19, 22, 24, 30, 41, 49, 50, 52, 54, 55, 59, 60, 64, 65, 72))
        if i == 0 or r.random() < 0.3
        else r.choice((0, 1, 3, 5, 6, 11, 13, 14, 16, 17, 18, 21, 22, 34, 61))
    )
    status = r.choice(STATUSES)
    since = date.fromisoformat(f"{month}-01") - timedelta(days=r.choice((100, 365 * 4, 1825, 1826, 1827, 365 * 9)))
    citizenship: dict[str, Any] = {"status": status}
    if status not in ("citizen", "national"):
        citizenship |= {"since": since.isoformat(), "entered_on": since.isoformat()}
        if r.random() < 0.3:
            citizenship |= {"forty_quarters": r.random() < 0.5, "military_connection": r.random() < 0.5}
    level = (
        r.choice(("none", "higher_education", "vocational"))
        if age >= 18
        else "elementary"
        if 5 <= age < 14
        else "secondary"
        if age >= 14
        else "none"
    )
    student: dict[str, Any] = (
        {"level": level} if level == "none" else {"level": level, "enrollment": r.choice(("full", "half", "less"))}
    )
    pregnant = 14 <= age < 50 and r.random() < 0.15
    person: dict[str, Any] = {
        "id": ids[i], "age": age, "citizenship": citizenship, "disabled": r.random() < 0.2, "pregnant": pregnant, "veteran": r.random() < 0.1,
        "student": student,
        "activities": [{"kind": r.choice(("work", "work", "training", "volunteering", "job_search")), "hours_per_week": r.choice((5, 19.5, 19.99, 20, 25, 30, 40))} for _ in range(r.choice((0, 1, 1, 2)))],
        "income": [_income(r, age, ids) for _ in range(r.choice((0, 1, 1, 2)) if age >= 14 else r.choice((0, 0, 0, 1)))],
        "medical_expenses": [{"amount": _cents(r, 500), "every": r.choice(("month", "year"))} for _ in range(r.choice((0, 0, 1, 2)))],
        "clocks": {"snap_time_limit_months_used": r.choice((0, 1, 2, 3, 3, 5)), "tanf_months_used": r.choice((0, 12, 47, 48, 59, 60))},
    }  # fmt: skip
    if pregnant:
        person["expected_children"] = r.choice((1, 1, 2))
    if age < 19:
        care = age < 13 and r.random() < 0.4
        price = {"amount": _cents(r, 300), "every": r.choice(("week", "month"))}
        person["child_care"] = (
            {"hours_per_week": 30, "days_per_week": 5, "provider": "center", "charge": price, "family_pays": dict(price)}
            if care
            else {"hours_per_week": 0}
        )
    for fact, odds in (
        ("fit_for_work", 0.1),
        ("tribal_member", 0.05),
        ("cares_for_incapacitated", 0.05),
        ("in_treatment_program", 0.05),
        ("fleeing_felon", 0.03),
        ("lottery_winner_snap", 0.02),
        ("drug_felony", 0.03),
    ):
        if r.random() < odds:
            person[fact] = r.random() < 0.5
    return person


def _income(r: random.Random, age: int, ids: list[str]) -> dict[str, Any]:
    source = r.choice(SOURCES) if age >= 16 else r.choice(("wages", "child_support", "ssi"))
    every = r.choice(PERIODS) if source in ("wages", "self_employment") else "month"
    row: dict[str, Any] = {
        "source": source,
        "amount": _cents(r, {"hour": 40, "day": 200, "week": 900, "year": 40_000}.get(every, 2_600)),
        "every": every,
    }
    if every == "hour":
        row["hours"] = r.choice((10, 22.5, 40))
    if every == "day":
        row["days"] = r.choice((1, 3, 5))
    if source in ("ssi", "tanf", "general_assistance"):
        row["from"] = "2023-10-01"
    if source in ("tanf", "general_assistance"):
        row["covers"] = r.sample(ids, r.randint(1, len(ids)))
    if source == "self_employment":
        row["costs"] = _cents(r, 300)
    return row


def _expense(r: random.Random, ids: list[str]) -> dict[str, Any]:
    every = r.choice(("month", "month", "week", "year"))
    return {"kind": r.choice(EXPENSES), "amount": _cents(r, 1_500), "every": every, **_whose(r, "payer", ids)}


def _whose(r: random.Random, word: str, ids: list[str]) -> dict[str, str]:
    """Who pays or owns, one time in five left out: then it is the household's."""
    return {word: r.choice(ids)} if r.random() < 0.8 else {}


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
        for test in r.sample(money, min(4, len(money))):
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
    for _ in range(3):
        tried = _with_amount(facts, entity, row, amount, alone)
        _, values = evaluate(plan, tried)
        value, limit = values[test.value or ""][0], values[test.limit or ""][0]
        if not isinstance(value, int) or not isinstance(limit, int):
            return None
        if value == limit + aim:
            return tried
        amount += (limit + aim - value) // cent * cent
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


def hidden(house: dict[str, Any], seed: int) -> dict[str, Any]:
    """The household with some of what it tells taken back: not told, unknown, declined, a range, some options."""
    r = random.Random(seed)
    out = {**house, "people": [_less(r, p) for p in house["people"]]}
    for key in ("expenses", "assets", "receives", "county", "housing", "area", "tax_returns"):
        if key in out and r.random() < 0.15:
            del out[key]
    out["expenses"] = out.get("expenses") and [_vaguer(r, e, ("amount", "payer")) for e in out["expenses"]]
    if out.get("expenses") is None:
        out.pop("expenses", None)
    elif r.random() < 0.1:
        out["expenses"] = {"rows": out["expenses"], "unknown": r.sample(EXPENSES, 2)}
    return out


def _less(r: random.Random, person: dict[str, Any]) -> dict[str, Any]:
    out = dict(person)
    for key in ("disabled", "pregnant", "activities", "income", "medical_expenses", "clocks", "student", "child_care"):
        if key in out and r.random() < 0.08:
            if r.random() < 0.5 or isinstance(out[key], (list, dict)):
                del out[key]
            else:
                out[key] = r.choice(("unknown", "declined"))
    if out.get("pregnant") is not True:
        out.pop("expected_children", None)
    if r.random() < 0.1:
        out["age"] = {"min": max(0, out["age"] - r.choice((1, 5))), "max": out["age"] + r.choice((0, 1, 5))}
    if r.random() < 0.1:
        out["citizenship"] = {"status": {"any_of": r.sample(sorted(set(STATUSES)), 2)}}
    if isinstance(out.get("income"), list):
        rows = [_vaguer(r, row, ("amount",)) for row in out["income"]]
        out["income"] = {"rows": rows, "unknown": r.sample(sorted(set(SOURCES)), 2)} if r.random() < 0.08 else rows
    return out


def _vaguer(r: random.Random, row: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    out = dict(row)
    for key in keys:
        if key in out and r.random() < 0.15:
            if key == "amount" and r.random() < 0.6:
                out[key] = {"min": "0.00", "max": r.choice(("500.00", "3000.00"))} if r.random() < 0.5 else "unknown"
            else:
                del out[key]
    return out


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
