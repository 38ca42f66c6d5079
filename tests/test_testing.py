"""The strategies for households: what an agency may build its own tests on."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from benefits_rules import HouseholdError, RequestError, Rules, screen
from benefits_rules.exact import evaluate
from benefits_rules.facts import project
from benefits_rules.frame import Unsettled
from benefits_rules.leaves import Frozen
from benefits_rules.model import Household, read_household
from benefits_rules.testing import Corrupted, Partial, corrupted_households, households, partial_households
from benefits_rules.testing.partial import blurred
from benefits_rules.testing.places import kinds_of, places
from benefits_rules.testing.whole import MONTHS, aimed, counties_of, invented
from benefits_rules.values import MICRO, micros

STATES = ("AK", "CA", "GA", "NY", "TX", "WY")


def quiet(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@quiet(150)
@given(households() | partial_households().map(lambda p: p.told))
def test_every_valid_household_is_screened(house: dict[str, Any]) -> None:
    """Told in full or in part, a household of ours is screened for every program without an exception."""
    for found in screen(house, ["snap", "tanf", "medicaid", "chip", "child_care"]):
        assert found.to_dict()["status"] in ("eligible", "ineligible", "undetermined", "not_available")


@quiet(400)
@given(corrupted_households())
def test_every_corrupted_household_is_refused_at_its_path(case: Corrupted) -> None:
    """The error names the path of the fault, or one below it, and shows nothing that was put there."""
    with pytest.raises(HouseholdError) as caught:
        screen(case.told)
    assert any(p.path == case.path or p.path.startswith(f"{case.path}.") for p in caught.value.problems), str(caught.value)
    assert not any(word in str(caught.value) for word in ("zq417", "417_417", "417417", "417.41", "-417"))


def assumed_wrongly(found: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Whether a usual value that stood in is not what the whole household tells."""
    told = {p["id"]: p for p in whole["people"]}
    nested = {"work_study": "student", **dict.fromkeys(("forty_quarters", "military_connection", "former_refugee", "sponsored"), "citizenship")}
    for each in found["assumptions"]:
        if each["fact"] == "names_payer":
            return True
        for name in each["people"]:
            person = told[name]
            said = person.get(nested[each["fact"]], {}) if each["fact"] in nested else person
            if said.get(each["fact"], each["value"]) != each["value"]:
                return True
    return False


@quiet(200)
@given(partial_households(states=["GA", "TX", "NY"]))
def test_a_partial_household_never_contradicts_its_completion(case: Partial) -> None:
    """What is certain of a household told in part is so of the one told in full, but for usual values that were named."""
    programs = ["snap", "tanf"]
    in_full = {(d.program, d.month, d.people): d.to_dict() for d in screen(case.whole, programs)}
    for found in screen(case.told, programs):
        whole, part = in_full.get((found.program, found.month, found.people)), found.to_dict()
        if whole is None or found.status not in ("eligible", "ineligible") or assumed_wrongly(part, case.whole):
            assert whole is not None or found.status in ("undetermined", "not_available") or assumed_wrongly(part, case.whole)
            continue
        if whole["status"] == "not_available":
            continue
        assert found.status == whole["status"]
        if part["amount"] is not None:
            assert part["amount"] == whole["amount"]
        elif part["amount_bounds"] is not None and whole["amount"] is not None:
            low, high = (micros(part["amount_bounds"][end]) for end in ("min", "max"))
            assert low <= micros(whole["amount"]["value"]) <= high


def every_key(model: type[Frozen], seen: set[tuple[str, str]]) -> None:
    for key, kind in kinds_of(model).items():
        if (model.__name__, key) not in seen:
            seen.add((model.__name__, key))
            for below in (kind.part, kind.rows):
                if below is not None:
                    every_key(below, seen)


def test_every_key_and_form_occurs(rules: Rules) -> None:
    """Among 6,000 households every key of the model is told, and each form that it may take: a word, a range, options, a list in part."""
    wanted: set[tuple[str, str]] = set()
    every_key(Household, wanted)
    counties = {s: counties_of(rules, s) for s in STATES}
    keys, forms = set[str](), set[tuple[str, str]]()
    for seed in range(6_000):
        r = random.Random(seed)
        state = r.choice(STATES)
        house = invented(r, counties[state], r.choice(MONTHS), state, (1, 7))
        keys |= {p.key for p in places(house)}
        for p in places(blurred(r, house)):
            if isinstance(p.value, str) and p.value in ("unknown", "declined"):
                forms.add((p.key, "word"))
            elif isinstance(p.value, dict):
                forms |= {(p.key, form) for form, mark in (("bound", "min"), ("choice", "any_of"), ("partly", "unknown")) if mark in p.value}
    assert {key for _, key in wanted} - keys <= {"as_of"}
    expected = {(k, "word") for model in ("Person", "Income", "Story") for m, k in wanted if m == model for kind in (kind_at(m, k),) if kind.words}
    assert expected <= forms
    assert {form for _, form in forms} == {"word", "bound", "choice", "partly"}


def kind_at(model: str, key: str) -> Any:
    from benefits_rules import shape

    return kinds_of(getattr(shape, model))[key]


def test_what_is_aimed_stands_within_a_cent_of_a_limit(rules: Rules) -> None:
    """Most households can be aimed; then a test of a program of the state stands at its limit, or a cent beside it, in some unit."""
    counties, moved = counties_of(rules, "GA"), 0
    for seed in range(60):
        r = random.Random(seed)
        house = invented(r, counties, "2026-03", "GA", (1, 4))
        near = aimed(r, rules, copy.deepcopy(house))
        if near != house:
            moved += 1
            assert at_a_limit(rules, near)
    assert moved >= 30


def at_a_limit(rules: Rules, house: dict[str, Any]) -> bool:
    told = read_household(house)
    for program in ("snap", "tanf", "medicaid"):
        plan = rules.plan(program, told.state, told.first_month)
        try:
            values_ = evaluate(plan, project(told, plan.month, rules.catalogue, wanted=plan.wanted, program=program))[1]
        except Unsettled:
            continue
        for test in plan.tests.values():
            if test.value and test.limit and plan.node(test.value).type.base == "USD":
                cent = MICRO // 100 * (12 if plan.node(test.value).type.per == "year" else 1)
                sides = zip(values_[test.value], values_[test.limit], strict=False)
                if any(isinstance(v, int) and isinstance(w, int) and abs(v - w) <= cent for v, w in sides):
                    return True
    return False


@quiet(30)
@given(st.data())
def test_parameters_are_kept(data: st.DataObject) -> None:
    """State, month and size are those asked for; what cannot be is refused at once."""
    house = read_household(data.draw(households(states=["NY"], months=["2026-05"], people=(2, 3))))
    assert (house.state, house.month) == ("NY", "2026-05")
    assert 2 <= len(house.people) <= 3
    for wrong in ({"states": ["ZZ"]}, {"states": []}, {"months": ["2026-13"]}, {"people": (3, 2)}, {"people": (1, 41)}):
        with pytest.raises(RequestError):
            households(**wrong)  # type: ignore[arg-type]
