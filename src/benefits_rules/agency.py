"""agency: what only the office that sends a notice can know → a checked :class:`Agency`."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler

from benefits_rules.errors import RequestError
from benefits_rules.leaves import Frozen

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Money = Annotated[Decimal, Field(ge=0, lt=10_000_000, decimal_places=2, allow_inf_nan=False)]


class Both(Frozen):
    """The agency's own words in both languages."""

    en: _Text
    es: _Text


class Agency(Frozen):
    """What a notice needs of the agency. What is left out is open; ``None`` says that there is none of it.

    Texts may be one text for both languages, or ``{en, es}``. Days are :class:`datetime.date`, amounts USD with at most two
    decimals. Made from bad data, it raises :class:`~benefits_rules.errors.RequestError`, which names fields and shows no value.
    """

    office: _Text | Both = ""
    #: Free to call, or the office takes collect calls (7 CFR 273.10(g)(1), 273.13(a)(2)).
    telephone: _Text | Both = ""
    #: Whom to ask for, "if possible".
    worker: _Text | Both | None = None
    #: Who gives free legal help, if there is anybody.
    legal_aid: _Text | Both | None = None
    #: How to ask for a fair hearing (7 CFR 273.15(f)).
    hearing: _Text | Both = ""
    filed_on: datetime.date | None = None
    certified_from: datetime.date | None = None
    certified_to: datetime.date | None = None
    first_amount: _Money | None = None
    #: What will change the amount while the household is certified, as far as is known now.
    expected_changes: _Text | Both | None = None
    proof_due: datetime.date | None = None
    mailed_on: datetime.date | None = None
    effective_on: datetime.date | None = None
    current_amount: _Money | None = None
    #: Why the amount goes down: what changed is in the agency's file, not in this one determination (7 CFR 273.13(a)(2)).
    reason: _Text | Both = ""

    @model_validator(mode="wrap")
    @classmethod
    def _checked(cls, told: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(told)
        except ValidationError as error:
            faults = dict.fromkeys(f"agency.{e['loc'][0] if e['loc'] else ''}: {_what(e['type'])}" for e in error.errors())
            raise RequestError("\n".join(faults)) from None


def _what(kind: str) -> str:
    if kind == "extra_forbidden":
        return f"there is no such field; known are {', '.join(Agency.model_fields)}"
    return "this cannot stand here (a short text on one line, a day as YYYY-MM-DD, or an amount with two decimals)"
