"""The published worked examples of SNAP (../shared/acceptance), each run as far as the law of our months goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benefits_rules import load_rules, screen
from benefits_rules.determine import Determination
from benefits_rules.rulefiles import rules_folder
from benefits_rules.values import MICRO
from tests_snap import household, person, wages  # type: ignore[import-not-found]

Case = dict[str, Any]


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, Case]:
    every = json.loads((shared / "acceptance" / "worked_examples.json").read_text())
    return {c["id"]: c for c in every if c["program"] == "SNAP"}


def one(*people: dict[str, Any], **facts: Any) -> Determination:
    found: Determination = screen(household(*people, **facts), programs=["snap"])["snap"][0]
    return found


def dollars(found: Determination, name: str) -> float:
    assert found.reading is not None
    value = found.reading.value(name)
    assert isinstance(value, int), value
    return value / MICRO


def weekly_conversion_of_massachusetts(case: Case) -> None:
    found = one(person(income=[wages(case["inputs"]["weekly"], "week")]), state="MA", county="25017")
    assert dollars(found, "earned_income") == case["expected"]["monthly"]


def live_in_attendant_of_illinois(case: Case) -> None:
    family = [person("k"), person("kid", 9, disabled=True, parents=["k"]), person("a", live_in_attendant=True)]
    found = screen(household(*family, state="IL", county="17031"), programs=["snap"])["snap"]
    assert case["expected"] == {"attendant_in_household": False, "attendant_may_apply_separately": True}
    assert [(d.people, d.status) for d in found] == [(("k", "kid"), "eligible"), (("a",), "eligible")]


def proration_in_thirtieths(case: Case) -> None:
    """The full allotments of these examples are reached with pay; the part follows from the day."""
    state, county = {"NC": ("NC", "37183"), "PA": ("PA", "42101")}[case["state"]]
    day, full = case["inputs"]["application_day"], case["inputs"]["full_month_allotment"]
    # 256 of 298 for one, 925 of 994 for four: other income brings each down to the dollar
    size = 1 if full < 298 else 4
    people = [person(f"p{i}", 40 if i == 0 else 8, **({"parents": ["p0"]} if i else {})) for i in range(size)]
    for amount in range(1500):
        people[0]["income"] = [{"source": "other_unearned", "amount": amount, "every": "month"}]
        found = one(*people, state=state, county=county, applied_on=f"2026-03-{day:02d}")
        if dollars(found, "allotment") == full:
            assert dollars(found, "first_month_allotment") == case["expected"]["initial_month_benefit"]
            return
    pytest.fail("no income gives this allotment")


def medical_standard_of_missouri(case: Case) -> None:
    def deducted(cost: float) -> float:
        bills = [{"amount": cost, "every": "month"}]
        return dollars(one(person(age=70, medical_expenses=bills), state="MO", county="29189"), "medical_deduction")

    assert deducted(case["inputs"]["medical_expense"]) == case["expected"]["deduction"]
    assert (deducted(35), deducted(35.01), deducted(170), deducted(200)) == (0, 135, 135, 165)


def five_years_from_the_day_of_the_status(case: Case) -> None:
    """The clock starts with the status, whenever it was granted: five years on, to the day, the wait is over."""
    start = case["expected"]["five_year_clock_starts"]
    assert start == case["inputs"]["status_effective"]

    def status(since: str) -> str:
        told = {"status": "lawful_permanent_resident", "since": since, "entered_on": since, "forty_quarters": False,
                "military_connection": False, "former_refugee": False, "sponsored": False}  # fmt: skip
        return one(person(citizenship=told), state="CA", county="06037").status

    assert (status("2021-03-01"), status("2021-03-02")) == ("eligible", "ineligible")


def share_of_pierre_in_oklahoma(case: Case) -> None:
    told = case["inputs"]
    pierre = person("pierre", citizenship={"status": "undocumented"}, income=[wages(told["ineligible_income"])])
    amy = person("amy", income=[wages(told["other_income"])])
    family = [pierre, amy, *(person(f"kid{i}", 5, parents=["pierre", "amy"]) for i in range(3))]
    rent = {"kind": "rent", "amount": told["rent_paid_by_ineligible"], "every": "month", "payer": "pierre"}
    found = one(*family, state="OK", county="40109", expenses=[rent, {"kind": "heating_or_cooling", "payer": "pierre"}])
    assert dollars(found, "earned_income") == case["expected"]["countable_income"]
    assert dollars(found, "rent_and_the_like") == case["expected"]["allowable_rent"]
    assert dollars(found, "utility_costs") == 412, "full, not prorated"


def farm(amount: float, costs: float, every: str = "month", source: str = "farm_self_employment") -> dict[str, Any]:
    return {"source": source, "amount": amount, "every": every, "costs": costs}


def farm_loss_of_mr_green(case: Case) -> None:
    told = case["inputs"]
    green = person("green", income=[farm(told["farm_gross_annual"], told["farm_costs_annual"], "year"), wages(told["wages_monthly"])])
    found = one(green, state="TN", county="47157")
    assert dollars(found, "farm_losses") == case["expected"]["monthly_loss"]
    assert dollars(found, "gross_income_tested") == case["expected"]["gross_monthly_income"]


def farm_loss_of_california(case: Case) -> None:
    told, expected = case["inputs"], case["expected"]
    trades = told.get("se") or [{"gross": told["farm_gross"], "expenses": told["farm_expenses"]}]
    rows = [farm(t["gross"], t["expenses"], source=("farm_self_employment", "self_employment")[i]) for i, t in enumerate(trades)]
    aid = {"source": "general_assistance", "amount": told["cash_aid"], "every": "month"}
    found = one(person(income=[wages(told["wages"]), aid, *rows]), state="CA", county="06037")
    assert dollars(found, "gross_income_tested") == expected["gross_test_income"]
    after = dollars(found, "gross_income") - dollars(found, "earned_income_deduction") - dollars(found, "farm_loss_left")
    assert after == expected.get("income_after_20pct_and_offset", expected.get("income_after_offset"))


def exclusion_of_ms_b_in_illinois(case: Case) -> None:
    """Illinois drops cents of what it converts (242.82 is 242); the page keeps the federal default for what the manual's pages on
    rounding, which nobody saw, may say: 242.82. The law's own steps are the same: excluded before the gross test."""
    support = {"kind": "child_support_paid", "amount": 56.47, "every": "week", "payer": "ann"}
    found = one(person(income=[wages(case["inputs"]["gross_income"])]), state="IL", county="17031", expenses=[support])
    assert abs(dollars(found, "gross_income") - case["expected"]["income_for_gross_test"]) <= 1
    assert dollars(found, "child_support_deduction") == 0


def two_of_new_hampshire_in_2014(case: Case, tmp_path: Path) -> None:
    """With the figures of 2014 in place of those of 2024, the page gives what the manual of 2014 prints."""
    page = (rules_folder() / "snap" / "us.yaml").read_text()
    for now, then in (("2: 535, 3: 766", "2: 347, 3: 766"), ("{contiguous: 23, alaska_urban: 30, alaska_rural_1: 38", "{contiguous: 15, alaska_urban: 30, alaska_rural_1: 38")):
        assert page.count(now) == 1
        page = page.replace(now, then)
    (tmp_path / "snap").mkdir()
    (tmp_path / "snap" / "us.yaml").write_text(page)
    rules = load_rules(tmp_path)
    income = {"source": "ssi", "amount": 0, "every": "month", "covers": ["a", "b"]}
    for amount in range(1100, 1500):
        both = [person("a", 70, disabled=True, income=[income | {"amount": amount, "covers": ["a"]}]), person("b", 70, disabled=True, income=[income | {"covers": ["b"]}])]
        told = household(*both, state="NH", county="33011", month="2023-12")
        found = screen(told, programs=["snap"], rules=rules)["snap"][0]
        if dollars(found, "net_income") == case["inputs"]["net_income"]:
            assert dollars(found, "contribution") == case["expected"]["contribution"]
            assert dollars(found, "most_for_size") - dollars(found, "contribution") == case["expected"]["remainder"]
            assert (found.status, dollars(found, "allotment")) == ("eligible", case["expected"]["benefit"])
            return
    pytest.fail("no income gives this net income")


def lees_and_parks_of_california(case: Case) -> None:
    """The guide converts by 4.3 and drops the cents of 20 % (266.60); MPP 63-503.311 keeps exact dollars and cents, and 4.33 weeks."""
    lee = {"citizenship": {"status": "lawful_permanent_resident", "since": "2024-01-01", "entered_on": "2024-01-01", "forty_quarters": False,
                           "military_connection": False, "former_refugee": False, "sponsored": False}}  # fmt: skip
    pay = case["inputs"]["weekly"]
    people = [person("p1", income=[wages(pay[0], "week")], spouse="p2"), person("p2", income=[wages(pay[1], "week")]),
              person("baby", 1, parents=["p1", "p2"]), person("l1", income=[wages(pay[2], "week")], **lee), person("l2", **lee)]  # fmt: skip
    found = one(*people, state="CA", county="06037")
    values = found.to_dict()["values"]
    assert len(values["people_counted"]) == case["expected"]["federal_snap_members"]
    # the Lees share: 4/5 of nothing is left out but their own two fifths of 50 a week
    assert values["gross_income"] == "1255.70"  # 4.33 x (160 + 100) and three fifths of 4.33 x 50
    served = [s for s in found.to_dict()["supplements"] if s["code"] == "snap.state_food_program"]
    assert [s["people"] for s in served] == [["l1"], ["l2"]]
    assert len(served) == case["expected"]["state_cfap_members"]


RUNS: dict[str, Callable[[Case], None]] = {
    "snap-ma-weekly-conversion": weekly_conversion_of_massachusetts,
    "snap-il-hhcomp-attendant": live_in_attendant_of_illinois,
    "snap-prorate-nc-256-day18": proration_in_thirtieths,
    "snap-prorate-pa-925-aug20": proration_in_thirtieths,
    "snap-mo-medical-standard": medical_standard_of_missouri,
    "snap-ca-5year-start": five_years_from_the_day_of_the_status,
    "snap-ok-pierre-proration": share_of_pierre_in_oklahoma,
    "snap-tn-mr-green-farm": farm_loss_of_mr_green,
    "snap-ca-mpp-63-503-416-1": farm_loss_of_california,
    "snap-ca-mpp-63-503-416-2": farm_loss_of_california,
    "snap-il-cs-exclusion-ms-b": exclusion_of_ms_b_in_illinois,
    "snap-ca-guide-ex3": lees_and_parks_of_california,
}


@pytest.mark.parametrize("name", RUNS)
def test_a_published_example(name: str, cases: dict[str, Case]) -> None:
    """What the state printed comes out, or the page's cited difference from it."""
    RUNS[name](cases[name])


def test_an_example_of_2014(cases: dict[str, Case], tmp_path: Path) -> None:
    """The minimum for two, with that year's figures laid over the page."""
    two_of_new_hampshire_in_2014(cases["snap-nh-tableG-ex2"], tmp_path)


def test_no_example_is_left_out(cases: dict[str, Case]) -> None:
    """Every SNAP example of the file runs."""
    assert set(cases) == {*RUNS, "snap-nh-tableG-ex2"}
