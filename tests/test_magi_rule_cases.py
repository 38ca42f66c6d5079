"""The published rule cases of MAGI in the cloud: each is run on these pages, or listed with the reason why it has no meaning here.

A case asks one rule of the reference for one answer, from inputs that are often answers of other rules. Here it becomes a claim: what
is given (facts, and values given outright, the case's configuration as options of the state) and what must follow, as in the
examples beside a page. ``acceptance/magi_rule_cases.yaml`` lists what is not simply met.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from benefits_rules import RuleError, load_rules
from benefits_rules.examples import Example, run
from benefits_rules.resolve import Rules
from benefits_rules.rulefiles import rules_folder
from benefits_rules.source import Mapping, read_bytes

#: The months in which every case is run: before and after P.L. 119-21 narrowed who among immigrants is covered.
MONTHS = (date(2026, 3, 1), date(2026, 11, 1))
RULES = Rules(rules_folder())
CASES = Path(__file__).parents[2] / "shared" / "acceptance" / "magi_cases.json"
LISTED = yaml.safe_load((Path(__file__).parent / "acceptance" / "magi_rule_cases.yaml").read_text(encoding="utf-8"))
UNMAPPED: dict[str, str] = {case: reason for reason, each in LISTED["unmapped"].items() for case in each["cases"]}
CONTRADICTED: dict[str, dict[str, str]] = LISTED["contradicted"]
MISSING: dict[str, str] = LISTED["missing"]

Given = dict[str, Any]

#: Answers that no value here gives: reason codes of the reference, and where it would send the applicant next.
NOT_ANSWERED = frozenset({
    "APTC Referral Indicator", "Prelim APTC Referral Indicator", "Applicant Seven Year Limit Indicator",
})  # fmt: skip


# ── a claim: what is given, and what must follow ──────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Claim:
    """``given`` and ``expect`` as in the examples beside a page; of a state's page where its own definitions are meant."""

    given: Given
    expect: Given
    state: str | None = None

    def differs(self, month: date) -> list[str]:
        """What comes out otherwise."""
        text = json.dumps({"given": self.given, "expect": self.expect})
        root = read_bytes(text.encode(), "case")
        assert isinstance(root, Mapping)
        (_, given), (_, expect) = root.entries["given"], root.entries["expect"]
        assert isinstance(given, Mapping) and isinstance(expect, Mapping)
        return [p.what for p in run(RULES, Example("medicaid/us", self.state, "case", month, given, expect, root))]


@dataclass(frozen=True)
class Alike:
    """Two claims that must come out alike, whichever way: what differs between them does not matter."""

    one: Claim
    other: Claim

    def differs(self, month: date) -> list[str]:
        return [] if self.one.differs(month) == self.other.differs(month) else ["the two come out differently"]


@dataclass(frozen=True)
class Awaited:
    """A value that cannot be known, since a fact is not told."""

    given: Given
    value: str
    fact: str

    def differs(self, month: date) -> list[str]:
        so = "pass" if self.value.endswith("_test") else "yes"
        [said] = Claim(self.given, {"people": [{self.value: so}]}).differs(month) or ["known"]
        waits = said.partition("waits for ")[2].rpartition(")")[0].split(", ")
        return [] if self.fact in waits else [f"{self.value} does not wait for {self.fact}: {said}"]


Claims = Iterator[Claim | Alike | Awaited]


@dataclass
class Case:
    """A published case. What it expects is noted as it is read; where the law says otherwise, an indicator is what the law says."""

    data: dict[str, Any]
    by_law: bool = True
    opposite: bool = False
    read: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return str(self.data["id"])

    def told(self, name: str) -> Any:
        return self.data["inputs"][name]

    def yes(self, name: str) -> bool:
        return bool(self.data["inputs"][name] == "Y")

    def option(self, name: str) -> Any:
        return self.data["config"][name]

    def chosen(self, name: str) -> bool:
        return bool(self.data["config"][name] == "Y")

    def expects(self, name: str) -> bool:
        return name in self.data["expected"]

    def expected(self, name: str) -> Any:
        self.read.add(name)
        return self.data["expected"][name]

    def indicator(self, name: str) -> str:
        """Y, N, or X (does not apply)."""
        return self.answer(str(self.expected(name)))

    def answer(self, published: str) -> str:
        said = CONTRADICTED[self.id]["says"] if self.by_law and self.id in CONTRADICTED else published
        return {"Y": "N", "N": "Y"}.get(said, said) if self.opposite else said

    def unread(self) -> set[str]:
        left = set(self.data["expected"]) - self.read - NOT_ANSWERED
        return {name for name in left if not name.endswith("Reason")}


def yn(value: bool) -> str:
    return "yes" if value else "no"


def met(value: bool) -> str:
    return "pass" if value else "fail"


def one(given: Given, expect: Given, **options: Any) -> Claim:
    """A claim on one person; every yes/no that is not given is a no."""
    return Claim({"unsaid": "none", **options, "people": [given]}, {"people": [expect]})


# ── from a rule of the reference to a claim ───────────────────────────────────────────────────────────────


def adult_group(case: Case) -> Claims:
    """The adult group, income aside. Where a state has none, nobody is in it: the reference's "does not apply"."""
    inside = yn(case.indicator("Applicant Adult Group Category Indicator") == "Y")
    person = {
        "age": case.told("Applicant Age"), "medicare": yn(case.yes("Medicare Entitlement Indicator")),
        "pregnant": yn(case.yes("Applicant Pregnancy Category Indicator")), "within_adult_standard": "yes",
        "children_without_coverage": yn(not case.yes("Applicant Dependent Child Covered Indicator")),
    }  # fmt: skip
    yield one(person, {"is_adult": inside, "in_adult_group": inside}, covers_adult_group=yn(case.chosen("Option Adult Group")))


def child(case: Case) -> Claims:
    """A child is under 19; where a state covers young adults, who is under its age is in a group of her own."""
    age, until = case.told("Applicant Age"), case.option("Young Adult Age Threshold")
    standard = "$1" if case.chosen("Option Young Adults") and until > 19 else "$0"
    inside = case.indicator("Applicant Child Category Indicator") == "Y"
    young = age >= case.option("Child Age Threshold")
    yield one({"age": age, "youth_standard": standard}, {"is_child": yn(inside and not young), "is_youth": yn(inside and young)})


#: A child or a pregnant woman who fits CHIP where the state has a standard for her.
FITS_CHIP: Given = {
    "has_full_medicaid": "no", "other_health_coverage": "no", "chip_citizenship_test": "pass",
    "magi_income_for_year": "$10000", "poverty_line": "$20000",
}  # fmt: skip


def chip_eligibility(case: Case) -> Claims:
    """The last word on CHIP. Of who lives in an institution the page says nothing at all, which is no yes."""
    if case.yes("Incarceration Status"):
        spoken = met(case.indicator("Applicant CHIP Indicator") == "Y")
        yield one({"age": 9}, {"page_covers_person": spoken}, housing_kind="institution")
        return
    person = {
        "age": 10, "chip_limit": "200%" if case.yes("Applicant CHIP Prelim Indicator") else "0%",
        "pregnant": yn(case.yes("Applicant Unborn Child Indicator")),
        "unborn_limit": "200%" if case.yes("Applicant Unborn Child Indicator") else "0%",
    }  # fmt: skip
    covered = "full" if case.indicator("Applicant CHIP Indicator") == "Y" else "none"
    fallback = "Not All Applicant Indicators" in case.id  # there the public employee's plan bars; elsewhere the same N says nothing
    public = {"public_employee_coverage": yn(fallback)}
    yield one({**FITS_CHIP, **person, **public}, {"chip_coverage": covered}, chip_for_public_employees=yn(not fallback))


def chip_waiting_period(case: Case) -> Claims:
    """A wait is only said. X: there is none to be said."""
    months, fits = case.option("State CHIP Waiting Period"), case.yes("Applicant CHIP Prelim Indicator")
    person = {**FITS_CHIP, "age": 10, "chip_limit": "200%" if fits else "0%"}
    satisfied = case.indicator("Applicant CHIP Waiting Period Satisfied Indicator")
    expect: Given = {"chip_waits": yn(months > 0 and fits)}
    if satisfied != "X":
        expect["chip_coverage"] = "full" if satisfied == "Y" else "none"
    yield one(person, expect, chip_waiting_months=f"{months} months")


def dependent_child_covered(case: Case) -> Claims:
    """A parent's children are covered if they have insurance, or coverage is asked for them too."""
    applicants = {p["id"] for p in case.told("Applicant List")}
    children = [p for p in case.told("Person List") if p["id"] in {c["Person ID"] for c in case.told("Qualified Children List")}]
    rows = [
        {"age": 6, "applies_medicaid": yn(c["id"] in applicants), "other_health_coverage": yn(c["attributes"]["Has Insurance"] == "Y")}
        for c in children
    ]
    pairs = [{"person": 0, "other": i, "parent": "yes"} for i in range(1, 1 + len(rows))]
    covered = case.indicator("Applicant Dependent Child Covered Indicator")
    expect = {"children_without_coverage": yn(covered == "N"), "raises_child": yn(covered != "X")}
    yield Claim({"unsaid": "none", "people": [{"age": 30}, *rows], "pairs": pairs}, {"people": [expect]})


def emergency_medicaid(case: Case) -> Claims:
    """Full coverage by status, emergency care without it; a former foster youth has no income test."""
    person = {
        "age": 24, "former_foster_youth": yn(case.yes("Applicant Former Foster Care Category Indicator")),
        "citizenship_test": met(case.yes("Applicant Medicaid Citizen Or Immigrant Indicator")),
        "magi_income_for_year": "$0" if case.yes("Applicant Income Medicaid Eligible Indicator") else "$90000",
    }  # fmt: skip
    if case.expects("Applicant Medicaid Indicator"):
        yield one(person, {"coverage": "full" if case.indicator("Applicant Medicaid Indicator") == "Y" else "none"})
    if case.expects("Applicant Emergency Medicaid Indicator"):
        yield one(person, {"coverage": "emergency" if case.indicator("Applicant Emergency Medicaid Indicator") == "Y" else "none"})


def former_foster_care(case: Case) -> Claims:
    """Former foster youth; in the reference who lacks the status is not one, here she has emergency care only."""
    citizen = case.yes("Applicant Medicaid Citizen Or Immigrant Indicator")
    in_care = case.yes("Former Foster Care") and case.told("Age Left Foster Care") >= case.option("Foster Care Age Threshold")
    person = {"age": case.told("Applicant Age"), "former_foster_youth": yn(in_care), "citizenship_test": met(citizen)}
    person["foster_care_medicaid"] = yn(case.yes("Had Medicaid During Foster Care")) if "Had Medicaid During Foster Care" in case.data["inputs"] else "yes"
    person["foster_care_elsewhere"] = yn(case.data["inputs"].get("Foster Care State") != case.data["inputs"].get("State"))
    inside = case.indicator("Applicant Former Foster Care Category Indicator") == "Y"
    expect = {"has_full_medicaid": yn(inside)} if not citizen else {"in_foster_youth_group": yn(inside)}
    if case.expects("Applicant Medicaid Prelim Indicator"):
        expect["coverage"] = "full" if case.indicator("Applicant Medicaid Prelim Indicator") == "Y" else "none"
    if case.expects("Applicant CHIP Prelim Indicator"):
        expect["chip_coverage"] = "full" if case.indicator("Applicant CHIP Prelim Indicator") == "Y" else "none"
    yield one(person, expect)


def threshold(case: Case, program: str, category: str) -> Decimal:
    """Percent of the poverty line; 0 where the state has no standard."""
    found = case.option(f"{program} Thresholds").get(category)
    assert found is None or (found["percentage"], found["method"]) == ("Y", "standard")
    return Decimal(found["threshold"] if found else 0)


def guideline(case: Case) -> Decimal:
    year, size = case.option("FPL")[str(case.told("Application Year"))], case.told("Medicaid Household")["household_size"]
    if "Base FPL" in year:
        return Decimal(year["Base FPL"] + (size - 1) * year["FPL Per Person"])
    return Decimal(year["FPL By Household Size"][size - 1])


def income(case: Case) -> Claims:
    """Income against the highest standard with the five points, in Medicaid and in CHIP."""
    line, yearly = guideline(case), Decimal(case.told("Calculated Income"))
    adult, pregnant = threshold(case, "Medicaid", "Adult Group Category"), threshold(case, "CHIP", "Pregnancy Category")
    options = {"adult_limit": f"{adult}%", "pregnant_limit": "0%", "chip_pregnant_limit": f"{pregnant}%"}
    person = {
        "age": case.told("Applicant Age"), "poverty_line": f"${line}", "magi_income_for_year": f"${yearly}",
        "is_adult": yn(case.yes("Applicant Adult Group Category Indicator")), "is_child": "no",
        "is_pregnant": yn(case.yes("Applicant Pregnancy Category Indicator")), "citizenship_test": "pass", "chip_citizenship_test": "pass",
        "is_caretaker": yn(case.yes("Applicant Parent Caretaker Category Indicator")),
    }  # fmt: skip
    assert not case.yes("Applicant Child Category Indicator")
    expect: Given = {}
    for name in ("Percentage for Medicaid Category Used", "Percentage for CHIP Category Used"):
        if case.expects(name):
            percent = Decimal(case.expected(name)["threshold"])
            if "Medicaid" in name:
                expect["highest_standard"] = f"${percent / 100 * line}"
            else:  # a standard of CHIP for adults: there is no such group (42 USC 1397jj(b), 1397ll)
                expect["chip_category"] = "none"
    if case.expects("FPL"):
        assert case.expected("FPL") == line
    if case.expects("FPL * Percentage Medicaid"):
        expect["magi_limit"] = f"${case.expected('FPL * Percentage Medicaid')}"
    if case.expects("Category Used to Calculate Medicaid Income"):
        assert case.expected("Category Used to Calculate Medicaid Income") == "Adult Group Category"
        expect["highest_standard"] = f"${adult / 100 * line}"
        expect["in_adult_group"] = "yes"
    if case.expects("Calculated Income as Percentage of FPL"):
        tenths = (1000 * yearly / line).to_integral_value(ROUND_FLOOR)
        assert case.expected("Calculated Income as Percentage of FPL") == tenths // 10
        expect["magi_percent"] = f"{tenths / 10}%"
    if case.expects("Applicant Income Medicaid Eligible Indicator"):
        expect["has_group"] = yn(case.indicator("Applicant Income Medicaid Eligible Indicator") == "Y")
    if expect:
        yield one(person, expect, **options)
    if case.expects("FPL * Percentage CHIP"):
        limit = Decimal(str(case.expected("FPL * Percentage CHIP")))
        assert case.expected("Category Used to Calculate CHIP Income") == "Pregnancy Category"
        for cents, inside in ((0, "yes"), (1, "no")):
            near = {**person, "magi_income_for_year": f"${limit + Decimal(cents) / 100}", "has_full_medicaid": "no"}
            yield one(near, {"in_chip_pregnant_group": inside}, **options)
    if case.expects("Applicant Income CHIP Eligible Indicator"):  # of income alone: here who has Medicaid has no CHIP
        inside = yn(case.indicator("Applicant Income CHIP Eligible Indicator") == "Y")
        yield one({**person, "has_full_medicaid": "no"}, {"in_chip_pregnant_group": inside}, **options)


def medicaid_eligibility(case: Case) -> Claims:
    """The last word on Medicaid, where a group and the status are known."""
    inside = case.yes("Applicant Medicaid Prelim Indicator")
    covered = "full" if case.indicator("Applicant Medicaid Indicator") == "Y" else "none"
    yield one({"age": 10, "in_child_group": yn(inside), "citizenship_test": "pass"}, {"coverage": covered})


def optional_targeted_low_income_children(case: Case) -> Claims:
    """A higher standard for children without other insurance: that of the insured stays at 133%. Here she has 160%."""
    person = {
        "age": case.told("Applicant Age"), "other_health_coverage": yn(case.yes("Has Insurance")),
        "poverty_line": "$20000", "magi_income_for_year": "$32000",
    }  # fmt: skip
    limit = "200%" if case.chosen("Optional Targeted Low Income Child Group") else "133%"
    inside = yn(case.indicator("Applicant Optional Targeted Low Income Child Indicator") == "Y")
    yield one(person, {"in_child_group": inside}, older_child_limit=limit, insured_older_child_limit="133%")


def optional_unborn_child(case: Case) -> Claims:
    """The child from conception on, after Medicaid and the mother's own CHIP; the limit has the five points of CHIP in it."""
    in_medicaid, in_chip = case.yes("Applicant Medicaid Prelim Indicator"), case.yes("Applicant CHIP Prelim Indicator")
    percent = case.option("Percent FPL Unborn Child") if case.chosen("Option Cover Unborn Child") else 0
    person = {
        "age": 30, "pregnant": yn(case.yes("Applicant Pregnant Indicator")), "unborn_limit": f"{percent}%",
        "poverty_line": f"${case.told('FPL')}", "magi_income_for_year": f"${case.told('Calculated Income')}",
        "has_full_medicaid": yn(in_medicaid), "in_chip_pregnant_group": yn(in_chip and not in_medicaid),
    }  # fmt: skip
    inside = case.indicator("Applicant Unborn Child Indicator") == "Y"
    category = "unborn_child" if inside else "pregnant" if in_chip and not in_medicaid else "none"
    yield one(person, {"chip_category": category})
    if case.expects("FPL * Percentage CHIP"):
        assert case.expected("Percentage for CHIP Category Used") == percent
        limit = Decimal(str(case.expected("FPL * Percentage CHIP")))
        for cents, within in ((0, "yes"), (1, "no")):
            yield one({**person, "magi_income_for_year": f"${limit + Decimal(cents) / 100}"}, {"in_unborn_group": within})


def parent_caretaker_relative(case: Case) -> Claims:
    """A parent or step-parent with a dependent child at home; who is only on a tax return with a child raises nobody."""
    ages = {p["id"]: p["attributes"]["Applicant Age"] for p in case.told("Person List")}
    home = [p for p in case.told("Physical Household")["people"] if p in ages]
    related = {r["other"]: r["other_is"] for r in case.told("Applicant Relationships")}
    me = home.index(case.told("Person ID"))
    assert me == 0
    children = [p for p in home if related.get(p) in ("child", "stepchild")]
    pairs = [{"person": 0, "other": home.index(c), "parent": "yes"} for c in children]
    expect: list[Given] = [{"is_caretaker": yn(case.indicator("Applicant Parent Caretaker Category Indicator") == "Y")}]
    listed = case.expected("Qualified Children List")
    assert set(listed) <= set(children)
    expect += [{"needs_caretaker": yn(p in listed)} if p in children else {} for p in home[1:]]
    yield Claim({"unsaid": "none", "people": [{"age": ages[p]} for p in home], "pairs": pairs}, {"people": expect})


def parent_caretaker_relative_spouse(case: Case) -> Claims:
    """The spouse of a caretaker, living together. The copies have lost the spouse's own answers: the case's name tells them."""
    relation = {r["other"]: r["other_is"] for r in case.told("Applicant Relationships")}.get("Spouse")
    together = bool(case.told("Physical Household")) and "Spouse" in case.told("Physical Household")["people"]
    own, raises = case.yes("Applicant Parent Caretaker Category Indicator"), "Spouse Caretaker Category N" not in case.id
    before = "Y" if own else "N"  # where nothing is expected, the rule left it as it was
    published = case.expected("Applicant Parent Caretaker Category Indicator") if case.data["expected"] else before
    said = case.answer(published)
    people: list[Given] = [{"age": 30, "raises_child": yn(own)}]
    if together:
        applies = yn("not an Applicant" not in case.id)
        people.append({"age": 30, "raises_child": yn(raises), "applies_medicaid": applies})
    pairs = [{"person": 0, "other": 1, "spouse": "yes"}] if together and relation == "spouse" else []
    people[0]["partner_of_parent"] = yn(together and relation == "domestic_partner")
    partners = yn(case.data["config"].get("Option Caretaker Relative Relationship") in ("02", "03"))
    given = {"unsaid": "none", "partners_are_caretakers": partners, "people": people, "pairs": pairs}
    yield Claim(given, {"people": [{"is_caretaker": yn(said == "Y")}]})


def pregnant(case: Case) -> Claims:
    """Pregnant, or two months after a pregnancy on Medicaid."""
    now, after = case.yes("Applicant Pregnant Indicator"), case.yes("Applicant Post Partum Period Indicator")
    inside = case.indicator("Applicant Pregnancy Category Indicator") == "Y"
    person: Given = {"age": 30, "pregnant": yn(now), "pregnant_on_medicaid": yn(after), "gets_medicaid": yn(after), "within_pregnant_standard": "yes"}
    if after:
        person["months_since_pregnancy"] = "2 months"
    yield one(person, {"in_pregnant_group": yn(inside and not after), "in_postpartum_group": yn(inside and after)})


def preliminary_chip(case: Case) -> Claims:
    """CHIP by status, income and other insurance. Of a case that fails by residence too, the status decides."""
    assert case.yes("Medicaid Residency Indicator") or not case.yes("Applicant CHIP Citizen Or Immigrant Indicator")
    person = {
        **FITS_CHIP, "age": 10, "chip_limit": "200%", "other_health_coverage": yn(case.yes("Has Insurance")),
        "chip_citizenship_test": met(case.yes("Applicant CHIP Citizen Or Immigrant Indicator")),
        "magi_income_for_year": "$10000" if case.yes("Applicant Income CHIP Eligible Indicator") else "$90000",
    }  # fmt: skip
    yield one(person, {"in_chip_child_group": yn(case.indicator("Applicant CHIP Prelim Indicator") == "Y")})


def preliminary_medicaid(case: Case) -> Claims:
    """Medicaid by status and income. Of a case that fails by residence too, income decides."""
    assert case.yes("Medicaid Residency Indicator") or not case.yes("Applicant Income Medicaid Eligible Indicator")
    person = {
        "age": 10, "poverty_line": "$20000", "citizenship_test": met(case.yes("Applicant Medicaid Citizen Or Immigrant Indicator")),
        "magi_income_for_year": "$10000" if case.yes("Applicant Income Medicaid Eligible Indicator") else "$90000",
    }  # fmt: skip
    expect = {"has_full_medicaid": yn(case.indicator("Applicant Medicaid Prelim Indicator") == "Y")}
    if case.expects("Applicant Emergency Medicaid Indicator"):
        expect["coverage"] = "emergency" if case.indicator("Applicant Emergency Medicaid Indicator") == "Y" else "none"
    yield one(person, expect, older_child_limit="133%")


def public_employees_benefits(case: Case) -> Claims:
    """A child whose family may have the plan of public employees. X: nothing stands against CHIP by this, or Medicaid comes first."""
    in_medicaid = case.yes("Applicant Medicaid Prelim Indicator")
    person = {
        **FITS_CHIP, "age": 10, "chip_limit": "200%", "poverty_line": f"${case.told('FPL')}",
        "magi_income_for_year": f"${case.told('Calculated Income')}", "has_full_medicaid": yn(in_medicaid),
    }  # fmt: skip
    person["public_employee_coverage"] = yn(case.yes("State Health Benefits Through Public Employee"))
    fits = case.indicator("Applicant State Health Benefits CHIP Indicator") != "N" and not in_medicaid
    chosen = case.data["config"].get("CHIP for State Health Benefits") != "01"  # 01: the state has chosen nothing
    yield one(person, {"in_chip_child_group": yn(fits)}, chip_for_public_employees=yn(chosen))


def qualified_child(case: Case) -> Claims:
    """A dependent child, deprived where the state asks for that, and who is a caretaker: a parent, or who raises her as one."""
    student: Given = {"student_level": "secondary", "student_enrollment": "full"} if case.yes("Student Indicator") else {}
    student = student or {"student_level": "none", "student_enrollment": "less"}
    here = {"age": case.told("Child Age"), **student}
    if case.expects("Child of Caretaker Dependent Age Indicator"):
        assert case.chosen("Option Dependent Student")
        yield one(here, {"dependent_child": yn(case.indicator("Child of Caretaker Dependent Age Indicator") == "Y")})
    if case.expects("Child of Caretaker Deprived Child Indicator"):
        asked = case.chosen("Deprivation Requirement Retained")
        hours = [p["attributes"]["Hours Worked Per Week"] for p in case.told("Child Parents")]
        parents: list[Given] = [{"age": 40, "activities": [{"kind": "work", "hours_per_week": h}]} for h in hours]
        pairs = [{"person": 0, "other": i, "child": "yes"} for i in range(1, 1 + len(parents))]
        given = {"unsaid": "none", "people": [here, *parents], "pairs": pairs}
        lacks = yn(case.indicator("Child of Caretaker Deprived Child Indicator") != "N")
        assert case.option("State Unemployed Standard") == 100  # hours a month, as Utah's page has it
        yield Claim(given, {"people": [{"deprived": lacks, "needs_caretaker": lacks}]}, "UT" if asked else None)
    if case.expects("Child of Caretaker Relationship Indicator"):
        tie = "parent" if case.told("Relationship Type") == "parent" else "guardian"
        people = [{"age": case.told("Caretaker Age")}, {**here, "needs_caretaker": "yes"}]
        is_one = yn(case.indicator("Child of Caretaker Relationship Indicator") == "Y")
        partner, other = (case.told("Relationship Type") == word for word in ("parents_domestic_partner", "other"))
        people[0]["raises_unrelated_child"] = yn(partner or other)
        wider = yn(partner and case.option("Option Caretaker Relative Relationship") in ("02", "03"))
        given = {
            "unsaid": "none", "caretakers_need_not_be_related": wider,
            "people": people, "pairs": [{"person": 0, "other": 1, tie: "yes"}],
        }  # fmt: skip
        yield Claim(given, {"people": [{"raises_child": is_one, "is_caretaker": is_one}]})


def referral_type(case: Case) -> Claims:
    """Whom the reference refers elsewhere is judged here by the SSI method, or told to ask the agency (long-term care)."""
    # Who has Medicare before 65 is told as disabled: the question for it says so (kidney failure included).
    disabled = case.yes("Applicant Attest Blind or Disabled") or (case.yes("Medicare Entitlement Indicator") and case.told("Applicant Age") < 65)
    person: Given = {"age": case.told("Applicant Age"), "disabled": yn(disabled)}
    person |= {"medicare": yn(case.yes("Medicare Entitlement Indicator")), "citizenship_status": "citizen"}
    if case.yes("Receives SSI"):
        person["receipts"] = [{"program": "ssi", "from": "2024-01-01"}]
    refers = case.indicator("Applicant Medicaid Non-MAGI Referral Indicator") == "Y"
    long_term = case.yes("Applicant Attest Long Term Care")
    expect = {"page_covers_person": met(not (refers and long_term))}
    if case.yes("Medicare Entitlement Indicator"):
        expect["may_have_savings_program"] = yn(refers)
    elif not long_term:
        expect["aged_or_disabled"] = yn(refers)
    yield one(person, expect, housing_kind="institution" if long_term else "rent")


def targeted_low_income_children(case: Case) -> Claims:
    """The state's separate program for children of its ages. X: the state has none."""
    age, low = case.told("Applicant Age"), case.option("CHIP Targeted Low Income Child Age Low Threshold")
    assert case.option("CHIP Targeted Low Income Child Age High Threshold") == 19
    limit = "200%" if case.chosen("CHIP Targeted Low Income Child Group") and age >= low else "0%"
    person = {**FITS_CHIP, "age": age, "chip_limit": limit, "other_health_coverage": yn(case.yes("Has Insurance"))}
    inside = case.indicator("Applicant CHIP Targeted Low Income Child Indicator") == "Y"
    yield one(person, {"chip_category": "child" if inside else "none"})


#: Codes of the cases for a status, and what is told here.
STATUS = {
    "01": "lawful_permanent_resident", "02": "asylee", "03": "refugee", "04": "cuban_haitian_entrant", "05": "parolee",
    "06": "conditional_entrant", "07": "battered_noncitizen", "08": "trafficking_victim", "09": "withholding",
    "10": "american_indian_born_abroad", "99": "other_lawfully_present",
}  # fmt: skip
LATELY, LONG_AGO = "2024-06-01", "2015-01-01"


def immigration(case: Case) -> Claims:
    """Status for Medicaid and CHIP. Who is exempt from the five years is shown to be so by having come lately."""
    lpr = case.told("Immigration Status") == "01"
    victim, veteran = case.yes("Victim of Trafficking"), case.yes("Veteran Status")
    lawful = case.yes("Lawful Presence Attested")
    status = (
        "citizen" if case.yes("US Citizen Indicator")
        else "undocumented" if not lawful
        else "amerasian" if case.yes("Amerasian Immigrant")
        else STATUS[case.told("Immigration Status")]
    )  # fmt: skip
    for_children = case.option("Option CHIPRA 214 Applicable Program") == "01"  # Medicaid and CHIP; 03: neither
    applies_to = case.option("Option CHIPRA 214 Applies To")  # 01: children and pregnant women; 02: children; 03: pregnant women
    options = {
        "lawfully_residing_children": yn(for_children and applies_to in ("01", "02")),
        "lawfully_residing_pregnant": yn(for_children and applies_to in ("01", "03")),
        "lawfully_residing_to_age": case.option("Option CHIPRA 214 Child Age Threshold"),
        "lpr_needs_forty_quarters": yn(case.chosen("Option Require Work Quarters")),
    }
    waits = case.yes("Five Year Bar Applies") and not case.yes("Five Year Bar Met")
    person: Given = {
        "age": case.told("Applicant Age"), "pregnant": yn(case.yes("Applicant Pregnancy Category Indicator")),
        "citizenship_status": status, "former_refugee": yn(lpr and victim), "military_connection": yn(veteran),
        "forty_quarters": yn(case.yes("Applicant Has 40 Title II Work Quarters")),
        "citizenship_since": LATELY if waits or victim or veteran or case.yes("Amerasian Immigrant") or for_children else LONG_AGO,
    }  # fmt: skip
    late = {**person, "citizenship_since": LATELY}
    for name, test in (("Medicaid", "citizenship_test"), ("CHIP", "chip_citizenship_test")):
        if case.expects(f"Applicant {name} Citizen Or Immigrant Indicator"):
            yield one(person, {test: met(case.indicator(f"Applicant {name} Citizen Or Immigrant Indicator") == "Y")}, **options)
        if case.expects(f"Applicant {name} CHIPRA 214 Indicator"):
            frees = case.indicator(f"Applicant {name} CHIPRA 214 Indicator") == "Y"
            if name == "Medicaid":
                yield one(person, {"may_count_lawfully_residing": yn(frees)}, **options)
            elif lpr and not victim:  # of who has come lately the option alone decides
                yield one(late, {test: met(frees)}, **options)
            else:
                assert not frees
    if case.expects("Applicant Trafficking Victim Indicator"):
        said = case.indicator("Applicant Trafficking Victim Indicator")
        if said != "X":
            yield one(late, {"citizenship_test": met(said == "Y")}, **options)
    if case.expects("Applicant Five Year Bar Indicator"):
        said = case.indicator("Applicant Five Year Bar Indicator")
        if said != "X" or veteran:  # Y: the five years are over; X: of a veteran nobody asks
            yield one(person, {"citizenship_test": met(said != "N")}, **options)
    if case.expects("Applicant Title II Work Quarters Met Indicator"):
        said = case.indicator("Applicant Title II Work Quarters Met Indicator")
        if said == "X":  # the state's rule on quarters changes nothing
            asked, not_asked = (one(person, {"citizenship_test": "pass"}, **{**options, "lpr_needs_forty_quarters": x}) for x in ("yes", "no"))
            yield Alike(asked, not_asked)
        else:
            yield one(person, {"citizenship_test": met(said == "Y")}, **options)


#: Case → what is given without the input that is missing, the value asked for, and the fact that it waits for.
WITHOUT: dict[str, tuple[Given, str, str]] = {
    "adult_group/Bad Info - Inputs": ({"covers_adult_group": "yes", "people": [{"age": 25, "medicare": "no"}]}, "is_adult", "person.pregnant"),
    "child/Bad Info - Inputs": ({"people": [{}]}, "is_child", "person.age"),
    "chip_eligibility/Bad Info - Inputs": ({"people": [{}]}, "in_long_term_group", "household.housing_kind"),
    "immigration/Bad Info - Inputs": ({"people": [{"age": 25}]}, "citizenship_test", "person.citizenship_status"),
    "optional_targeted_low_income_children/Bad Info - Inputs": ({"people": [{}]}, "in_child_group", "person.age"),
    "optional_unborn_child/Bad Info - Inputs": ({"people": [{"unborn_limit": "200%"}]}, "in_unborn_group", "person.pregnant"),
    "pregnant/Bad Info - Inputs": ({"people": [{}]}, "in_pregnant_group", "person.pregnant"),
    "referral_type/Bad Info - Inputs": ({"people": [{"disabled": "no", "gets_ssi": "no"}]}, "aged_or_disabled", "person.age"),
    "targeted_low_income_children/Bad Info - Inputs": ({"people": [{"chip_limit": "200%"}]}, "in_chip_child_group", "person.age"),
}  # fmt: skip

RULESETS: dict[str, Callable[[Case], Claims]] = {
    "AdultGroup": adult_group, "Child": child, "CHIPEligibility": chip_eligibility, "CHIPWaitingPeriod": chip_waiting_period,
    "DependentChildCovered": dependent_child_covered, "EmergencyMedicaid": emergency_medicaid, "FormerFosterCare": former_foster_care,
    "Immigration": immigration, "Income": income, "MedicaidEligibility": medicaid_eligibility,
    "OptionalTargetedLowIncomeChildren": optional_targeted_low_income_children, "OptionalUnbornChild": optional_unborn_child,
    "ParentCaretakerRelative": parent_caretaker_relative, "ParentCaretakerRelativeSpouse": parent_caretaker_relative_spouse,
    "Pregnant": pregnant, "PreliminaryCHIP": preliminary_chip, "PreliminaryMedicaid": preliminary_medicaid,
    "PublicEmployeesBenefits": public_employees_benefits, "QualifiedChild": qualified_child, "ReferralType": referral_type,
    "TargetedLowIncomeChildren": targeted_low_income_children,
}  # fmt: skip


def claims(case: Case) -> list[Claim | Alike | Awaited]:
    """What a case becomes; ``KeyError`` for one that nothing here knows."""
    if case.data["kind"] == "expected_error":
        given, value, fact = WITHOUT[case.id]
        return [Awaited(given, value, fact)]
    return list(RULESETS[case.data["ruleset"]](case))


def differs(case: Case) -> list[str]:
    return [what for claim in claims(case) for month in MONTHS for what in claim.differs(month)]


# ── the cases ─────────────────────────────────────────────────────────────────────────────────────────────


def published() -> list[dict[str, Any]]:
    if not CASES.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))["rule_cases"]
    return found


PUBLISHED = {c["id"]: c for c in published()}
needs_cases = pytest.mark.skipif(not PUBLISHED, reason="the published cases (../shared/acceptance/magi_cases.json) are not here")


def mapped() -> list[Any]:
    """Every case that is not listed as without a meaning here; what the rules do not have yet must fail."""
    return [
        pytest.param(name, id=name, marks=[pytest.mark.xfail(strict=True, reason=MISSING[name])] if name in MISSING else [])
        for name in PUBLISHED
        if name not in UNMAPPED
    ]


@needs_cases
@pytest.mark.parametrize("name", mapped())
def test_published_rule_case(name: str) -> None:
    """What is published comes out, before and after October 2026; or what the law says, where that is listed as its contradiction."""
    assert differs(Case(PUBLISHED[name])) == []


@needs_cases
@pytest.mark.parametrize("name", CONTRADICTED)
def test_a_contradiction_is_one(name: str) -> None:
    """Where a case is listed as against the law, what is published does not come out."""
    assert differs(Case(PUBLISHED[name], by_law=False)) != []


@needs_cases
@pytest.mark.parametrize("name", [name for name in PUBLISHED if name not in UNMAPPED and name not in MISSING])
def test_the_opposite_answer_does_not_come_out(name: str) -> None:
    """Every yes or no that is published matters: the same claims with the opposite answer fail."""
    case = Case(PUBLISHED[name], opposite=True)
    if claims(case) != claims(Case(PUBLISHED[name])):
        assert differs(case) != []
    else:
        assert {case.data["expected"][key] for key in case.read if key.endswith("Indicator")} <= {"X"}


@needs_cases
def test_every_case_is_run_or_listed_once() -> None:
    """All 237 cases are accounted for, and no list names a case that is not there, or one twice."""
    assert len(PUBLISHED) == 237
    listed = [case for each in LISTED["unmapped"].values() for case in each["cases"]]
    assert len(listed) == len(set(listed))
    assert {*listed, *CONTRADICTED, *MISSING, *WITHOUT} <= set(PUBLISHED)
    assert not set(CONTRADICTED) & set(MISSING)
    assert not (set(CONTRADICTED) | set(MISSING) | set(WITHOUT)) & set(listed)
    for name in set(PUBLISHED) - set(listed):
        assert claims(Case(PUBLISHED[name])), name


@needs_cases
def test_every_expectation_is_asked_for() -> None:
    """No answer that a mapped case expects is passed over, but for reason codes and those named in NOT_ANSWERED."""
    for name in set(PUBLISHED) - set(UNMAPPED):
        case = Case(PUBLISHED[name])
        claims(case)
        assert not case.unread(), name


def test_every_reason_is_explained() -> None:
    """A reason says in words why its cases have no meaning here; a contradiction and a gap name the law."""
    assert all(len(each["why"]) > 50 and each["cases"] for each in LISTED["unmapped"].values())
    law = ("CFR", "USC")
    assert all(any(word in each["law"] for word in law) for each in CONTRADICTED.values())
    assert all(any(word in why for word in law) for why in MISSING.values())


@pytest.mark.parametrize("option", ["infant_limit", "young_child_limit", "older_child_limit", "pregnant_limit", "parent_standard", "ssi_rule"])
def test_a_page_without_a_standard_is_refused(option: str, tmp_path: Path) -> None:
    """What a state must say has no default: a page that leaves it out is refused, whoever the household is."""
    lines = (rules_folder() / "medicaid" / "ga.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    left = [line for line in lines if not line.startswith(f"  {option}: ")]
    assert len(left) == len(lines) - 1
    (tmp_path / "medicaid").mkdir()
    (tmp_path / "medicaid" / "ga.yaml").write_text("".join(left), encoding="utf-8")
    with pytest.raises(RuleError, match=option):
        load_rules(tmp_path).plan("medicaid", "GA", MONTHS[0])
