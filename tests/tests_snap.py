"""Households for SNAP's own tests, told in full, from a person up."""

from __future__ import annotations

from typing import Any


def person(name: str = "ann", age: int = 40, **facts: Any) -> dict[str, Any]:
    """A citizen without income, told in full; a child has no clock."""
    told: dict[str, Any] = {
        "id": name, "age": age, "citizenship": {"status": "citizen"}, "disabled": False, "pregnant": False, "veteran": False,
        "student": {"level": "none"}, "activities": [], "income": [], "medical_expenses": [],
        "clocks": {"snap_time_limit_months_used": 0}, "child_care": {"hours_per_week": 0},
    }  # fmt: skip
    return told | facts


def household(*people: dict[str, Any], state: str = "GA", county: str = "13121", month: str = "2026-03", **facts: Any) -> dict[str, Any]:
    together = [[p["id"] for p in people]]
    told: dict[str, Any] = {
        "state": state, "county": county, "month": month, "people": list(people), "housing": {"kind": "rent"}, "expenses": [], "assets": [],
        "food_groups": together, "tax_returns": [], "receives": [], "choices": {"apply_for": ["snap"]},
    }  # fmt: skip
    return told | facts


def wages(amount: float, every: str = "month", **more: Any) -> dict[str, Any]:
    return {"source": "wages", "amount": amount, "every": every, **more}
