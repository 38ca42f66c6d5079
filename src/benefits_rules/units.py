"""Types and units: what a value is measured in, and which values may meet.

USD, USD/month, USD/year, USD/week, USD/hour, USD/period    money; a literal $5 takes its neighbour's period
rate          a factor or a percentage          hours/week    hours
count         how many                          years, months an age, a length of time
date          a calendar day                    yes/no        a truth
code          a whole number that names (a county)
one of a, b   an enumeration, by position
"""

from __future__ import annotations

from dataclasses import dataclass

ENTITIES = ("household", "unit", "person", "income", "medical_expense", "activity", "receipt", "bill", "holding", "pair",
            "tie", "expense", "asset")  # fmt: skip
#: What a formula calls the rows of an entity.
SETS = {
    "people": "person",
    "members": "person",
    "incomes": "income",
    "medical_expenses": "medical_expense",
    "activities": "activity",
    "receipts": "receipt",
    "bills": "bill",
    "holdings": "holding",
    "others": "pair",
    "ties": "tie",
    "expenses": "expense",
    "assets": "asset",
}
#: What stands before the dot for the person that a row links to, and on which rows.
LINKS = {"other": "pair", "payer": "expense", "owner": "asset"}
_PERSON_ROWS = ("income", "medical_expense", "activity", "receipt", "bill", "holding", "pair", "tie")


@dataclass(frozen=True, slots=True)
class Type:
    """``base`` with, for money and hours, the period ``per``; for one-of, its ``options``."""

    base: str
    per: str = ""
    options: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.options:
            return "one of " + ", ".join(self.options[:6]) + (", …" if len(self.options) > 6 else "")
        return f"{self.base}/{self.per}" if self.per not in ("", "*") else self.base

    @property
    def scaled(self) -> bool:
        """Held in millionths."""
        return self.base in ("USD", "rate", "hours")

    @property
    def names(self) -> bool:
        """Values that name, without an order: an enumeration, a county."""
        return self.base in ("one of", "code")


YES_NO = Type("yes/no")
COUNT = Type("count")
RATE = Type("rate")
DATE = Type("date")
CODE = Type("code")
WHOLE = Type("whole")  # an integer literal, until it meets what it is compared or combined with
OUTCOME = Type("one of", options=("pass", "fail", "not_applicable"))
PASS, FAIL, NOT_APPLICABLE = 0, 1, 2

_SIMPLE = {
    "yes/no": YES_NO,
    "count": COUNT,
    "rate": RATE,
    "date": DATE,
    "county": CODE,
    "code": CODE,
    "USD": Type("USD"),
    "years": Type("years"),
    "months": Type("months"),
}


def parse_type(text: str) -> Type | None:
    """A unit as written on a page or in the catalogue; None where there is no such unit."""
    if text in _SIMPLE:
        return _SIMPLE[text]
    if text.startswith("one of "):
        return Type("one of", options=tuple(w.strip() for w in text[7:].split(",")))
    base, _, per = text.partition("/")
    if base == "USD" and per in ("month", "year", "week", "hour", "period", "day"):
        return Type("USD", per)
    if base == "hours" and per in ("week", "month"):
        return Type("hours", per)
    return None


def parents(has_unit: bool) -> dict[str, str]:
    """Entity → the entity it belongs to."""
    owner = "unit" if has_unit else "household"
    found = dict.fromkeys(_PERSON_ROWS, "person") | dict.fromkeys(("person", "expense", "asset"), owner)
    return found | ({"unit": "household"} if has_unit else {})
