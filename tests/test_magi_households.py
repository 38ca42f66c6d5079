"""Medicaid's MAGI households, 42 CFR 435.603(f) and (d), on published cases and on households made at random."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from benefits_rules.exact import evaluate
from benefits_rules.facts import project
from benefits_rules.model import read_household
from benefits_rules.resolve import Rules
from benefits_rules.rulefiles import rules_folder
from benefits_rules.values import MICRO, Value

MARCH = date(2026, 3, 1)
RULES = Rules(rules_folder())
CASES = Path(__file__).parents[2] / "shared" / "acceptance" / "magi_cases.json"

#: What a relationship code of the cases says that this person is to the other.
SPOUSE, PARENT, CHILD, STEPCHILD, STEPPARENT = "02", "03", "04", "05", "12"

#: (application, person) of an expectation that the regulation contradicts → the paragraph that decides it. None is known.
CONTRADICTED: dict[tuple[str, int], str] = {}


# ── evaluating a household ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Found:
    """What the page says of each person of one home."""

    members: dict[str, set[str]]
    size: dict[str, int]
    yearly_income: dict[str, Value]


def evaluated(household: dict[str, Any]) -> Found:
    facts = project(read_household(household), MARCH, RULES.catalogue)
    _, values = evaluate(RULES.plan("medicaid", None, MARCH), facts)
    members = {name: {name} for name in facts.people}
    for entity, value, names in (
        ("pair", "magi_household", facts.people),
        ("tie", "outsider_in_household", facts.outsiders),
    ):
        rows = facts.rows[entity]
        for owner, link, inside in zip(rows.owner, rows.link, values[value], strict=True):
            if inside:
                members[facts.people[owner]].add(names[link])

    def of_people(value: str) -> dict[str, Any]:
        return dict(zip(facts.people, values[value], strict=True))

    return Found(members, of_people("magi_household_size"), of_people("magi_income_for_year"))


# ── the published cases ───────────────────────────────────────────────────────────────────────────────────


def cases() -> dict[str, Any]:
    if not CASES.is_file():
        return {"household_expectations": [], "application_cases": []}
    found: dict[str, Any] = json.loads(CASES.read_text(encoding="utf-8"))
    return found


def name(number: int) -> str:
    return f"p{number}"


def homes(application: dict[str, Any]) -> list[dict[str, Any]]:
    """An application → one contract household for each home; who lives in another home stands outside."""
    people = {p["Person ID"]: p for p in application["People"]}
    related = {
        (i, r["Other ID"]): r["Relationship Code"]
        for i, p in people.items()
        for r in p["Relationships"]
        if r["Other ID"] in people
    }
    returns = [
        {"filers": [name(f["Person ID"]) for f in r["Filers"]], "dependents": [name(d["Person ID"]) for d in r["Dependents"]]}
        for r in application["Tax Returns"]
        if r["Filers"]
    ]
    return [
        {
            "state": application["State"],
            "month": f"{MARCH:%Y-%m}",
            "people": [insider(people[i], home, related) for i in home],
            "outside_people": [outsider(people[i], home, related) for i in people if i not in home],
            "tax_returns": returns,
            "expenses": [],
        }
        for home in ([p["Person ID"] for p in h["People"]] for h in application["Physical Households"])
    ]


def insider(person: dict[str, Any], home: list[int], related: dict[tuple[int, int], str]) -> dict[str, Any]:
    i = person["Person ID"]
    wages = person["Income"]["Wages, Salaries, Tips"]
    pregnant = person["Applicant Pregnant Indicator"] == "Y"
    told: dict[str, Any] = {
        "id": name(i),
        "age": person["Applicant Age"],
        "pregnant": pregnant,
        "expected_children": person["Number of Children Expected"] if pregnant else 0,
        "student": {"level": "none"},
        "income": [{"source": "wages", "amount": wages, "every": "year"}] if wages else [],  # no application has other income
        "parents": [
            {"id": name(j), "kind": "step" if related[i, j] == STEPCHILD else "biological"}
            for j in home
            if related.get((i, j)) in (CHILD, STEPCHILD)
        ],
    }
    married = [j for j in home if related.get((i, j)) == SPOUSE]
    return told | ({"spouse": name(married[0])} if married else {})


def outsider(person: dict[str, Any], home: list[int], related: dict[tuple[int, int], str]) -> dict[str, Any]:
    i = person["Person ID"]
    told: dict[str, Any] = {
        "id": name(i),
        "age": person["Applicant Age"],
        "parent_of": [name(j) for j in home if related.get((i, j)) in (PARENT, STEPPARENT)],
        "child_of": [name(j) for j in home if related.get((i, j)) in (CHILD, STEPCHILD)],
    }
    married = [j for j in home if related.get((i, j)) == SPOUSE]
    return told | ({"spouse_of": name(married[0])} if married else {})


PUBLISHED = cases()
APPLICATIONS = {c["id"]: c["application"] for c in PUBLISHED["application_cases"]}


@pytest.mark.skipif(not CASES.is_file(), reason="the published cases (../shared/acceptance/magi_cases.json) are not here")
@pytest.mark.parametrize("expected", PUBLISHED["household_expectations"], ids=lambda e: f"{e['application']}-{e['person']}")
def test_published_household(expected: dict[str, Any]) -> None:
    """Every person of a published application has the MAGI household, its size and its income that are expected."""
    person = name(expected["person"])
    home = next(h for h in homes(APPLICATIONS[expected["application"]]) if person in [p["id"] for p in h["people"]])
    found = evaluated(home)
    yearly = found.yearly_income[person]
    assert isinstance(yearly, int)
    # a year's income is told, a month's is counted: twelve twelfths, each to the cent, come back to the dollar
    ours = (found.members[person], found.size[person], round(yearly / MICRO))
    theirs = ({name(i) for i in expected["household"]}, expected["size"], expected["magi"])
    contradiction = CONTRADICTED.get((expected["application"], expected["person"]))
    assert (ours == theirs) is (contradiction is None), contradiction


@pytest.mark.skipif(not CASES.is_file(), reason="the published cases (../shared/acceptance/magi_cases.json) are not here")
def test_all_published_households_are_run() -> None:
    """The published file holds twenty expectations, and each names an application and a person of it."""
    assert len(PUBLISHED["household_expectations"]) == 20
    for e in PUBLISHED["household_expectations"]:
        assert e["person"] in [p["Person ID"] for p in APPLICATIONS[e["application"]]["People"]]


# ── households made at random ─────────────────────────────────────────────────────────────────────────────


@st.composite
def households(draw: st.DrawFn) -> dict[str, Any]:
    """One to six people, told exactly: couples, parents older than their children, and who claims whom."""
    ages = sorted(draw(st.lists(st.integers(0, 80), min_size=1, max_size=6)), reverse=True)
    ids = [name(i) for i in range(len(ages))]
    people: list[dict[str, Any]] = [
        {
            "id": ids[i],
            "age": age,
            "pregnant": (pregnant := draw(st.booleans())),
            "expected_children": draw(st.integers(1, 3)) if pregnant else 0,
            "student": draw(st.sampled_from([{"level": "none"}, {"level": "higher_education", "enrollment": "full"}])),
            "income": [
                {"source": source, "amount": draw(st.integers(0, 30_000)), "every": "year"}
                for source in draw(st.lists(st.sampled_from(["wages", "ssi", "child_support", "interest_dividends"]), max_size=2))
            ],
            "parents": draw(st.lists(st.sampled_from(ids[:i]), unique=True, max_size=2)) if i else [],
        }
        for i, age in enumerate(ages)
    ]
    for one, other in zip(ids[::2], ids[1::2], strict=False):
        if one not in people[ids.index(other)]["parents"] and draw(st.booleans()):
            people[ids.index(one)]["spouse"] = other
    return {"state": "GA", "month": f"{MARCH:%Y-%m}", "people": people, "expenses": [], "tax_returns": draw(tax_returns(ids, people))}


@st.composite
def tax_returns(draw: st.DrawFn, ids: list[str], people: list[dict[str, Any]]) -> list[dict[str, list[str]]]:
    """Everybody files, is claimed by an older filer, or neither; only couples file jointly."""
    part = {i: draw(st.sampled_from(["files", "claimed", "neither"])) for i in ids}
    returns: list[dict[str, list[str]]] = []
    for i, person in zip(ids, people, strict=True):
        other = person.get("spouse", "")
        if part[i] == "files":
            jointly = part.get(other) == "files" and draw(st.booleans())
            returns.append({"filers": [i, other] if jointly else [i], "dependents": []})
            if jointly:
                part[other] = "files with a spouse"
        elif part[i] == "claimed" and returns:
            draw(st.sampled_from(returns))["dependents"].append(i)
    return returns


def spouses(household: dict[str, Any]) -> list[tuple[str, str]]:
    return [(p["id"], p["spouse"]) for p in household["people"] if "spouse" in p]


def counted(household: dict[str, Any]) -> int:
    """Dollars a year that are income at all."""
    rows = [row for p in household["people"] for row in p["income"]]
    return sum(int(row["amount"]) for row in rows if row["source"] not in ("ssi", "child_support"))


@settings(max_examples=150, deadline=None)
@given(households())
def test_everybody_counts_in_her_own_household(household: dict[str, Any]) -> None:
    """A person's family size is never under one, nor under herself and the children whom she expects (435.603(b))."""
    found = evaluated(household)
    for p in household["people"]:
        assert found.size[p["id"]] >= 1 + p["expected_children"]


@settings(max_examples=150, deadline=None)
@given(households())
def test_spouses_are_in_each_others_household(household: dict[str, Any]) -> None:
    """Spouses who live together are in each other's household, however they file (435.603(f)(4))."""
    found = evaluated(household)
    for one, other in spouses(household):
        assert other in found.members[one]
        assert one in found.members[other]


@settings(max_examples=150, deadline=None)
@given(households())
def test_a_taxpayer_has_all_dependents(household: dict[str, Any]) -> None:
    """A filer whom nobody claims has exactly the spouse and the dependents of the return in the household (435.603(f)(1))."""
    found, married = evaluated(household), dict(spouses(household)) | {b: a for a, b in spouses(household)}
    for each in household["tax_returns"]:
        for filer in each["filers"]:
            expected = {filer, *each["dependents"]} | ({married[filer]} if filer in married else set())
            assert found.members[filer] == expected


@settings(max_examples=150, deadline=None)
@given(households())
def test_size_is_the_members_and_own_expected_children(household: dict[str, Any]) -> None:
    """Where a state counts a pregnant member as one, the size is the members and the children whom the person herself expects."""
    found = evaluated(household)
    for p in household["people"]:
        assert found.size[p["id"]] == len(found.members[p["id"]]) + p["expected_children"]


@settings(max_examples=150, deadline=None)
@given(households())
def test_income_is_not_made_up(household: dict[str, Any]) -> None:
    """No household has more income than everybody's that counts: SSI and child support are none (435.603(e))."""
    found = evaluated(household)
    for yearly in found.yearly_income.values():
        assert isinstance(yearly, int)
        assert 0 <= yearly <= (counted(household) + 1) * MICRO
