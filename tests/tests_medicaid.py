"""Households for Medicaid's own tests, told in full, from a person up."""

from __future__ import annotations

from typing import Any

from benefits_rules import screen
from benefits_rules.determine import Determination
from tests_snap import household, person

#: What takes a person out of community engagement, or into a group whatever the income, told as not so.
NO_EXCEPTION = {
    "tribal_member": False, "cares_for_incapacitated": False, "in_treatment_program": False, "former_foster_youth": False,
    "medically_frail": False, "subject_to_snap_work_rules": False, "follows_tanf_work_rules": False, "recently_released": False,
    "medical_hardship": False, "medicare": False, "other_health_coverage": False, "blind": False, "seasonal_worker": False,
    "total_disability_veteran": False, "responsible_for_child": False,
    "mother_had_medicaid_at_birth": False, "pregnant_on_medicaid": False, "in_transitional_medicaid": False,
    "keeps_medicaid_under_1619b": False, "lost_ssi_for_social_security": False,
}  # fmt: skip


def member(name: str = "ann", age: int = 40, **facts: Any) -> dict[str, Any]:
    """A citizen without income, told in full, with nothing that takes her out of a rule."""
    told: dict[str, Any] = person(name, age, **NO_EXCEPTION) | facts
    return told


def family(*people: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """They all apply for Medicaid and CHIP, and did so in the month that is looked at."""
    month = facts.get("month", "2026-03")
    told: dict[str, Any] = {"choices": {"apply_for": ["medicaid", "chip"]}, "applied_on": f"{month}-10"}
    found: dict[str, Any] = household(*people, **(told | facts))
    return found


def medicaid(*people: dict[str, Any], program: str = "medicaid", **facts: Any) -> dict[str, Determination]:
    """The determinations of one month, by who they are of."""
    found = screen(family(*people, **facts), programs=[program])[program]
    by_person = {d.people[0]: d for d in found}
    assert len(by_person) == len(found) and all(len(d.people) == 1 for d in found)
    return by_person


def kind(found: Determination) -> tuple[str, str | None, str | None]:
    """Status, and for who is eligible what is covered and who pays."""
    told = found.to_dict()
    return (found.status, told["coverage"], told["funding"]) if found.status == "eligible" else (found.status, None, None)
