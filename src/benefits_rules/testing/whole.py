"""invent: chance → a household told in full, of every key that a household may have, now and then at a limit to the cent.

Chance is a :class:`random.Random`; handed one of Hypothesis's own, what is invented shrinks to what is plain: the first of
a choice, nothing rare.
"""

from __future__ import annotations

import copy
import datetime
import random
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from benefits_rules.exact import evaluate
from benefits_rules.facts import project
from benefits_rules.frame import Unsettled
from benefits_rules.leaves import (
    STATES,
    ActivityKind,
    AssetKind,
    Disqualification,
    ExpenseKind,
    HousingKind,
    IncomeSource,
    Program,
    Provider,
    ReceivedProgram,
    Status,
)
from benefits_rules.model import read_household
from benefits_rules.plan import Plan, Test
from benefits_rules.resolve import Rules
from benefits_rules.syntax import Number, Options, Rows
from benefits_rules.values import MICRO, decimal_text

MONTHS = ("2026-03", "2023-10", "2024-10", "2025-02", "2025-07", "2025-08",
          "2025-10", "2026-06", "2026-10", "2026-11", "2027-09")  # fmt: skip
AREAS = ("alaska_urban", "alaska_rural_1", "alaska_rural_2")
SOURCES = ("wages", "wages", "wages", "self_employment", "unemployment", "social_security_retirement",
           "social_security_disability", "ssi", "tanf", "child_support", "other_unearned", "pension",
           "education_grant", "workers_compensation")  # fmt: skip
PERIODS = ("month", "month", "week", "two_weeks", "half_month", "quarter", "year", "hour", "day")
EXPENSES = ("rent", "mortgage", "property_tax", "heating_or_cooling", "electricity", "gas", "water", "sewer", "trash", "phone",
            "child_support_paid", "student_loan_interest", "dependent_care", "homeless_shelter", "internet")  # fmt: skip
ASSETS = ("bank_account", "cash", "stocks", "vehicle", "home", "retirement")
STATUSES = ("citizen", "citizen", "citizen", "national", "lawful_permanent_resident", "lawful_permanent_resident", "refugee",
            "asylee", "undocumented", "cuban_haitian_entrant", "tps", "parolee", "battered_noncitizen")  # fmt: skip
#: Facts that are usual or closed, each of which somebody tells now and then.
RARE = (
    "ssi_disability", "working_disabled", "blind", "tribal_member", "snap_employment_program", "fit_for_work",
    "cares_for_incapacitated", "responsible_for_child", "in_treatment_program", "applied_for_unemployment", "quit_job",
    "on_strike", "fleeing_felon", "drug_felony", "meets_drug_felony_conditions", "lottery_winner_snap",
    "gave_assets_away", "migrant_worker",
    "cannot_prepare_meals", "boarder", "roomer", "live_in_attendant", "foster_member", "former_foster_youth",
    "in_unit_by_choice", "apart_by_choice", "on_the_job_training", "lacks_child_care", "time_limit_regained",
    "left_tanf_recently", "medicare", "other_health_coverage", "mother_had_medicaid_at_birth", "pregnant_on_medicaid",
    "in_transitional_medicaid", "keeps_medicaid_under_1619b", "lost_ssi_for_social_security", "alimony_before_2019",
    "seeks_spend_down", "medically_frail", "total_disability_veteran", "subject_to_snap_work_rules", "follows_tanf_work_rules",
    "recently_released", "medical_hardship", "seasonal_worker", "foster_care_medicaid", "foster_care_elsewhere",
    "public_employee_coverage", "raises_unrelated_child", "partner_of_parent",
)  # fmt: skip


def invented(r: random.Random, counties: Sequence[str], month: str, state: str, size: tuple[int, int]) -> dict[str, Any]:
    """A household told in full, as plain data in the contract's shape. ``counties`` are FIPS codes of the state."""
    count = size[0] + min(r.choice((0, 0, 1, 1, 2, 2, 3, 4, 6)), size[1] - size[0])
    if size[1] - size[0] > 6 and rarely(r, 5):
        count = r.randint(*size)
    ids = [f"p{i}" for i in range(count)]
    people = [_person(r, ids, i, month) for i in range(count)]
    ages = [_age(p, month) for p in people]
    if count > 1 and min(ages[:2]) >= 16 and rarely(r, 50):
        people[0]["spouse"] = "p1"
        if not rarely(r, 20):  # told by one of the two is enough
            people[1]["spouse"] = "p0"
    for i in range(1, count):
        older = [ids[j] for j in range(i) if ages[j] >= ages[i] + 14][:2]
        if ages[i] < 26 and older and not rarely(r, 20):
            kind = r.choice(("biological", "biological", "step", "guardian", "foster", "adoptive"))
            people[i]["parents"] = [p if kind == "biological" and rarely(r, 50) else {"id": p, "kind": kind} for p in older]
    eldest = people[ages.index(max(ages))]
    eldest["income"].append({"source": "other_unearned", "amount": cents(r, 900), "every": "month"})
    outside = _outside(r, people, ages) if rarely(r, 15) else []
    house: dict[str, Any] = {
        "state": state, "county": r.choice(list(counties)), **({"area": r.choice(AREAS)} if state == "AK" else {}),
        "month": month, "applied_on": f"{month}-{r.randint(1, 28):02d}", "people": people,
        "housing": {"kind": one(r, ("rent", "rent", "own", "homeless", "shelter", "no_cost"), HousingKind)},
        "expenses": [_expense(r, ids, month) for _ in range(r.choice((0, 1, 2, 3, 5)))],
        "assets": [_asset(r, ids, month) for _ in range(r.choice((0, 0, 1, 2, 3)))]
        + [{"kind": "bank_account", "amount": cents(r, 4_000), "owner": eldest["id"]}],
        "food_groups": _groups(r, ids) if rarely(r, 10) else [ids],
        "tax_returns": _returns(r, people, outside),
        "outside_people": outside,
        "receives": [_receipt(r, ids, month)] if rarely(r, 30) else [],
    }  # fmt: skip
    if house["housing"]["kind"] == "institution":
        house["housing"]["leaves_on"] = r.choice((f"{month}-16", f"{int(month[:4]) + 1}-01-01"))
    if rarely(r, 10):
        house["schema"] = "benefits-rules/household/1"
    if rarely(r, 10):
        house["months"] = r.choice((2, 3))
    if rarely(r, 15):
        house["choices"] = {"apply_for": r.sample(get_args(Program), r.randint(1, 5))}
    if rarely(r, 15):
        said: dict[str, Any] = {"source": r.choice(("electronic", "document", "statement", "collateral_contact", "other"))}
        if rarely(r, 50):
            said["as_of"] = f"{month}-01"
        house["evidence"] = {r.choice((f"people.{ids[0]}.disabled", "housing.kind", "county")): said}
    return house


def counties_of(rules: Rules, state: str) -> list[str]:
    """A county of the state, and those that some page of it names: their figures may be others."""
    fips = STATES[state]
    found = {f"{fips:02d}001"}
    for program in rules.programs():
        if state in rules.states(program):
            for definition in rules.module(f"{program}/{state.lower()}").definitions.values():
                for variant in definition.variants:
                    codes = _codes(variant.content)
                    found |= {f"{int(c):05d}" for c in codes if 1_000 <= int(c) < 57_000 and int(c) // 1_000 == fips}
    return sorted(found)


def _codes(content: object) -> Iterator[str]:
    """The whole numbers that a set lists, or that are keys of a table."""
    if isinstance(content, Options):
        yield from (i.text for i in content.items if isinstance(i, Number) and i.text.isdigit())
    elif isinstance(content, Rows):
        for key, cell, _ in content.cells:
            if key.isdigit():
                yield key
            yield from _codes(cell)


def rarely(r: random.Random, percent: int) -> bool:
    """So many times in a hundred; what shrinks becomes no."""
    return r.randrange(100) >= 100 - percent


def one(r: random.Random, often: Sequence[str], all_of: Any) -> str:
    """One of the frequent options; now and then any that there is."""
    return str(r.choice(get_args(all_of) if rarely(r, 10) else often))


def cents(r: random.Random, most: int) -> str:
    """An amount up to ``most`` dollars, half the time a whole one."""
    amount = r.randint(0, most * 100)
    return f"{amount / 100:.2f}" if rarely(r, 50) else str(amount // 100)


def _age(person: dict[str, Any], month: str) -> int:
    return int(person["age"]) if "age" in person else int(month[:4]) - int(person["birth_date"][:4])


def _person(r: random.Random, ids: list[str], i: int, month: str) -> dict[str, Any]:
    adults = (30, 18, 19, 22, 24, 41, 49, 50, 52, 54, 55, 59, 60, 64, 65, 72)
    age = r.choice(adults if i == 0 or rarely(r, 30) else (0, 1, 3, 5, 6, 11, 13, 14, 16, 17, 18, 21, 22, 34, 61))
    born = {"birth_date": f"{int(month[:4]) - age}-{r.randint(1, int(month[5:])):02d}-01"}
    level = (
        r.choice(("none", "none", "higher_education", "vocational"))
        if age >= 18
        else "elementary" if 5 <= age < 14 else "secondary" if age >= 14 else "none"
    )  # fmt: skip
    student: dict[str, Any] = {"level": level}
    if level != "none":
        student["enrollment"] = r.choice(("full", "half", "less"))
    if level == "higher_education" and rarely(r, 30):
        student["work_study"] = rarely(r, 50)
    pregnant = 14 <= age < 50 and rarely(r, 15)
    person: dict[str, Any] = {
        "id": ids[i], **(born if rarely(r, 25) else {"age": age}), "citizenship": _citizenship(r, month),
        "disabled": rarely(r, 20), "pregnant": pregnant, "veteran": rarely(r, 10), "student": student,
        "activities": [_activity(r, month) for _ in range(r.choice((0, 1, 1, 2)))],
        "income": [_income(r, age, ids, month) for _ in range(r.choice((0, 1, 1, 2)) if age >= 14 else r.choice((0, 0, 0, 1)))],
        "medical_expenses": [_medical(r, month) for _ in range(r.choice((0, 0, 1, 2)))],
        "clocks": {
            "snap_time_limit_months_used": r.choice((0, 1, 2, 3, 3, 5)),
            "tanf_months_used": r.choice((0, 12, 47, 48, 59, 60)),
        },
    }  # fmt: skip
    if pregnant:
        person["expected_children"] = r.choice((1, 1, 2))
    if age < 19:
        person["child_care"] = {"hours_per_week": 0}
        if age < 13 and rarely(r, 40):
            price = {"amount": cents(r, 300), "every": r.choice(("week", "month"))}
            care = {"hours_per_week": r.choice((30, 12.5)), "days_per_week": r.choice((5, 2))}
            provider = r.choice(get_args(Provider)[1:])
            person["child_care"] = {**care, "provider": provider, "charge": price, "family_pays": dict(price)}
    person |= {fact: rarely(r, 50) for fact in RARE if rarely(r, 2)}
    if person.get("boarder"):
        person["board"] = {**_price(r, 500), "meals_a_day": r.choice((2, 3))}
    if person.get("on_strike"):
        person["pay_before_strike"] = _price(r, 900)
    if person.get("pregnant_on_medicaid"):
        person["months_since_pregnancy"] = r.choice((0, 1, 5, 11, 12))
    if person.get("in_transitional_medicaid"):
        person["months_of_transitional_medicaid"] = r.choice((0, 5, 6, 11, 12))
    if person.get("seasonal_worker"):
        person["income_of_six_months"] = cents(r, 7_000)
    if rarely(r, 3):
        person["snap_disqualified"] = r.choice(get_args(Disqualification))
    if rarely(r, 5):
        person["applying_for"] = r.sample(get_args(Program), r.randint(0, 5))
    return person


def _citizenship(r: random.Random, month: str) -> dict[str, Any]:
    status = one(r, STATUSES, Status)
    if status in ("citizen", "national"):
        return {"status": status}
    first = datetime.date.fromisoformat(f"{month}-01")
    since = (first - datetime.timedelta(days=r.choice((100, 365 * 4, 1825, 1826, 1827, 365 * 9)))).isoformat()
    facts = ("forty_quarters", "military_connection", "former_refugee", "sponsored", "battered", "work_permit")
    told: dict[str, Any] = {"status": status, "since": since, "entered_on": since}
    told |= {f: rarely(r, 50) for f in facts if rarely(r, 15)}
    if told.get("sponsored"):
        told["sponsor"] = {
            "earned": _price(r, 3_000), "unearned": _price(r, 900), "resources": cents(r, 4_000),
            "household_size": r.choice((1, 2, 4)), "sponsored_people": r.choice((1, 1, 3)),
        }  # fmt: skip
    return told


def _price(r: random.Random, most: int) -> dict[str, str]:
    return {"amount": cents(r, most), "every": r.choice(("month", "two_weeks"))}


def _dated(r: random.Random, month: str) -> dict[str, str]:
    """When a row begins and ends, for one row in six; some have ended before the month."""
    year = int(month[:4])
    found = {}
    if rarely(r, 16):
        found["from"] = f"{year - 1}-01-15"
    if rarely(r, 8):
        found["to"] = r.choice((f"{year + 1}-12-31", f"{month}-20", f"{year - 1}-06-30"))
    return found


def _activity(r: random.Random, month: str) -> dict[str, Any]:
    kind = one(r, ("work", "work", "training", "volunteering", "job_search"), ActivityKind)
    return {"kind": kind, "hours_per_week": r.choice((30, 5, 19.5, 19.99, 20, 25, 40)), **_dated(r, month)}


def _medical(r: random.Random, month: str) -> dict[str, Any]:
    return _once(r, {"amount": cents(r, 500), "every": r.choice(("month", "year")), **_dated(r, month)}, month)


def _once(r: random.Random, row: dict[str, Any], month: str) -> dict[str, Any]:
    """The row as it is, or paid once, in the month or before it."""
    if rarely(r, 5):
        row |= {"every": "once", "received_on": r.choice((f"{month}-10", f"{int(month[:4]) - 1}-05-05"))}
    return row


def _income(r: random.Random, age: int, ids: list[str], month: str) -> dict[str, Any]:
    source = one(r, SOURCES, IncomeSource) if age >= 16 else r.choice(("wages", "child_support", "ssi"))
    every = r.choice(PERIODS) if source in ("wages", "self_employment") else "month"
    most = {"hour": 40, "day": 200, "week": 900, "year": 40_000}.get(every, 2_600)
    row: dict[str, Any] = {"source": source, "amount": cents(r, most), "every": every, **_dated(r, month)}
    if every == "hour":
        row["hours"] = r.choice((40, 10, 22.5))
    elif every == "day":
        row["days"] = r.choice((5, 1, 3))
    elif source in ("ssi", "tanf", "general_assistance"):
        row |= {"from": "2023-10-01"}
        if row.get("to", "9") < "2023-11":
            del row["to"]
    else:
        row = _once(r, row, month)
    if str(row.get("to", "")).startswith(month) and row["every"] != "once":
        row["amount_this_month"] = cents(r, most)
    if source == "wages" and rarely(r, 10):
        row["pretax"] = cents(r, 100)
    if rarely(r, 3):
        row["certain"] = rarely(r, 50)
    if source in ("tanf", "general_assistance"):
        row["covers"] = r.sample(ids, r.randint(1, len(ids)))
    if source in ("self_employment", "farm_self_employment", "rental", "boarder_payment"):
        row["costs"] = cents(r, 300)
    return row


def _expense(r: random.Random, ids: list[str], month: str) -> dict[str, Any]:
    row = {
        "kind": one(r, EXPENSES, ExpenseKind),
        "amount": cents(r, 1_500),
        "every": r.choice(("month", "month", "week", "year")),
    }
    return _once(r, {**row, **_whose(r, "payer", ids), **_dated(r, month)}, month)


def _asset(r: random.Random, ids: list[str], month: str) -> dict[str, Any]:
    return {"kind": one(r, ASSETS, AssetKind), "amount": cents(r, 30_000), **_whose(r, "owner", ids), **_dated(r, month)}


def _receipt(r: random.Random, ids: list[str], month: str) -> dict[str, Any]:
    program = one(r, ("liheap", "wic", "medicaid", "chip"), ReceivedProgram)
    row = {"program": program, "people": r.sample(ids, r.randint(1, len(ids))), "from": f"{month}-01", "amount": cents(r, 400)}
    return {**row, "to": f"{month}-28"} if rarely(r, 20) else row


def _whose(r: random.Random, word: str, ids: list[str]) -> dict[str, str]:
    """Who pays or owns, one time in five left out: then it is the household's."""
    return {} if rarely(r, 20) else {word: r.choice(ids)}


def _groups(r: random.Random, ids: list[str]) -> list[list[str]]:
    groups: list[list[str]] = []
    for name in ids:
        if groups and rarely(r, 60):
            r.choice(groups).append(name)
        else:
            groups.append([name])
    return groups


def _outside(r: random.Random, people: list[dict[str, Any]], ages: list[int]) -> list[dict[str, Any]]:
    """A parent of a child here, a child of somebody here, or a spouse elsewhere."""
    spoken_for = {p["id"] for p in people if "spouse" in p} | {p["spouse"] for p in people if "spouse" in p}
    single = [p["id"] for p, age in zip(people, ages, strict=True) if age >= 18 and p["id"] not in spoken_for]
    children = [p["id"] for p, age in zip(people, ages, strict=True) if age < 19 and len(p.get("parents", ())) < 2]
    tie: dict[str, Any] = {"child_of": ["p0"]} if ages[0] >= 18 else {}
    if children and rarely(r, 50):
        tie = {"parent_of": [r.choice(children)]}
    elif single and rarely(r, 50):
        tie = {"spouse_of": r.choice(single)}
    return [{"id": "away", "age": r.choice((40, 25)) if "child_of" not in tie else 3, **tie}]


def _returns(r: random.Random, people: list[dict[str, Any]], outside: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if rarely(r, 20):
        return []
    filers = ["p0"] + (["p1"] if people[0].get("spouse") == "p1" else [])
    rest = [p["id"] for p in people if p["id"] not in filers]
    claimed = [p for p in rest if not rarely(r, 30)]
    found: list[dict[str, Any]] = [{"filers": filers, "dependents": claimed}]
    left = [p for p in rest if p not in claimed]
    if outside and left and "parent_of" in outside[0]:
        found.append({"filers": ["away"], "dependents": left[:1]})
    return found


# ---------------------------------------------------------------- at a limit, to the cent


def aimed(r: random.Random, rules: Rules, house: dict[str, Any]) -> dict[str, Any]:
    """The household with its last unearned income or its bank account set so that some test stands within a cent of its limit.

    It comes back as it was where no program of its state has such a test, or neither amount can bring it about.
    """
    told = read_household(house)
    programs = [p for p in rules.programs() if rules.available(p, told.state, told.first_month)]
    if not programs:
        return house
    plan = rules.plan(r.choice(programs), told.state, told.first_month)
    money = [t for t in plan.tests.values() if t.value and t.limit and plan.node(t.value).type.base == "USD"]
    aim = r.choice((0, 1, -1)) * MICRO // 100
    for alone in (False, True):  # beside what else there is, or by itself
        near = _alone(house) if alone else house
        for test in r.sample(money, min(4, len(money))):
            for row in _movable(near):
                before = row["amount"]
                if _moved(plan, rules, near, test, row, aim):
                    return near
                row["amount"] = before
    return house


def _alone(house: dict[str, Any]) -> dict[str, Any]:
    """A copy without any other income or asset than those that can be moved."""
    near = copy.deepcopy(house)
    for person in near["people"]:
        person["income"] = [row for row in person["income"][-1:] if row["source"] == "other_unearned"]
    near["assets"] = near["assets"][-1:]
    return near


def _movable(house: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for person in house["people"]:
        for row in person["income"][-1:]:
            if row["source"] == "other_unearned" and row["every"] == "month":
                yield row
    yield house["assets"][-1]


def _moved(plan: Plan, rules: Rules, house: dict[str, Any], test: Test, row: dict[str, Any], aim: int) -> bool:
    """Whether three steps find the amount at which the test's value is its limit plus ``aim``; the row then has it.

    A year's limit counts as met to the cent where a twelfth of it is.
    """
    amount, cent = 0, MICRO // 100
    per = 12 if plan.node(test.value or "").type.per == "year" else 1
    for _ in range(3):
        row["amount"] = decimal_text(amount)
        facts = project(read_household(house), plan.month, rules.catalogue, wanted=plan.wanted, program=plan.program)
        try:
            values = evaluate(plan, facts)[1]
        except Unsettled:  # nobody can say who belongs together: no test has a value
            return False
        value, limit = values[test.value or ""][0], values[test.limit or ""][0]
        if not isinstance(value, int) or not isinstance(limit, int):
            return False
        if abs(limit + aim * per - value) < cent * per and abs(limit - value) <= cent * per:
            return True
        amount += (limit + aim * per - value) // per // cent * cent
        if not 0 <= amount < 10_000_000 * MICRO:
            return False
    return False
