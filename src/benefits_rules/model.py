"""model: what a household tells → a frozen, checked :class:`Household`.

The shape is the contract's (``schema: benefits-rules/household/1``): :mod:`benefits_rules.leaves` says what one value may
be, :mod:`benefits_rules.shape` what parts there are, :mod:`benefits_rules.coherence` what must fit together. Everything that
is wrong is reported together, as :class:`~benefits_rules.errors.HouseholdError`: where, what, and the mend, never the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler

from benefits_rules.coherence import faults
from benefits_rules.complaints import complaints, known_problems
from benefits_rules.errors import HouseholdError, Problem
from benefits_rules.leaves import Between, Frozen, OneOf, Partly, Word
from benefits_rules.reading import plain_data
from benefits_rules.shape import (
    Activity,
    Asset,
    ChildCare,
    Choices,
    Citizenship,
    Clocks,
    Evidence,
    Expense,
    Housing,
    Income,
    MedicalExpense,
    OutsidePerson,
    Paid,
    Parent,
    Person,
    Price,
    Receives,
    Story,
    Student,
    TaxReturn,
)

__all__ = [
    "Activity", "Asset", "Between", "ChildCare", "Choices", "Citizenship", "Clocks", "Evidence", "Expense", "Frozen", "Household",
    "Housing", "Income", "MedicalExpense", "OneOf", "OutsidePerson", "Paid", "Parent", "Partly", "Person", "Price", "Receives",
    "Student", "TaxReturn", "Word", "read_household",
]  # fmt: skip


class Household(Story):
    """One household, told once: a dated case, not a snapshot. Made from bad data, it raises :class:`HouseholdError`."""

    @model_validator(mode="wrap")
    @classmethod
    def _checked(cls, told: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            house = handler(told)
        except ValidationError as error:
            raise HouseholdError(complaints(told, error)) from None
        problems = [*known_problems(told), *faults(house)]
        if problems:
            raise HouseholdError(problems)
        return house

    @classmethod
    def read(cls, path: str | Path) -> Household:
        """A YAML or JSON file → a household. Raises :class:`HouseholdError`."""
        return read_household(Path(path))


def read_household(source: str | Path | bytes | Mapping[str, Any] | Household) -> Household:
    """A file's path, YAML or JSON text, or plain data → a household.

    A ``str`` of one line that does not begin with ``{`` is a path; any other is the text itself. Raises
    :class:`HouseholdError` with all faults at once, none of which shows a value.
    """
    if isinstance(source, Household):
        return source
    if not isinstance(source, (str, Path, bytes, Mapping)):
        raise HouseholdError([Problem("", "this is not a household", "give a path, YAML or JSON text, or a mapping")])
    return Household.model_validate(plain_data(source))
