"""The published worked examples of Medicaid (../shared/acceptance), each run as far as the law of our months goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from benefits_rules.determine import Determination
from benefits_rules.units import FAIL, NOT_APPLICABLE
from benefits_rules.values import MICRO
from tests_medicaid import kind, medicaid, member
from tests_snap import wages

Case = dict[str, Any]

#: A state with the adult group and the federal day of the work rule.
KENTUCKY = {"state": "KY", "county": "21111"}


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, Case]:
    every = json.loads((shared / "acceptance" / "worked_examples.json").read_text())
    return {c["id"]: c for c in every if c["program"] in ("Medicaid", "CHIP")}


def value(found: Determination, name: str) -> int:
    assert found.reading is not None
    known = found.reading.value(name)
    assert isinstance(known, int), known
    return known


def dollars(found: Determination, name: str) -> float:
    return value(found, name) / MICRO


def omar_of_illinois(case: Case) -> None:
    """All four by Illinois's own page in 2023. The guide prints a month's limits, rounded up to the dollar; ours are a year's."""
    pay, limits, expected = case["inputs"]["income"], case["given_parameters"], case["expected"]
    people = [
        member("Omar", spouse="Leila", income=[wages(pay["Omar"])]),
        member("Leila", income=[{"source": "unemployment", "amount": pay["Leila"], "every": "month"}]),
        member("Jade", 8, parents=["Omar", "Leila"]),
        member("Tony", 20, income=[{"source": "social_security_survivors", "amount": pay["Tony"], "every": "month"}]),
    ]
    tax = case["inputs"]["tax"]
    returns = [{"filers": tax["joint"], "dependents": tax["dependents"]}]
    found = medicaid(*people, state="IL", county="17031", month="2023-12", tax_returns=returns)
    assert {name: value(d, "magi_household_size") for name, d in found.items()} == expected["size"]
    assert {name: dollars(d, "magi_income") for name, d in found.items()} == expected["income"]
    assert set(found) == set(expected["eligible"])
    assert {kind(d) for d in found.values()} == {("eligible", "full", "federal")}
    categories = {name: d.to_dict()["category"] for name, d in found.items()}
    assert categories == {"Omar": "parent", "Leila": "parent", "Jade": "child", "Tony": "adult"}
    monthly = {name: ceil(dollars(d, "magi_limit") / 12) for name, d in found.items()}
    assert monthly == {"Omar": limits["limit_4"], "Leila": limits["limit_4"], "Jade": limits["child_limit_4"], "Tony": limits["limit_1"]}


def marty_of_cms(case: Case) -> None:
    """The son's pay does not count in either household: he is claimed by his father, and need not file."""
    pay = case["inputs"]["income"]
    mark = member("Mark", 22, parents=["Marty"], income=[wages(pay["Mark"])], student={"level": "higher_education", "enrollment": "full"})
    found = medicaid(member("Marty", 50, income=[wages(pay["Marty"])]), mark, tax_returns=[{"filers": ["Marty"], "dependents": ["Mark"]}])
    assert {name: dollars(d, "magi_income") for name, d in found.items()} == case["expected"]["household_income"]
    assert {value(d, "magi_household_size") for d in found.values()} == {case["expected"]["household_size"]}
    assert found["Mark"].to_dict()["values"]["magi_household"] == ["Marty", "Mark"]


def triplets_of_missouri(case: Case) -> None:
    """Herself and three; an unmarried partner with whom she does not file is not in it. The rule is federal: 42 CFR 435.603(b)."""
    jane = member("Jane", 30, pregnant=case["inputs"]["pregnant"], expected_children=case["inputs"]["expected_children"])
    returns = [{"filers": ["Jane"], "dependents": []}, {"filers": ["John"], "dependents": []}]
    for filed in (returns, []):
        found = medicaid(jane, member("John", 31), tax_returns=filed)
        assert value(found["Jane"], "magi_household_size") == case["expected"]["household_size"]
        assert value(found["John"], "magi_household_size") == 1


def work_rule(found: Determination) -> int:
    return value(found, "community_engagement_test")


def application_before_the_work_rule(case: Case) -> None:
    """Who applied before the rule began is judged without it, also in January; who applies in January is not."""
    month = case["inputs"]["decision"][:7]
    before = medicaid(member(), month=month, applied_on=case["inputs"]["application"], **KENTUCKY)["ann"]
    assert case["expected"]["ce_evaluated"] is False
    assert (kind(before), work_rule(before)) == (("eligible", "full", "federal"), NOT_APPLICABLE)
    after = medicaid(member(), month=month, applied_on=case["inputs"]["decision"], **KENTUCKY)["ann"]
    assert (after.status, work_rule(after)) == ("ineligible", FAIL)
    december = medicaid(member(), month="2026-12", applied_on=case["inputs"]["application"], **KENTUCKY)["ann"]
    assert (kind(december), work_rule(december)) == (("eligible", "full", "federal"), NOT_APPLICABLE)


def average_of_seasonal_work(case: Case) -> None:
    """Two months of $1,500 in six are $500 a month: not the $580 that 80 hours at the minimum wage come to."""
    given = case["given_parameters"]
    assert given["minimum_wage"] * given["hours"] == given["threshold"]

    def judged(total: float) -> Determination:
        worker = member(seasonal_worker=True, income_of_six_months=total)
        found: Determination = medicaid(worker, month="2027-07", **KENTUCKY)["ann"]
        return found

    found = judged(sum(case["inputs"]["months"]))
    assert dollars(found, "seasonal_average") == case["expected"]["average"]
    assert (found.status == "eligible") is case["expected"]["demonstrated"]
    assert (found.status, work_rule(found)) == ("ineligible", FAIL)
    least = 6 * given["threshold"]
    assert [judged(total).status for total in (least - 0.06, least)] == ["ineligible", "eligible"]


def long_term_care_of_mr_i(case: Case) -> None:
    """Long-term care, and what somebody pays for it, is outside these rules: they do not answer, and say so."""
    income = [{"source": "pension", "amount": case["inputs"]["institutional_income"], "every": "month"}]
    home = {"kind": "institution", "leaves_on": "2030-01-01"}
    away = {"id": "wife", "age": 75, "spouse_of": "i"}
    found = medicaid(member("i", 75, income=income), outside_people=[away], housing=home, state="IL", county="17031")["i"]
    assert (found.status, found.amount) == ("not_available", None)
    assert "such as for a nursing home" in found.to_text()
    assert "Please ask the agency" in found.to_text()
    assert found.to_dict()["category"] is found.to_dict()["coverage"] is None


RUNS: dict[str, Callable[[Case], None]] = {
    "magi-il-omar-2023": omar_of_illinois,
    "magi-cms-marty": marty_of_cms,
    "magi-mo-triplets": triplets_of_missouri,
    "ce-cms-pending-application": application_before_the_work_rule,
    "ce-cms-seasonal-6mo-average": average_of_seasonal_work,
    "ltc-il-mr-i": long_term_care_of_mr_i,
}


@pytest.mark.parametrize("name", RUNS)
def test_a_published_example(name: str, cases: dict[str, Case]) -> None:
    """What the agency printed comes out, or that these rules do not answer it."""
    RUNS[name](cases[name])


def test_the_printed_figures_agree(cases: dict[str, Case]) -> None:
    """No printed figure is a misprint: the limits are the poverty line of 2023 by rate and size, and Mr. I's sums come out."""
    omar, mr_i = cases["magi-il-omar-2023"]["given_parameters"], cases["ltc-il-mr-i"]
    assert [omar["limit_4"], omar["child_limit_4"], omar["limit_1"]] == [ceil(30000 * 1.38 / 12), ceil(30000 * 3.18 / 12), ceil(14580 * 1.38 / 12)]
    told, given, expected = mr_i["inputs"], mr_i["given_parameters"], mr_i["expected"]
    assert expected["spenddown"] == told["institutional_income"] - given["aabd"] - 25
    assert expected["spenddown_met"] is (told["ltc_daily"] * 30 >= expected["spenddown"])
    assert expected["available"] == told["institutional_income"] - given["pna"]
    assert expected["diverted"] == given["csmna"] - told["spouse_income"]
    assert expected["patient_liability"] == expected["available"] - expected["diverted"]


def test_the_work_rule_comes_with_the_next_renewal(cases: dict[str, Case]) -> None:
    """Who applied before the rule began is asked at the first renewal after it: twelve months later at the latest."""
    case = cases["ce-cms-pending-application"]
    assert case["expected"]["first_ce_check"] == "next periodic renewal"
    later = medicaid(member(), month="2028-02", applied_on=case["inputs"]["application"], **KENTUCKY)["ann"]
    assert work_rule(later) == FAIL


def test_no_example_is_left_out(cases: dict[str, Case]) -> None:
    """Every Medicaid example of the file runs; CHIP has none."""
    assert set(cases) == set(RUNS)
