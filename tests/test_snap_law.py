"""SNAP's law, case by case: the time limit as a clock, every immigration status, income that begins, ends or may not come,
who is apart in one home, and the amounts that do not run with the month."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from benefits_rules import load_rules, screen
from benefits_rules.testing.whole import counties_of, invented
from tests_snap import household, person, wages

#: What closes every exemption from the time limit that a person has not told.
NOT_EXEMPT = {
    "fit_for_work": True, "tribal_member": False, "cares_for_incapacitated": False, "in_treatment_program": False,
    "applied_for_unemployment": False, "time_limit_regained": False, "former_foster_youth": False, "responsible_for_child": False,
}  # fmt: skip


def snap(*people: dict[str, Any], **facts: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = screen(household(*people, **facts), programs=["snap"]).to_dict()["determinations"]
    return found


# ---------------------------------------------------------------- the time limit


@pytest.mark.parametrize(
    ("used", "status"), [(0, "eligible"), (1, "eligible"), (2, "eligible"), (3, "ineligible"), ("unknown", "undetermined")]
)
def test_the_time_limit_is_a_clock(used: Any, status: str) -> None:
    """Three countable months in three years: with 0, 1 or 2 used there is SNAP, with 3 there is none, unknown is not certain."""
    [found] = snap(person(clocks={"snap_time_limit_months_used": used}, **NOT_EXEMPT))
    assert found["status"] == status
    if used == "unknown":
        assert "people.ann.clocks.snap_time_limit_months_used" in found["needs"]
    if status == "eligible":
        [note] = [n for n in found["notes"] if n["code"] == "snap.time_limit_runs"]
        assert f"So far {used} are used" in note["text"]["en"]


def test_the_clock_may_run_in_later_months() -> None:
    """With two months used, the second month asked for is not certain: the first may have been the third."""
    told = household(person(clocks={"snap_time_limit_months_used": 2}, **NOT_EXEMPT), months=2)
    first, second = screen(told, programs=["snap"])
    assert (first.status, second.status) == ("eligible", "undetermined")


def test_nineteen_hours_a_week_are_eighty_a_month() -> None:
    """20 hours a week, averaged monthly, are 80 hours a month (7 CFR 273.24(a)(1)(i))."""
    used_up = {"clocks": {"snap_time_limit_months_used": 3}, **NOT_EXEMPT}
    hours = lambda n: {"activities": [{"kind": "work", "hours_per_week": n}]}  # noqa: E731
    assert snap(person(**used_up, **hours(19)))[0]["status"] == "eligible"
    assert snap(person(**used_up, **hours(18.6)))[0]["status"] == "ineligible"


@pytest.mark.parametrize(("month", "age", "status"), [("2025-06", 55, "eligible"), ("2025-08", 55, "ineligible"), ("2025-08", 65, "eligible")])
def test_the_age_of_the_time_limit_rose_in_july_2025(month: str, age: int, status: str) -> None:
    """Up to 54 before 2025-07-04, up to 64 since (P.L. 119-21 s.10102)."""
    assert snap(person(age=age, clocks={"snap_time_limit_months_used": 3}, **NOT_EXEMPT), month=month)[0]["status"] == status


# ---------------------------------------------------------------- citizenship

#: status → before July 2025, and since: yes, wait (five years, or an exception), no. 7 CFR 273.4(a); 7 USC 2015(f).
STATUSES = {
    "citizen": ("yes", "yes"), "national": ("yes", "yes"), "lawful_permanent_resident": ("wait", "wait"), "refugee": ("yes", "no"),
    "asylee": ("yes", "no"), "withholding": ("yes", "no"), "cuban_haitian_entrant": ("yes", "yes"), "cofa": ("yes", "yes"),
    "amerasian": ("yes", "yes"), "conditional_entrant": ("wait", "no"), "parolee": ("wait", "no"), "afghan_ukrainian_parolee": ("yes", "no"),
    "special_immigrant": ("yes", "yes"), "trafficking_victim": ("yes", "no"), "battered_noncitizen": ("wait", "no"),
    "american_indian_born_abroad": ("yes", "no"), "hmong_lao": ("yes", "no"), "tps": ("no", "no"), "daca": ("no", "no"),
    "asylum_applicant": ("no", "no"), "nonimmigrant": ("no", "no"), "other_lawfully_present": ("no", "no"), "undocumented": ("no", "no"),
}  # fmt: skip
EXCEPTIONS = {"forty_quarters": False, "military_connection": False}


def noncitizen(status: str, since: str) -> dict[str, Any]:
    told: dict[str, Any] = {"status": status}
    if status not in ("citizen", "national"):
        told |= {"since": since, "entered_on": since, **EXCEPTIONS}
    if status == "lawful_permanent_resident":
        told |= {"former_refugee": False, "sponsored": False}
    return person(citizenship=told)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("month", "when"), [("2025-06", 0), ("2025-08", 1)])
def test_every_status_before_and_after_july_2025(status: str, month: str, when: int) -> None:
    """Each immigration status has the answer that the law gives it, short of five years and past them."""
    rule = STATUSES[status][when]
    new, old = (snap(noncitizen(status, since), month=month)[0]["status"] for since in ("2023-01-01", "2015-01-01"))
    assert (new, old) == {"yes": ("eligible", "eligible"), "wait": ("ineligible", "eligible"), "no": ("ineligible", "ineligible")}[rule]


def test_who_does_not_apply_is_not_asked_for_a_status() -> None:
    """A member who applies for nothing is not asked (7 CFR 273.4(b)); the others' answer is certain."""
    parent = person("ann", citizenship={}, applying_for=[], income=[wages(600)])
    [found] = snap(parent, person("kid", 6, parents=["ann"]))
    assert found["status"] == "eligible"
    assert found["values"]["people_counted"] == ["kid"]


# ---------------------------------------------------------------- income


def test_income_that_begins_in_the_month_counts_as_it_comes() -> None:
    """In the month in which pay begins or ends, what comes in that month counts; a whole month is converted."""
    gross = lambda **row: snap(person(income=[wages(500, "week", **row)]))[0]["values"]["gross_income"]  # noqa: E731
    assert gross() == gross(**{"from": "2026-03-01"}) == gross(to="2026-03-31") == "2166.65"
    assert gross(**{"from": "2026-03-16"}, amount_this_month=1000) == "1000.00"
    assert gross(to="2026-03-10", amount_this_month=500) == "500.00"
    assert gross(to="2026-02-28") == gross(**{"from": "2026-04-01"}) == "0.00"


def test_what_comes_in_a_part_of_the_month_is_asked_for() -> None:
    """Pay that begins in the month, and nobody says what comes: the amount lies between, and is asked for."""
    [found] = snap(person(income=[wages(300, "week", **{"from": "2026-03-16"})]))
    assert "people.ann.income.0.amount_this_month" in found["needs"]


def test_income_that_is_not_sure_does_not_count() -> None:
    """What is not reasonably certain to come is not income (7 CFR 273.10(c)(1)(i))."""
    [found] = snap(person(income=[wages(500), {"source": "gift", "amount": 900, "every": "month", "certain": False}]))
    assert found["values"]["gross_income"] == "500.00"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3500), st.integers(0, 1500), st.booleans())
def test_the_benefit_never_rises_with_own_pay(pay: int, rent: int, child: bool) -> None:
    """A dollar more of wages never brings more SNAP, other things alike."""
    people = lambda p: [person(income=[wages(p)])] + ([person("kid", 6, parents=["ann"])] if child else [])  # noqa: E731
    bills = {"expenses": [{"kind": "rent", "amount": rent, "every": "month"}, {"kind": "heating_or_cooling"}]}
    less, more = (snap(*people(p), **bills)[0] for p in (pay, pay + 1))
    amount = lambda d: float(d["amount"]["value"]) if d["amount"] else 0.0  # noqa: E731
    assert amount(more) <= amount(less)


# ---------------------------------------------------------------- who is one household


def test_a_boarder_is_apart_unless_asked_for() -> None:
    """A boarder is no member, gets nothing alone, and joins at the household's request (7 CFR 273.1(b)(3))."""
    board = {"boarder": True, "board": {"amount": 400, "every": "month", "meals_a_day": 3}}
    alone = snap(person("ann"), person("bob", **board))
    assert [(d["people"], d["status"]) for d in alone] == [(["ann"], "eligible"), (["bob"], "ineligible")]
    [joined] = snap(person("ann"), person("bob", in_unit_by_choice=True, **board))
    assert joined["people"] == ["ann", "bob"]
    [too_little] = snap(person("ann"), person("bob", boarder=True, board={"amount": 100, "every": "month", "meals_a_day": 3}))
    assert too_little["people"] == ["ann", "bob"]


def test_the_elderly_and_disabled_may_be_apart() -> None:
    """Of 60 or more and unable to cook, she may be a household of her own where the others' income is low (273.1(b)(2))."""
    mother = person("mia", 70, disabled=True, cannot_prepare_meals=True, apart_by_choice=True)
    assert len(snap(mother, person("ann", income=[wages(1500)]))) == 2
    assert len(snap(mother, person("ann", income=[wages(5000)]))) == 1


def test_leaving_an_institution_begins_the_benefit() -> None:
    """Who leaves within the month is judged, and the first month counts from that day (7 CFR 273.11(i))."""
    inside = {"housing": {"kind": "institution", "leaves_on": "2026-03-16"}, "applied_on": "2026-03-02"}
    [found] = snap(person(**NOT_EXEMPT), **inside)
    assert found["status"] == "eligible"
    assert found["amount_first_month"] == {"value": "149.00", "unit": "USD/month"}
    assert snap(person(), housing={"kind": "institution", "leaves_on": "2026-05-01"})[0]["status"] == "ineligible"


# ---------------------------------------------------------------- amounts beside the ongoing one


def test_the_first_month_is_prorated() -> None:
    """From the day of application, in thirtieths, rounded down; nothing under $10 (7 CFR 273.10(a)(1)(ii))."""
    first = lambda day: snap(person(**NOT_EXEMPT), applied_on=day)[0]["amount_first_month"]  # noqa: E731
    assert [first(f"2026-03-{d}")["value"] for d in ("01", "16", "30", "31")] == ["298.00", "149.00", "0.00", "0.00"]
    assert first("2026-02-20") is None


def test_expedited_service_is_said() -> None:
    """A household without income and savings is told of the seven days (7 CFR 273.2(i))."""
    [found] = snap(person(**NOT_EXEMPT))
    assert found["values"]["expedited_service"] is True
    assert "snap.expedited_service" in [n["code"] for n in found["notes"]]
    said = screen(household(person(**NOT_EXEMPT)), programs=["snap"])
    assert "within 7 days" in said.to_text()
    assert "within 7 days" in said.to_html()
    assert "en 7 días" in said.to_markdown("es")


def test_food_packages_bar_snap_in_the_month() -> None:
    """FDPIR and SNAP are never received in one month (7 CFR 281.1(c))."""
    receives = [{"program": "fdpir", "people": ["ann"], "from": "2026-01-01"}]
    assert snap(person(**NOT_EXEMPT), receives=receives)[0]["status"] == "ineligible"


def test_state_money_is_named_as_such() -> None:
    """New Jersey tops the minimum up to $95 of its own money, apart from the federal amount."""
    old = person(age=70, income=[{"source": "social_security_retirement", "amount": 1500, "every": "month"}])
    [found] = snap(old, state="NJ", county="34003")
    assert found["amount"]["value"] == "24.00"
    [more] = found["supplements"]
    assert (more["funding"], more["amount"]["value"]) == ("state", "71.00")
    assert found["funding"] == "federal"


def test_state_money_that_is_not_certain_is_said_only_where_there_is_some() -> None:
    """A benefit that may or may not reach the state's minimum names no state money; one surely below it names it without a figure."""
    income = {"source": "social_security_retirement", "every": "month"}
    for low, high, extra in ((600, 1500, []), (1010, 1030, [None])):
        old = person(age=70, income=[income | {"amount": {"min": low, "max": high}}])
        [found] = snap(old, state="NJ", county="34003", month="2026-05")
        assert (found["status"], [more["amount"] for more in found["supplements"]]) == ("eligible", extra)


def test_no_advice_to_earn_less() -> None:
    """What a household may do is claim a cost or wait for a date, never earn less."""
    [found] = snap(person(age=62, income=[wages(1800)]))
    assert found["changes"]
    assert not any(w in c["text"]["en"].lower() for c in found["changes"] for w in ("earn less", "quit", "work less", "separate"))


# ---------------------------------------------------------------- usual values


def test_no_usual_value_ever_decides_ineligible() -> None:
    """Whoever is ineligible on usual values stays so whatever those facts turn out to be: 100 such units, eight turns each."""
    rules = load_rules()
    usual = [f.name for f in rules.catalogue.by_entity["person"] if f.kind == "usual" and f.at == f.name and f.unit == "yes/no"]
    assert {"fit_for_work", "fleeing_felon", "drug_felony", "quit_job", "tribal_member"} <= set(usual)
    states = rules.states("snap")
    found = seed = 0
    while found < 100:
        seed += 1
        r = random.Random(seed)
        state = r.choice(states)
        house = invented(r, counties_of(rules, state), r.choice(("2024-11", "2025-08", "2026-03", "2026-11")), state, (1, 4))
        for p in house["people"]:
            for name in usual:
                p.pop(name, None)
            p["income"] += [{"source": "other_unearned", "amount": r.choice((0, 1500, 3000)), "every": "month"}]
        house["months"] = 1
        units = {d.people for d in screen(house, programs=["snap"]) if d.status == "ineligible"}
        found += len(units)
        for _ in range(8 if units else 0):
            told = copy.deepcopy(house)
            for p in told["people"]:
                p |= {name: r.random() < 0.3 for name in usual if r.random() < 0.6}
                if p.get("on_strike"):
                    p["pay_before_strike"] = {"amount": 100, "every": "month"}
            again = {d.people: d.status for d in screen(told, programs=["snap"])}
            assert all(again.get(people, "ineligible") != "eligible" for people in units), (seed, units, again)
