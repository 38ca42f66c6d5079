"""model: what a household tells → a frozen, checked :class:`Household`.

The shape is the contract's (``schema: benefits-rules/household/1``). A key that is absent is *not told*:
``None`` here, never zero and never no. A leaf that was asked may be ``"unknown"`` or ``"declined"``, a number
or date may be ``{min, max}``, a choice ``{any_of: [...]}``; a list may be ``{rows: [...], unknown: [kinds]}``.

Money and hours are :class:`~decimal.Decimal` with two decimals, ages and counts ``int``, dates
:class:`datetime.date`, months the text ``YYYY-MM``. Everything that is wrong is reported together, as
:class:`~benefits_rules.errors.HouseholdError`: where, what, and the mend, never the value.
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, Self, TypeAlias, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetJsonSchemaHandler, Tag, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError, core_schema

from benefits_rules import source as guarded
from benefits_rules.errors import HouseholdError, Problem, RuleError
from benefits_rules.values import MAX_MONEY, MAX_PEOPLE, MAX_ROWS, MICRO

#: The most bytes that a household's text may have.
MAX_BYTES = 2_000_000
MAX_DEPTH = 40
#: The most values that a household may have; 40 people with full lists have fewer.
MAX_PARTS = 50_000
#: The most faults that one report names; a hostile text has more than anybody reads.
MAX_PROBLEMS = 100
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
#: Income that has costs of its own: self-employment, rent and boarders (7 CFR 273.11(a), (b)).
WITH_COSTS = frozenset({"self_employment", "farm_self_employment", "boarder_payment", "rental"})

# ── leaves ────────────────────────────────────────────────────────────────────────────────────────────────


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
        number = {"type": "number", "minimum": 0, "maximum": float(self.hi), "multipleOf": 0.01}
        return {"anyOf": [number, {"type": "string", "pattern": r"^(0|[1-9]\d*)(\.\d{1,2})?$"}]}


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
        return {"type": "string", "format": "date"}


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
        return {"type": "string", "pattern": f"^{self.form}$"}


class _State(_Leaf):
    def read(self, value: Any) -> str:
        if not isinstance(value, str) or value not in STATES:
            raise _bad("there is no such state", "write two capital letters, one of the 50 states or DC, such as GA")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(STATES)}


YesNo = Annotated[bool, _YesNo()]
Day = Annotated[datetime.date, _Day()]
Money = Annotated[Decimal, _Amount("an amount of money", Decimal(MAX_MONEY) / MICRO)]
Hours = Annotated[Decimal, _Amount("a number of hours", Decimal(168))]
Age = Annotated[int, _Whole(0, 130)]
Babies = Annotated[int, _Whole(0, 10)]
Days = Annotated[int, _Whole(0, 7)]
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
    "none", "intentional_violation", "work_requirement", "no_ssn", "child_support", "other_program_sanction"
]
Provider = Literal["none", "center", "family_home", "group_home", "relative", "in_home", "school_program"]
IncomeSource = Literal[
    "wages", "self_employment", "farm_self_employment", "boarder_payment", "rental", "training_allowance", "work_study",
    "americorps", "combat_pay", "social_security_retirement", "social_security_disability", "social_security_survivors",
    "railroad_retirement", "ssi", "tanf", "general_assistance", "unemployment", "workers_compensation",
    "disability_insurance", "veterans_benefits", "pension", "child_support", "alimony", "interest_dividends", "royalties",
    "capital_gains", "foster_care_payment", "adoption_assistance", "education_grant", "loan", "gift", "in_kind",
    "reimbursement", "energy_assistance", "tax_refund", "tribal_payment", "gambling_winnings", "lump_sum", "other_unearned",
]  # fmt: skip
ActivityKind = Literal[
    "work", "training", "education", "job_search", "volunteering", "community_service", "work_program", "workfare",
    "rehabilitation",
]  # fmt: skip
ExpenseKind = Literal[
    "rent", "mortgage", "property_tax", "home_insurance", "condo_fee", "homeless_shelter", "heating_or_cooling",
    "electricity", "gas", "water", "sewer", "trash", "phone", "internet", "child_support_paid", "alimony_paid",
    "student_loan_interest", "dependent_care", "health_insurance",
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

# ── the household ─────────────────────────────────────────────────────────────────────────────────────────


class Dated(Frozen):
    """A row that holds from one day to another, both included; not told is open at that end."""

    begins: Told[Day] | None = Field(None, alias="from")
    ends: Told[Day] | None = Field(None, alias="to")


class Paid(Dated):
    """Money that comes or goes every so often; ``once`` counts in the month of ``received_on``."""

    amount: Told[Money] | None = None
    every: Chosen[Every] | None = None
    received_on: Told[Day] | None = None


class Income(Paid):
    """Gross income of a person; ``covers`` are the people for whom cash assistance is paid."""

    source: Chosen[IncomeSource]
    hours: Told[Hours] | None = None
    days: Told[Days] | None = None
    costs: Told[Money] | None = None
    covers: Annotated[Ids, Field(min_length=1)] | None = None


class MedicalExpense(Paid):
    """A medical cost that nobody pays back (7 CFR 273.9(d)(3))."""


class Expense(Paid):
    """A cost of the household; ``payer`` is the person who pays it. Without ``every`` it is a standing bill."""

    kind: Chosen[ExpenseKind]
    payer: Id | None = None


class Asset(Dated):
    kind: Chosen[AssetKind]
    amount: Told[Money] | None = None
    owner: Id | None = None


class Activity(Dated):
    kind: Chosen[ActivityKind]
    hours_per_week: Told[Hours] | None = None


class Receives(Dated):
    """Help in payment or authorised, for these people (``amount`` is what it pays each time)."""

    program: Chosen[ReceivedProgram]
    people: Annotated[Ids, Field(min_length=1)]
    amount: Told[Money] | None = None


class Citizenship(Frozen):
    status: Chosen[Status] | None = None
    since: Told[Day] | None = None
    entered_on: Told[Day] | None = None
    forty_quarters: Chosen[YesNo] | None = None
    military_connection: Chosen[YesNo] | None = None
    former_refugee: Chosen[YesNo] | None = None
    sponsored: Chosen[YesNo] | None = None


class Student(Frozen):
    level: Chosen[StudentLevel] | None = None
    enrollment: Chosen[Enrollment] | None = None
    work_study: Chosen[YesNo] | None = None


class Clocks(Frozen):
    """Months used up, before the benefit month."""

    snap_time_limit_months_used: Told[TimeLimitMonths] | None = None
    tanf_months_used: Told[Months] | None = None


class Price(Frozen):
    amount: Told[Money] | None = None
    every: Chosen[Every] | None = None


class ChildCare(Frozen):
    hours_per_week: Told[Hours] | None = None
    days_per_week: Told[Days] | None = None
    provider: Chosen[Provider] | None = None
    charge: Price = Price()
    family_pays: Price = Price()


class Parent(Frozen):
    """A parent in the home; written as the bare id where biological."""

    id: Id
    kind: ParentKind = "biological"

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return value if isinstance(value, (Mapping, Parent)) else {"id": value}


class Person(Frozen):
    """A person in the home. ``parents`` and ``spouse`` are closed: what is not told is not so."""

    id: Id
    age: Told[Age] | None = None
    birth_date: Told[Day] | None = None
    spouse: Id | None = None
    parents: Annotated[tuple[Parent, ...], Field(max_length=8)] = ()
    citizenship: Citizenship = Citizenship()
    disabled: Chosen[YesNo] | None = None
    ssi_disability: Chosen[YesNo] | None = None
    working_disabled: Chosen[YesNo] | None = None
    blind: Chosen[YesNo] | None = None
    pregnant: Chosen[YesNo] | None = None
    expected_children: Told[Babies] | None = None
    veteran: Chosen[YesNo] | None = None
    tribal_member: Chosen[YesNo] | None = None
    student: Student = Student()
    snap_employment_program: Chosen[YesNo] | None = None
    activities: Listed[Activity, ActivityKind] | None = None
    income: Listed[Income, IncomeSource] | None = None
    medical_expenses: Plainly[MedicalExpense] | None = None
    child_care: ChildCare = ChildCare()
    clocks: Clocks = Clocks()
    fit_for_work: Chosen[YesNo] | None = None
    cares_for_incapacitated: Chosen[YesNo] | None = None
    in_treatment_program: Chosen[YesNo] | None = None
    applied_for_unemployment: Chosen[YesNo] | None = None
    quit_job: Chosen[YesNo] | None = None
    on_strike: Chosen[YesNo] | None = None
    fleeing_felon: Chosen[YesNo] | None = None
    drug_felony: Chosen[YesNo] | None = None
    snap_disqualified: Chosen[Disqualification] | None = None
    lottery_winner_snap: Chosen[YesNo] | None = None
    gave_assets_away: Chosen[YesNo] | None = None
    migrant_worker: Chosen[YesNo] | None = None
    cannot_prepare_meals: Chosen[YesNo] | None = None
    boarder: Chosen[YesNo] | None = None
    roomer: Chosen[YesNo] | None = None
    live_in_attendant: Chosen[YesNo] | None = None
    foster_member: Chosen[YesNo] | None = None
    former_foster_youth: Chosen[YesNo] | None = None
    applying_for: tuple[Program, ...] | None = None


class Housing(Frozen):
    kind: Chosen[HousingKind] | None = None


class TaxReturn(Frozen):
    """One federal return of this year: at most two filers, and whom they claim."""

    filers: Annotated[tuple[Id, ...], Field(min_length=1, max_length=2)]
    dependents: Ids = ()


class OutsidePerson(Frozen):
    """Somebody who lives elsewhere: an absent parent, a spouse, a tax filer."""

    id: Id
    age: Told[Age] | None = None
    parent_of: Ids = ()
    child_of: Ids = ()
    spouse_of: Id | None = None


class Choices(Frozen):
    apply_for: tuple[Program, ...] | None = None


class Evidence(Frozen):
    """Where a fact comes from."""

    source: Literal["electronic", "document", "statement", "collateral_contact", "other"]
    as_of: Day | None = None


class Household(Frozen):
    """One household, told once: a dated case, not a snapshot."""

    format: Literal["benefits-rules/household/1"] = Field("benefits-rules/household/1", alias="schema")
    state: State
    county: Chosen[County] | None = None
    area: Chosen[Area] | None = None
    month: Month
    months: Horizon = 1
    applied_on: Told[Day] | None = None
    people: Annotated[tuple[Person, ...], Field(min_length=1, max_length=MAX_PEOPLE)]
    housing: Housing = Housing()
    expenses: Listed[Expense, ExpenseKind] | None = None
    assets: Listed[Asset, AssetKind] | None = None
    food_groups: Plainly[Annotated[Ids, Field(min_length=1)]] | None = None
    tax_returns: Plainly[TaxReturn] | None = None
    outside_people: Annotated[tuple[OutsidePerson, ...], Field(max_length=MAX_PEOPLE)] = ()
    receives: Listed[Receives, ReceivedProgram] | None = None
    choices: Choices = Choices()
    evidence: Annotated[dict[str, Evidence], Field(max_length=2000)] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        faults = list(_faults(self))
        if faults:
            raise HouseholdError(faults)
        return self

    @classmethod
    def read(cls, path: str | Path) -> Household:
        """A YAML or JSON file → a household. Raises :class:`HouseholdError`."""
        return read_household(Path(path))

    @property
    def first_month(self) -> datetime.date:
        """The first day of the first benefit month."""
        return datetime.date(int(self.month[:4]), int(self.month[5:]), 1)

    def to_dict(self) -> dict[str, Any]:
        """Canonical plain data: the model's order, absent keys absent, money as text with two decimals.

        Reading it again gives an equal household.
        """
        plain: dict[str, Any] = _plain(self)
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Parent) and value.kind == "biological":
        return value.id
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        told = ((field.alias or name, getattr(value, name), field) for name, field in fields.items())
        return {key: _plain(v) for key, v, field in told if field.is_required() or v != field.default}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


# ── what one leaf alone cannot show ───────────────────────────────────────────────────────────────────────


def rows_of(listed: Any) -> tuple[Any, ...]:
    """The rows that a list tells, whatever its form."""
    if isinstance(listed, Partly):
        return listed.rows
    return listed if isinstance(listed, tuple) else ()


def _faults(house: Household) -> Iterator[Problem]:
    yield from _ids(house)
    yield from _references(house)
    yield from _families(house)
    yield from _returns(house)
    yield from _food(house)
    yield from _people(house)
    for path, row in _rows(house):
        yield from _row(path, row)
    yield from _county(house)
    yield from _evidence(house)


def _ids(house: Household) -> Iterator[Problem]:
    seen: set[str] = set()
    everybody = [(f"people.{i}.id", p.id) for i, p in enumerate(house.people)]
    everybody += [(f"outside_people.{i}.id", p.id) for i, p in enumerate(house.outside_people)]
    for path, name in everybody:
        if name in seen:
            yield Problem(path, "this id stands for somebody else already", "give each person an id of their own")
        seen.add(name)


def _references(house: Household) -> Iterator[Problem]:
    """Every id that is referred to belongs to somebody."""
    inside = {p.id for p in house.people}
    both = inside | {p.id for p in house.outside_people}
    home = "name a person under people; a parent or spouse elsewhere stands under outside_people"

    def check(path: str, names: Iterable[str | None], known: set[str], mend: str) -> Iterator[Problem]:
        for i, name in enumerate(names):
            if name is not None and name not in known:
                yield Problem(path.replace("*", str(i)), "there is no person with this id", mend)

    for p in house.people:
        yield from check(f"people.{p.id}.spouse", [p.spouse], inside, home)
        yield from check(f"people.{p.id}.parents.*", [q.id for q in p.parents], inside, home)
        for i, row in enumerate(rows_of(p.income)):
            yield from check(f"people.{p.id}.income.{i}.covers.*", row.covers or (), inside, "name a person under people")
    for i, o in enumerate(house.outside_people):
        for key, names in (("parent_of.*", o.parent_of), ("child_of.*", o.child_of), ("spouse_of", (o.spouse_of,))):
            yield from check(f"outside_people.{i}.{key}", names, inside, "name a person under people")
    for i, r in enumerate(rows_of(house.tax_returns)):
        for key in ("filers", "dependents"):
            yield from check(f"tax_returns.{i}.{key}.*", getattr(r, key), both, "name a person under people or outside_people")
    for i, group in enumerate(rows_of(house.food_groups)):
        yield from check(f"food_groups.{i}.*", group, inside, "name a person under people")
    for key, field in (("expenses", "payer"), ("assets", "owner")):
        for i, row in enumerate(rows_of(getattr(house, key))):
            yield from check(f"{key}.{i}.{field}", [getattr(row, field)], inside, "name a person under people")
    for i, row in enumerate(rows_of(house.receives)):
        yield from check(f"receives.{i}.people.*", row.people, inside, "name a person under people")


def spouses(house: Household) -> dict[str, set[str]]:
    """Who is married to whom, told by either of the two."""
    married: dict[str, set[str]] = {p.id: set() for p in house.people}
    pairs = [(p.id, p.spouse) for p in house.people if p.spouse] + [
        (o.id, o.spouse_of) for o in house.outside_people if o.spouse_of
    ]
    for one, other in pairs:
        married.setdefault(one, set()).add(other)
        married.setdefault(other, set()).add(one)
    return married


def _families(house: Household) -> Iterator[Problem]:
    married = spouses(house)
    parents: dict[str, set[str]] = {p.id: {q.id for q in p.parents} for p in house.people}
    for o in house.outside_people:
        parents.setdefault(o.id, set()).update(o.child_of)
        for child in o.parent_of:
            parents.setdefault(child, set()).add(o.id)
    for p in house.people:
        if p.spouse == p.id:
            yield Problem(f"people.{p.id}.spouse", "a person cannot be their own spouse", "name the other person")
        elif len(married[p.id]) > 1:
            yield Problem(f"people.{p.id}.spouse", "two people are told as the spouse of this person", "keep one")
        if len({q.id for q in p.parents}) < len(p.parents):
            yield Problem(f"people.{p.id}.parents", "the same parent stands here twice", "keep one")
        if p.id in _ancestors(p.id, parents):
            what = "a person cannot be their own parent" if p.id in parents[p.id] else "the parents go round in a circle"
            yield Problem(f"people.{p.id}.parents", what, "say who is the parent of whom")


def _ancestors(start: str, parents: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    wave = set(parents.get(start, ()))
    while wave:
        found |= wave
        wave = {up for name in wave for up in parents.get(name, ())} - found
    return found


def _returns(house: Household) -> Iterator[Problem]:
    filers: set[str] = set()
    dependents: set[str] = set()
    for i, r in enumerate(rows_of(house.tax_returns)):
        here: set[str] = set()
        for key, names, seen, what in (
            ("filers", r.filers, filers, "this person files another return too"),
            ("dependents", r.dependents, dependents, "this person is claimed on another return too"),
        ):
            for j, name in enumerate(names):
                if name in here:
                    yield Problem(f"tax_returns.{i}.{key}.{j}", "this person stands twice on one return", "keep one")
                elif name in seen:
                    yield Problem(f"tax_returns.{i}.{key}.{j}", what, "a person files one return, and is claimed on one")
                here.add(name)
                seen.add(name)


def _food(house: Household) -> Iterator[Problem]:
    if not isinstance(house.food_groups, tuple):
        return
    seen: set[str] = set()
    for i, group in enumerate(house.food_groups):
        for j, name in enumerate(group):
            if name in seen:
                yield Problem(f"food_groups.{i}.{j}", "this person is in a food group already", "keep one")
            seen.add(name)
    if not {p.id for p in house.people} <= seen:
        yield Problem("food_groups", "somebody is in no food group", "name everybody once, alone where they eat alone")


def ends_of(value: Any) -> tuple[Any, Any] | None:
    """The least and the most that a told measure may be; ``None`` where nothing is known."""
    if value is None or isinstance(value, str):
        return None
    return (value.min, value.max) if isinstance(value, Between) else (value, value)


def age_on(birth: datetime.date, day: datetime.date) -> int:
    """Completed years; a birthday on 29 February is reached on 1 March. Nobody is younger than 0."""
    return max(0, day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day)))


def _people(house: Household) -> Iterator[Problem]:
    day = house.first_month
    for p in house.people:
        age, birth = ends_of(p.age), ends_of(p.birth_date)
        if age and birth and not (age[0] <= age_on(birth[0], day) and age_on(birth[1], day) <= age[1]):
            yield Problem(f"people.{p.id}.age", "age and birth_date say different things", "keep birth_date alone")
        babies = ends_of(p.expected_children)
        if p.pregnant is False and babies and babies[0] > 0:
            yield Problem(f"people.{p.id}.expected_children", "babies are expected, yet pregnant is false", "mend one of the two")


def _rows(house: Household) -> Iterator[tuple[str, Any]]:
    """Every dated row, with its path."""
    owners: list[tuple[str, Any, tuple[str, ...]]] = [("", house, ("expenses", "assets", "receives"))]
    owners += [(f"people.{p.id}.", p, ("income", "medical_expenses", "activities")) for p in house.people]
    for prefix, owner, keys in owners:
        for key in keys:
            yield from ((f"{prefix}{key}.{i}", row) for i, row in enumerate(rows_of(getattr(owner, key))))


def _row(path: str, row: Any) -> Iterator[Problem]:
    begins, ends = ends_of(row.begins), ends_of(row.ends)
    if begins and ends and ends[1] < begins[0]:
        yield Problem(f"{path}.to", "the row ends before it begins", "mend from or to")
    if isinstance(row, Paid):
        if row.every == "once" and row.received_on is None:
            yield Problem(f"{path}.received_on", "the day is missing", "every: once needs received_on: a day, or unknown")
        if row.received_on is not None and isinstance(row.every, str) and row.every not in {"once", *WORDS}:
            yield Problem(f"{path}.received_on", "this belongs to every: once only", "leave it out, or write every: once")
    if isinstance(row, Income):
        if row.costs is not None and isinstance(row.source, str) and row.source not in {*WITH_COSTS, *WORDS}:
            yield Problem(f"{path}.costs", "only self-employment, rental and boarder income has costs", "leave it out")
        for key, every in (("hours", "hour"), ("days", "day")):
            if getattr(row, key) is not None and isinstance(row.every, str) and row.every not in {every, *WORDS}:
                yield Problem(
                    f"{path}.{key}", f"this belongs to pay by the {every} only", f"leave it out, or write every: {every}"
                )


def _county(house: Household) -> Iterator[Problem]:
    told = house.county.any_of if isinstance(house.county, OneOf) else () if house.county is None else (house.county,)
    if any(c not in WORDS and int(c[:2]) != STATES[house.state] for c in told):
        yield Problem("county", "the county is not in the state", "mend state or county")


def _evidence(house: Household) -> Iterator[Problem]:
    for i, path in enumerate(house.evidence):
        if not _told_at(house, path.split(".")):
            yield Problem(f"evidence.{i}", "nothing is told at this path", "name a path such as people.ana.income.0.amount")


def _told_at(part: Any, names: Sequence[str]) -> bool:
    if not names:
        return part is not None
    name, rest = names[0], names[1:]
    if isinstance(part, (tuple, Partly)):
        rows = rows_of(part)
        found = [r for i, r in enumerate(rows) if name in (str(i), getattr(r, "id", None))]
        return bool(found) and _told_at(found[0], rest)
    if not isinstance(part, Frozen):
        return False
    field = next((n for n, f in type(part).model_fields.items() if (f.alias or n) == name), None)
    return field is not None and _told_at(getattr(part, field), rest)


# ── reading, and saying what is wrong ─────────────────────────────────────────────────────────────────────

Loc = tuple[str | int, ...]
Fault = tuple[Loc, str, str]


def read_household(source: str | Path | bytes | Mapping[str, Any] | Household) -> Household:
    """A file's path, YAML or JSON text, or plain data → a household.

    A ``str`` of one line that does not begin with ``{`` is a path; any other is the text itself. Raises
    :class:`HouseholdError` with all faults at once, none of which shows a value.
    """
    if isinstance(source, Household):
        return source
    if isinstance(source, Mapping):
        return _checked(source, [])
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        source = source.encode("utf-8", "surrogatepass")
    if isinstance(source, bytes):
        return _parsed(source, "household")
    path = Path(source)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):  # the message must not quote the path: it may be a household's text
        raise HouseholdError([Problem("household", "the file cannot be read", "check its path and its rights")]) from None
    return _parsed(data, path.name)


def _parsed(data: bytes, label: str) -> Household:
    if len(data) > MAX_BYTES:
        raise HouseholdError([Problem(label, f"the text is over {MAX_BYTES:,} bytes", "one household a file")])
    is_json = label.endswith(".json") or (
        re.match(rb'(\xef\xbb\xbf)?\s*\{\s*"', data) is not None and not label.endswith((".yaml", ".yml"))
    )
    faults: list[Fault] = []
    plain = _from_json(data, label, faults) if is_json else _from_yaml(data, label, faults)
    return _checked(plain, faults)


def _from_json(data: bytes, label: str, faults: list[Fault]) -> Any:
    """JSON with exact numbers; NaN, Infinity and a key that stands twice are refused."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        return found if len(found) == len(items) else _Twice(found)

    def whole(text: str) -> int | object:
        return int(text) if len(text) < 20 else _BAD

    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=pairs, parse_float=Decimal, parse_int=whole, parse_constant=lambda _: _BAD
        )
    except json.JSONDecodeError as error:
        problem = Problem(f"{label}:{error.lineno}", f"this is not JSON: {error.msg}", "check commas, quotes and brackets")
    except UnicodeDecodeError:
        problem = Problem(label, "the text is not UTF-8", "save the file as UTF-8")
    except RecursionError:
        problem = Problem(label, f"more than {MAX_DEPTH} levels are nested here", "flatten it")
    raise HouseholdError([problem]) from None


class _Twice(dict[str, Any]):
    """A JSON object in which a key stands twice."""


_BAD = object()  # stands where a value was that could not be read at all

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,17})\.\d{1,18}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?", re.ASCII)
_NULL = re.compile(r"~?|null", re.IGNORECASE)
_SURPRISE_YES_NO = re.compile(r"y|n|yes|no|on|off|true|false", re.IGNORECASE)
_SURPRISE_NUMBER = re.compile(r"[-+.]?[\d.][\d_:.,]*([eE][-+]?\d*)?|0[xXoObB]\w*|[-+]?\.(inf|nan)", re.IGNORECASE | re.ASCII)


def _from_yaml(data: bytes, label: str, faults: list[Fault]) -> Any:
    """YAML of which only ``true``, ``false``, plain numbers and text keep a meaning."""
    try:
        root = guarded.read_bytes(data, label)
    except RuleError as error:  # its excerpt quotes the household, so only line and reason go on
        problems = [Problem(f"{p.file}:{p.line}", p.what, p.mend) for p in error.problems]
        raise HouseholdError(problems) from None
    return _yaml_plain(root, (), faults)


def _yaml_plain(node: guarded.Node, at: Loc, faults: list[Fault]) -> Any:
    if isinstance(node, guarded.Mapping):
        return {key: _yaml_plain(value, (*at, key), faults) for key, (_, value) in node.entries.items()}
    if isinstance(node, guarded.Sequence):
        return [_yaml_plain(item, (*at, i), faults) for i, item in enumerate(node.items)]
    if node.style is not None or _DATE.fullmatch(node.text):
        return node.text
    if node.text in ("true", "false"):
        return node.text == "true"
    if _INTEGER.fullmatch(node.text):
        return int(node.text)
    if _DECIMAL.fullmatch(node.text):
        return Decimal(node.text)
    for pattern, what, mend in (
        (_NULL, "there is nothing here", "leave the key out, or write unknown"),
        (_SURPRISE_YES_NO, "YAML readers disagree about this word", "write true or false; put other text in quotes"),
        (
            _SURPRISE_NUMBER,
            "YAML readers disagree about this number",
            "write digits with at most one point; put other text in quotes",
        ),
    ):
        if pattern.fullmatch(node.text):
            if len(faults) > MAX_PROBLEMS:
                return _BAD
            line = node.source.text.count("\n", 0, node.start) + 1
            faults.append((at, f"{what} (line {line})", mend))
            return _BAD
    return node.text


def _checked(plain: Any, faults: list[Fault]) -> Household:
    """Plain data → a household, or all of its faults."""
    _weigh(plain)
    clean = _walked(plain, (), faults)
    if not isinstance(clean, dict):
        raise HouseholdError([Problem("household", "this is not a household", "write keys such as state, month and people")])
    try:
        house = Household.model_validate(clean)
    except HouseholdError as error:
        raise HouseholdError([*_told_faults(faults, clean), *error.problems]) from None
    except ValidationError as error:
        if error.error_count() + len(faults) > MAX_PROBLEMS:
            faults += [_explained(e) for e in error.errors(include_url=False)[: MAX_PROBLEMS - min(MAX_PROBLEMS, len(faults))]]
            more = Problem("household", "there are more faults than these", "mend these first")
            raise HouseholdError([*_told_faults(faults[:MAX_PROBLEMS], clean), more]) from None
        faults += _news(error.errors(include_url=False), [at for at, _, _ in faults])
        raise HouseholdError([*_told_faults(faults, clean), *_beyond(clean, error)]) from None
    if faults:
        raise HouseholdError(_told_faults(faults, clean))
    return house


def _news(errors: list[ErrorDetails], known: list[Loc]) -> list[Fault]:
    """What pydantic adds to the faults known: nothing at or below their places, no list short of its own faulty rows."""
    places = known + [_loc(e["loc"]) for e in errors]
    new = []
    for e in errors:
        at = _loc(e["loc"])
        below = e["type"] == "too_short" and any(len(p) > len(at) and p[: len(at)] == at for p in places)
        if not below and not any(at[: len(k)] == k for k in known):
            new.append(_explained(e))
    return new


def _weigh(plain: Any) -> None:
    """Refuse what is too large to look at, and data that holds itself."""
    waiting, count = [plain], 0
    while waiting:
        part = waiting.pop()
        count += 1
        if isinstance(part, Mapping):
            waiting += part.values()
        elif isinstance(part, (list, tuple)):
            waiting += part
        if count + len(waiting) > MAX_PARTS:
            raise HouseholdError([Problem("household", f"there are more than {MAX_PARTS:,} values", "tell one household")])


def _walked(value: Any, at: Loc, faults: list[Fault]) -> Any:
    """A copy made of dicts and lists alone; what could never be part of a household is a fault."""
    if len(at) > MAX_DEPTH:
        faults.append((at[:4], f"more than {MAX_DEPTH} levels are nested here", "flatten it"))
        return _BAD
    if isinstance(value, Mapping):
        if isinstance(value, _Twice):
            faults.append((at, "a key stands twice here", "remove one of the two"))
        return {
            k if isinstance(k, str) else "?": _walked(v, (*at, k if isinstance(k, str) else "?"), faults)
            for k, v in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_walked(v, (*at, i), faults) for i, v in enumerate(value)]
    if len(faults) > MAX_PROBLEMS:
        return value
    if value is None:
        faults.append((at, "there is nothing here", "leave the key out, or write unknown"))
        return _BAD
    if value is _BAD and not any(f[0] == at for f in faults):
        faults.append((at, "this is not a number that can be used", "write plain digits"))
    return value


def _loc(loc: Loc) -> Loc:
    """A place without the names of union branches."""
    return tuple(part for part in loc if part not in ("~told", "~word", "~bound"))


def _explained(error: ErrorDetails) -> Fault:
    """One fault that pydantic found, in our words."""
    at, kind, context = _loc(error["loc"]), error["type"], error.get("ctx", {})
    if kind == "told":
        return at, context["what"], context["mend"]
    if kind == "missing":
        return at, "this key is missing", "add it"
    if kind == "extra_forbidden":
        return at, "there is no such key", _near(str(at[-1]), _keys_at(at[:-1]))
    if kind == "literal_error":
        return at, "this is not one of the options", _near(error["input"], re.findall(r"'([^']*)'", context["expected"]))
    if kind in ("too_long", "too_short"):
        limit = f"at most {context['max_length']}" if kind == "too_long" else f"at least {context['min_length']}"
        return at, f"this list has too {'many' if kind == 'too_long' else 'few'} rows", f"{limit} may stand here"
    if kind in ("tuple_type", "list_type"):
        return at, "this is not a list", "write [...], or one row a line, each after a dash"
    return at, "this is not what may stand here", f"write {_FORMS.get(kind, 'what the household example shows')}"


_FORMS = {"model_type": "keys and values", "model_attributes_type": "keys and values", "dict_type": "keys and values"}


def _near(word: Any, options: Sequence[str]) -> str:
    """The mend for a word that is not known: what it was most likely meant to be, or all that may stand there."""
    close = difflib.get_close_matches(word[:60], options, 1) if isinstance(word, str) else []
    if close:
        return f"did you mean `{close[0]}`?"
    return (
        "one of: " + ", ".join(options)
        if len(options) <= 24
        else f"one of {len(options)} options, such as {', '.join(options[:3])}"
    )


def _models_in(annotation: Any) -> Iterator[type[Frozen]]:
    if isinstance(annotation, type) and issubclass(annotation, Frozen):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def parts_at(names: Iterable[str], start: type[Frozen]) -> list[type[Frozen]]:
    """The models that may stand at a path of keys below ``start`` (rows of a list stand at the list's key)."""
    here = [start]
    for name in names:
        fields = [(f.annotation, *f.metadata) for model in here for n, f in model.model_fields.items() if (f.alias or n) == name]
        here = [model for annotations in fields for a in annotations for model in _models_in(a)]
    return here


def attributes(path: str, start: type[Frozen]) -> tuple[str, ...] | None:
    """The attributes that lead from a row to the leaf at a dotted path of keys; ``None`` where there is none."""
    keys = path.split(".")
    found = []
    for i, key in enumerate(keys):
        names = [n for m in parts_at(keys[:i], start) for n, f in m.model_fields.items() if (f.alias or n) == key]
        if not names:
            return None
        found.append(names[0])
    return tuple(found)


def _keys_at(at: Loc) -> list[str]:
    models = parts_at((p for p in at if isinstance(p, str) and p != "rows"), Household)
    return list(dict.fromkeys(f.alias or n for m in models for n, f in m.model_fields.items()))


def _told_faults(faults: Iterable[Fault], plain: Any) -> list[Problem]:
    return list(dict.fromkeys(Problem(_path(at, plain), what, mend) for at, what, mend in faults))


def _path(at: Loc, plain: Any) -> str:
    """A place as people name it: a person by id where she has one of her own, an odd key as ``?``."""
    parts = [
        str(p) if isinstance(p, int) or re.fullmatch(r"[a-z]+(_[a-z]+)*", p) and len(p) <= 30 else "?" for p in at if p != "rows"
    ]
    if parts[:1] == ["evidence"] and len(at) > 1 and isinstance(at[1], str):  # its keys are paths: counted, not shown
        parts[1] = str([*plain["evidence"], at[1]].index(at[1]))
    if len(at) > 2 and at[0] == "people" and isinstance(at[1], int):
        ids = [p.get("id") for p in plain["people"] if isinstance(p, dict)]
        name = plain["people"][at[1]].get("id") if isinstance(plain["people"][at[1]], dict) else None
        if isinstance(name, str) and ids.count(name) == 1 and _is_id(name):
            parts[1] = name
    return ".".join(parts) or "household"


def _is_id(text: str) -> bool:
    try:
        return bool(_ID.read(text))
    except PydanticCustomError:
        return False


_ID: _Pattern = get_args(Id)[1]


def _beyond(plain: dict[str, Any], error: ValidationError) -> tuple[Problem, ...]:
    """The faults that only a whole household shows, looked for with every faulty part taken as not told."""
    faulty = {e["loc"][0] for e in error.errors(include_url=False) if e["loc"]}
    if "state" in faulty:
        plain["state"] = "GA"
        plain.pop("county", None)
    if "month" in faulty:
        plain["month"] = "2000-01"
        people = plain.get("people")
        for person in people if isinstance(people, list) else ():
            _mended(person, ("birth_date",), remove=True)
    for up in range(4):  # first the leaf becomes unknown, then it goes, then what holds it
        for fault in error.errors(include_url=False):
            at = _loc(fault["loc"])
            if at in (("state",), ("month",)):
                continue
            _mended(plain, at[: len(at) - max(0, up - 1)], remove=up > 0 or fault["type"] == "extra_forbidden")
        try:
            Household.model_validate(plain)
        except HouseholdError as found:
            return tuple(p for p in found.problems if not (up and p.path.startswith("evidence")))
        except ValidationError as again:
            error = again
        else:
            break
    return ()


def _mended(part: Any, at: Loc, *, remove: bool) -> None:
    """Take the leaf at a place away, or make it unknown; a place that is not there is left alone."""
    for name in at[:-1]:
        if not _holds(part, name):
            return
        part = part[name]
    if at and remove and isinstance(part, dict):
        part.pop(at[-1], None)
    elif at and not remove and (isinstance(part, dict) or _holds(part, at[-1])):
        part[at[-1]] = "unknown"


def _holds(part: Any, name: str | int) -> bool:
    return isinstance(part, dict) and name in part or isinstance(part, list) and isinstance(name, int) and name < len(part)
