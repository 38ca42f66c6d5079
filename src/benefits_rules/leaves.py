"""leaves: what one value of a household may be.

A key that is absent is *not told*: ``None`` here, never zero and never no. A leaf that was asked may be
``"unknown"`` or ``"declined"``, a number or date may be ``{min, max}``, a choice ``{any_of: [...]}``; a list may be
``{rows: [...], unknown: [kinds]}``.

Money and hours are :class:`~decimal.Decimal` with two decimals, ages and counts ``int``, dates
:class:`datetime.date`, months the text ``YYYY-MM``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, Self, TypeAlias, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetJsonSchemaHandler, Tag, model_validator
from pydantic_core import PydanticCustomError, core_schema

from benefits_rules.values import MAX_MONEY, MAX_PEOPLE, MAX_ROWS, MICRO

#: State → the first two digits of its counties (FIPS 5-2, ANSI INCITS 38).
STATES = {
    state: int(fips)
    for state, fips in re.findall(
        r"([A-Z]{2})(\d\d)",
        "AL01 AK02 AZ04 AR05 CA06 CO08 CT09 DE10 DC11 FL12 GA13 HI15 ID16 IL17 IN18 IA19 KS20 KY21 LA22 ME23 MD24 MA25 "
        "MI26 MN27 MS28 MO29 MT30 NE31 NV32 NH33 NJ34 NM35 NY36 NC37 ND38 OH39 OK40 OR41 PA42 RI44 SC45 SD46 "
        "TN47 TX48 UT49 VT50 VA51 WA53 WV54 WI55 WY56",
    )
}


def _bad(what: str, mend: str = "") -> PydanticCustomError:
    """The fault of one leaf; ``what`` and ``mend`` never quote it."""
    return PydanticCustomError("told", "{what}", {"what": what, "mend": mend})


@dataclass(frozen=True, slots=True)
class _Leaf:
    """How one leaf is read from plain data, and how JSON Schema describes it."""

    def read(self, value: Any) -> Any:
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _schema: core_schema.CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.schema()


@dataclass(frozen=True, slots=True)
class _Whole(_Leaf):
    """A whole number from ``lo`` to ``hi``."""

    lo: int
    hi: int

    def read(self, value: Any) -> int:
        if type(value) is not int or not self.lo <= value <= self.hi:
            raise _bad("this is not a whole number in range", f"write a whole number from {self.lo} to {self.hi}, or unknown")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.lo, "maximum": self.hi}


_NUMBER = re.compile(r"(0|[1-9]\d{0,11})(\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class _Amount(_Leaf):
    """A number from 0 to ``hi`` with at most two decimals, as int, Decimal, text or float (by its shortest text)."""

    name: str
    hi: Decimal
    #: The same as text, for JSON Schema.
    form: str

    def read(self, value: Any) -> Decimal:
        text = repr(value) if type(value) is float else value if isinstance(value, str) else ""
        if isinstance(value, Decimal) and value.is_finite() and 0 <= value <= self.hi:
            text = f"{value:f}" if int(value.as_tuple().exponent) >= -12 else ""  # a tiny exponent would print for ever
        if type(value) is int and 0 <= value <= self.hi:
            text = str(value)
        whole, _, rest = text.partition(".")
        text = whole + ("." + (rest.rstrip("0") or "0") if rest else "")
        if not _NUMBER.fullmatch(text) or Decimal(text) > self.hi:
            raise _bad(
                f"this is not {self.name} in range",
                f"write a number from 0 to {self.hi:,f} with at most two decimals, or unknown",
            )
        whole, _, rest = text.partition(".")
        return Decimal(f"{whole}.{rest.ljust(2, '0')}")  # built from text: exact whatever the decimal context

    def schema(self) -> dict[str, Any]:
        """No ``multipleOf`` of a cent: in binary floating point 0.29 is none, and most validators would refuse it."""
        number = {"type": "number", "minimum": 0, "maximum": float(self.hi)}
        return {"anyOf": [number, {"type": "string", "pattern": f"^({self.form})$"}]}


@dataclass(frozen=True, slots=True)
class _Day(_Leaf):
    """A day, ``YYYY-MM-DD``, from 1900 to 2100."""

    def read(self, value: Any) -> datetime.date:
        day = value if type(value) is datetime.date else None
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            try:
                day = datetime.date.fromisoformat(value)
            except ValueError:
                day = None
        if day is None or not 1900 <= day.year <= 2100:
            raise _bad("there is no such day", "write YYYY-MM-DD, from 1900 to 2100, or unknown")
        return day

    def schema(self) -> dict[str, Any]:
        days = r"^(19[0-9]{2}|20[0-9]{2}|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"  # a format alone binds no validator
        return {"type": "string", "format": "date", "pattern": days}


@dataclass(frozen=True, slots=True)
class _YesNo(_Leaf):
    def read(self, value: Any) -> bool:
        if type(value) is not bool:
            raise _bad("this is not true or false", "write true, false, unknown or declined")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


_SSN = re.compile(r"(?<!\d)\d{3}-\d\d-\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class _Pattern(_Leaf):
    """Text of one form; never ``unknown`` or ``declined``, nor what looks like a Social Security number."""

    form: str
    what: str
    mend: str

    def read(self, value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(self.form, value, re.ASCII) or value in WORDS or _SSN.search(value):
            raise _bad(self.what, self.mend)
        return value

    def schema(self) -> dict[str, Any]:
        form = self.form.replace(r"\d", "[0-9]")  # which some read as the digits of every script
        found: dict[str, Any] = {"type": "string", "pattern": f"^{form}$"}
        if any(re.fullmatch(self.form, word) for word in WORDS):
            number = r"(^|[^0-9])[0-9]{3}-[0-9]{2}-[0-9]{4}([^0-9]|$)"
            found["not"] = {"anyOf": [{"enum": sorted(WORDS)}, {"pattern": number}]}
        return found


class _State(_Leaf):
    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in STATES:
            raise _bad("there is no such state", "write two capital letters, one of the 50 states or DC, such as GA")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(STATES)}


YesNo = Annotated[bool, _YesNo()]
Day = Annotated[datetime.date, _Day()]
_CENTS = r"(\.[0-9]{1,2}0*)?"
Money = Annotated[Decimal, _Amount("an amount of money", Decimal(MAX_MONEY) / MICRO, f"(0|[1-9][0-9]{{0,6}}){_CENTS}")]
_HOURS = rf"(0|[1-9][0-9]?|1[0-5][0-9]|16[0-7]){_CENTS}|168(\.0+)?"
Hours = Annotated[Decimal, _Amount("a number of hours", Decimal(168), _HOURS)]
Age = Annotated[int, _Whole(0, 130)]
Babies = Annotated[int, _Whole(0, 10)]
Days = Annotated[int, _Whole(0, 7)]
Count = Annotated[int, _Whole(1, 20)]
TimeLimitMonths = Annotated[int, _Whole(0, 36)]
Months = Annotated[int, _Whole(0, 600)]
Horizon = Annotated[int, _Whole(1, 24)]
State = Annotated[str, _State()]
Month = Annotated[str, _Pattern(r"(19\d\d|20\d\d)-(0[1-9]|1[0-2])", "there is no such month", "write YYYY-MM")]
County = Annotated[str, _Pattern(r"\d{5}", "this is not a county", 'write its five FIPS digits in quotes, such as "13121"')]
Id = Annotated[
    str,
    _Pattern(
        r"(?=.*[A-Za-z])[A-Za-z0-9_-]{1,64}",
        "this is not an id",
        "write up to 64 letters, digits, - and _, at least one letter; no name",
    ),
]

Every = Literal["hour", "day", "week", "two_weeks", "half_month", "month", "quarter", "year", "once"]
Program = Literal["snap", "tanf", "medicaid", "chip", "child_care"]
#: Divisions of a state that are no counties: Alaska's for SNAP (7 CFR 272.7).
Area = Literal["alaska_urban", "alaska_rural_1", "alaska_rural_2"]
HousingKind = Literal[
    "rent", "own", "homeless", "no_cost", "shelter", "domestic_violence_shelter", "subsidized_elderly", "group_living",
    "treatment_center", "institution",
]  # fmt: skip
Status = Literal[
    "citizen", "national", "lawful_permanent_resident", "refugee", "asylee", "withholding", "cuban_haitian_entrant", "cofa",
    "amerasian", "conditional_entrant", "parolee", "afghan_ukrainian_parolee", "special_immigrant", "trafficking_victim",
    "battered_noncitizen", "american_indian_born_abroad", "hmong_lao", "tps", "daca", "asylum_applicant", "nonimmigrant",
    "other_lawfully_present", "undocumented",
]  # fmt: skip
StudentLevel = Literal["none", "elementary", "secondary", "higher_education", "vocational"]
Enrollment = Literal["full", "half", "less"]
Disqualification = Literal[
    "none", "intentional_violation", "work_requirement", "no_ssn", "child_support", "other_program_sanction",
    "certain_felony",
]  # fmt: skip
Provider = Literal["none", "center", "family_home", "group_home", "relative", "in_home", "school_program"]
IncomeSource = Literal[
    "wages", "self_employment", "farm_self_employment", "boarder_payment", "rental", "training_allowance", "work_study",
    "americorps", "combat_pay", "social_security_retirement", "social_security_disability", "social_security_survivors",
    "railroad_retirement", "ssi", "tanf", "general_assistance", "unemployment", "workers_compensation",
    "disability_insurance", "veterans_benefits", "pension", "child_support", "alimony", "interest_dividends", "royalties",
    "capital_gains", "foster_care_payment", "adoption_assistance", "education_grant", "loan", "gift", "in_kind",
    "reimbursement", "energy_assistance", "tax_refund", "tribal_payment", "gambling_winnings", "lump_sum",
    "state_energy_assistance", "cash_aid_withheld", "other_unearned",
]  # fmt: skip
ActivityKind = Literal[
    "work", "training", "education", "job_search", "volunteering", "community_service", "work_program", "workfare",
    "rehabilitation",
]  # fmt: skip
ExpenseKind = Literal[
    "rent", "mortgage", "property_tax", "home_insurance", "condo_fee", "homeless_shelter", "heating_or_cooling",
    "electricity", "gas", "water", "sewer", "trash", "phone", "internet", "child_support_paid", "alimony_paid",
    "student_loan_interest", "ira_contribution", "hsa_contribution", "dependent_care", "health_insurance",
]  # fmt: skip
AssetKind = Literal[
    "bank_account", "cash", "stocks", "retirement", "education_savings", "able_account", "vehicle", "home",
    "other_real_estate", "burial", "life_insurance", "trust", "business_property", "household_goods", "other",
]  # fmt: skip
ReceivedProgram = Literal[
    "ssi", "tanf", "general_assistance", "tanf_noncash", "snap", "fdpir", "wic", "liheap", "medicaid", "chip", "child_care",
]  # fmt: skip
ParentKind = Literal["biological", "adoptive", "step", "foster", "guardian"]
Word = Literal["unknown", "declined"]
WORDS = frozenset({"unknown", "declined"})


class Frozen(BaseModel):
    """The base of every part: immutable, unknown keys refused, and silent about what it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, (tuple, dict)):
                yield name, len(value)


T = TypeVar("T")
N = TypeVar("N", int, Decimal, datetime.date)
Row = TypeVar("Row")
Kind = TypeVar("Kind")


class Between(Frozen, Generic[N]):
    """A number or a day that is known to lie from ``min`` to ``max``, both included."""

    min: N
    max: N

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max < self.min:
            raise _bad("min is more than max", "swap the two")
        return self


class OneOf(Frozen, Generic[T]):
    """A choice of which only some options are left."""

    any_of: Annotated[tuple[T, ...], Field(min_length=1, max_length=200)]


class Partly(Frozen, Generic[Row, Kind]):
    """A list told in part: these rows, and maybe more of the kinds in ``unknown``."""

    rows: Annotated[tuple[Row, ...], Field(max_length=MAX_ROWS)]
    unknown: Annotated[tuple[Kind, ...], Field(min_length=1, max_length=100)]


def _form(value: Any) -> str:
    """Which branch of a union a value means, so that a fault is reported once."""
    if isinstance(value, (Between, OneOf, Partly, Mapping)):
        return "~bound"
    return "~word" if isinstance(value, str) and value in WORDS else "~told"


def _either(told: Any, bound: Any = None) -> Any:
    """The annotation of a leaf or list: as told, a word, or (where there is one) a bound."""
    branches = Annotated[told, Tag("~told")] | Annotated[Word, Tag("~word")]
    return Annotated[branches if bound is None else branches | Annotated[bound, Tag("~bound")], Discriminator(_form)]


if TYPE_CHECKING:
    Told: TypeAlias = "N | Word | Between[N]"
    Chosen: TypeAlias = "T | Word | OneOf[T]"
    Listed: TypeAlias = "tuple[Row, ...] | Word | Partly[Row, Kind]"
    Plainly: TypeAlias = "tuple[Row, ...] | Word"
else:

    class Told:
        """A leaf that measures: exact, unknown, declined, or ``{min, max}``."""

        def __class_getitem__(cls, leaf):
            return _either(leaf, Between[leaf])

    class Chosen:
        """A leaf that chooses: exact, unknown, declined, or ``{any_of: [...]}``."""

        def __class_getitem__(cls, leaf):
            return _either(leaf, OneOf[leaf])

    class Listed:
        """A list: its rows (none is ``[]``), unknown, declined, or told in part."""

        def __class_getitem__(cls, row_kind):
            return _either(Annotated[tuple[row_kind[0], ...], Field(max_length=MAX_ROWS)], Partly[row_kind])

    class Plainly:
        """A list without kinds: its rows, unknown or declined."""

        def __class_getitem__(cls, row):
            return _either(Annotated[tuple[row, ...], Field(max_length=MAX_ROWS)])


Ids = Annotated[tuple[Id, ...], Field(max_length=MAX_PEOPLE)]


def rows_of(listed: Any) -> tuple[Any, ...]:
    """The rows that a list tells, whatever its form."""
    if isinstance(listed, Partly):
        return listed.rows
    return listed if isinstance(listed, tuple) else ()


def ends_of(value: Any) -> tuple[Any, Any] | None:
    """The least and the most that a told measure may be; ``None`` where nothing is known."""
    if value is None or isinstance(value, str):
        return None
    return (value.min, value.max) if isinstance(value, Between) else (value, value)


def is_id(text: str) -> bool:
    """Whether a text may be the id of a person."""
    try:
        return bool(_ID.read(text))
    except PydanticCustomError:
        return False


_ID: _Pattern = get_args(Id)[1]
