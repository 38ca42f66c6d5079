"""shape: the parts that a household consists of, as the contract writes them (``schema: benefits-rules/household/1``).

What stands here says of each key what may stand at it; :mod:`benefits_rules.coherence` says what must fit together.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from benefits_rules.leaves import (
    ActivityKind,
    Age,
    Area,
    AssetKind,
    Babies,
    Chosen,
    Count,
    County,
    Day,
    Days,
    Disqualification,
    Enrollment,
    Every,
    ExpenseKind,
    Frozen,
    Horizon,
    Hours,
    HousingKind,
    Id,
    Ids,
    IncomeSource,
    Listed,
    Money,
    Month,
    Months,
    ParentKind,
    Plainly,
    Program,
    Provider,
    ReceivedProgram,
    State,
    Status,
    StudentLevel,
    TimeLimitMonths,
    Told,
    YesNo,
)
from benefits_rules.values import MAX_PEOPLE


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
    pretax: Told[Money] | None = None
    certain: Chosen[YesNo] | None = None
    amount_this_month: Told[Money] | None = None
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


class Price(Frozen):
    """An amount, every so often."""

    amount: Told[Money] | None = None
    every: Chosen[Every] | None = None


class Sponsor(Frozen):
    """Who signed an affidavit of support, with a spouse who lives with the sponsor (7 CFR 273.4(c))."""

    earned: Price = Price()
    unearned: Price = Price()
    resources: Told[Money] | None = None
    household_size: Told[Count] | None = None
    sponsored_people: Told[Count] | None = None


class Citizenship(Frozen):
    status: Chosen[Status] | None = None
    since: Told[Day] | None = None
    entered_on: Told[Day] | None = None
    forty_quarters: Chosen[YesNo] | None = None
    military_connection: Chosen[YesNo] | None = None
    former_refugee: Chosen[YesNo] | None = None
    work_permit: Chosen[YesNo] | None = None
    sponsored: Chosen[YesNo] | None = None
    battered: Chosen[YesNo] | None = None
    sponsor: Sponsor = Sponsor()


class Student(Frozen):
    level: Chosen[StudentLevel] | None = None
    enrollment: Chosen[Enrollment] | None = None
    work_study: Chosen[YesNo] | None = None


class Clocks(Frozen):
    """Months used up, before the benefit month."""

    snap_time_limit_months_used: Told[TimeLimitMonths] | None = None
    tanf_months_used: Told[Months] | None = None


class ChildCare(Frozen):
    hours_per_week: Told[Hours] | None = None
    days_per_week: Told[Days] | None = None
    provider: Chosen[Provider] | None = None
    charge: Price = Price()
    family_pays: Price = Price()


class Board(Price):
    """What a boarder pays the household, and for how many meals a day (7 CFR 273.1(b)(3))."""

    meals_a_day: Told[Days] | None = None


class Parent(Frozen):
    """A parent in the home; written as the bare id where biological."""

    id: Id
    kind: ParentKind = "biological"

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return value if isinstance(value, (Mapping, Parent)) else {"id": value}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The row, or the bare id."""
        row = dict(handler.resolve_ref_schema(handler(schema)))
        said = row.pop("description")
        return {"description": said, "anyOf": [row["properties"]["id"], row]}


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
    responsible_for_child: Chosen[YesNo] | None = None
    in_treatment_program: Chosen[YesNo] | None = None
    applied_for_unemployment: Chosen[YesNo] | None = None
    on_the_job_training: Chosen[YesNo] | None = None
    lacks_child_care: Chosen[YesNo] | None = None
    time_limit_regained: Chosen[YesNo] | None = None
    quit_job: Chosen[YesNo] | None = None
    on_strike: Chosen[YesNo] | None = None
    pay_before_strike: Price = Price()
    left_tanf_recently: Chosen[YesNo] | None = None
    fleeing_felon: Chosen[YesNo] | None = None
    drug_felony: Chosen[YesNo] | None = None
    meets_drug_felony_conditions: Chosen[YesNo] | None = None
    snap_disqualified: Chosen[Disqualification] | None = None
    lottery_winner_snap: Chosen[YesNo] | None = None
    gave_assets_away: Chosen[YesNo] | None = None
    migrant_worker: Chosen[YesNo] | None = None
    cannot_prepare_meals: Chosen[YesNo] | None = None
    boarder: Chosen[YesNo] | None = None
    board: Board = Board()
    roomer: Chosen[YesNo] | None = None
    live_in_attendant: Chosen[YesNo] | None = None
    foster_member: Chosen[YesNo] | None = None
    in_unit_by_choice: Chosen[YesNo] | None = None
    apart_by_choice: Chosen[YesNo] | None = None
    former_foster_youth: Chosen[YesNo] | None = None
    foster_care_medicaid: Chosen[YesNo] | None = None
    foster_care_elsewhere: Chosen[YesNo] | None = None
    public_employee_coverage: Chosen[YesNo] | None = None
    raises_unrelated_child: Chosen[YesNo] | None = None
    partner_of_parent: Chosen[YesNo] | None = None
    medicare: Chosen[YesNo] | None = None
    other_health_coverage: Chosen[YesNo] | None = None
    mother_had_medicaid_at_birth: Chosen[YesNo] | None = None
    pregnant_on_medicaid: Chosen[YesNo] | None = None
    months_since_pregnancy: Told[Months] | None = None
    in_transitional_medicaid: Chosen[YesNo] | None = None
    months_of_transitional_medicaid: Told[Months] | None = None
    keeps_medicaid_under_1619b: Chosen[YesNo] | None = None
    lost_ssi_for_social_security: Chosen[YesNo] | None = None
    seeks_spend_down: Chosen[YesNo] | None = None
    alimony_before_2019: Chosen[YesNo] | None = None
    medically_frail: Chosen[YesNo] | None = None
    total_disability_veteran: Chosen[YesNo] | None = None
    subject_to_snap_work_rules: Chosen[YesNo] | None = None
    follows_tanf_work_rules: Chosen[YesNo] | None = None
    recently_released: Chosen[YesNo] | None = None
    medical_hardship: Chosen[YesNo] | None = None
    seasonal_worker: Chosen[YesNo] | None = None
    income_of_six_months: Told[Money] | None = None
    applying_for: tuple[Program, ...] | None = None


class Housing(Frozen):
    """Where the household lives; ``leaves_on`` is the day on which it leaves an institution."""

    kind: Chosen[HousingKind] | None = None
    leaves_on: Told[Day] | None = None


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


class Story(Frozen):
    """What a household tells, each leaf checked; :class:`~benefits_rules.model.Household` is the story checked as a whole."""

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
    evidence: Annotated[dict[str, Evidence], Field(max_length=2000)] = Field({})

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


def spouses(house: Story) -> dict[str, set[str]]:
    """Who is married to whom, told by either of the two."""
    married: dict[str, set[str]] = {p.id: set() for p in house.people}
    pairs = [(p.id, p.spouse) for p in house.people if p.spouse] + [
        (o.id, o.spouse_of) for o in house.outside_people if o.spouse_of
    ]
    for one, other in pairs:
        married.setdefault(one, set()).add(other)
        married.setdefault(other, set()).add(one)
    return married


def age_on(birth: datetime.date, day: datetime.date) -> int:
    """Completed years; a birthday on 29 February is reached on 1 March. Nobody is younger than 0."""
    return max(0, day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day)))


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


def keys_below(start: type[Frozen]) -> frozenset[str]:
    """Every key that may stand anywhere below ``start``."""
    models, todo = set[type[Frozen]](), [start]
    while todo:
        model = todo.pop()
        if model not in models:
            models.add(model)
            todo += [m for f in model.model_fields.values() for a in (f.annotation, *f.metadata) for m in _models_in(a)]
    return frozenset(f.alias or n for m in models for n, f in m.model_fields.items())


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
