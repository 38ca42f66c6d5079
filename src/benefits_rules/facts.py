"""facts: a household in one month → rows and columns of facts, which is all that a rule ever sees.

One table of rows for each entity (:mod:`benefits_rules.rows`), one column for each fact of the catalogue, encoded as
:mod:`benefits_rules.values` says. What is told at a path is read as the catalogue's ``at`` says; what follows from several
things told is *derived* (:mod:`benefits_rules.derived`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from benefits_rules.catalogue import load_catalogue
from benefits_rules.derived import CELLS, DERIVED, RELATIONS
from benefits_rules.factdef import ENTITIES, Catalogue, FactDef, Gate
from benefits_rules.leaves import WORDS
from benefits_rules.model import Household
from benefits_rules.rows import CERTAIN, MANY, MAYBE, ROWS, Case, Row
from benefits_rules.values import Bound, Interval, Known, Maybe, Value, Why

__all__ = [
    "CERTAIN", "DERIVED", "ENTITIES", "MANY", "MAYBE", "Assumption", "Catalogue", "FactDef", "Facts", "Rows", "load_catalogue",
    "project",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """One entity's rows, and their facts by column.

    ``owner`` is the index of the row one level up (0 below the household); ``link`` that of the person who pays or owns,
    or of the other of a pair or tie (-1: none told); ``why`` holds the paths that a row waits for which is not certain.
    """

    owner: tuple[int, ...]
    link: tuple[int, ...]
    presence: tuple[int, ...]
    why: tuple[Why, ...]
    columns: dict[str, list[Value]]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A usual value that stood in for what these people were not asked."""

    fact: str
    people: tuple[str, ...]
    value: bool | int | str


@dataclass(frozen=True, slots=True)
class Facts:
    """A household in one month, as rules see it. Its repr shows nothing of what it holds."""

    people: tuple[str, ...] = field(repr=False)
    outsiders: tuple[str, ...] = field(repr=False)
    rows: dict[str, Rows] = field(repr=False)
    assumptions: tuple[Assumption, ...] = field(repr=False)


def project(
    house: Household,
    month: datetime.date,
    catalogue: Catalogue,
    *,
    usual_values: bool = True,
    wanted: frozenset[tuple[str, str]] | None = None,
    program: str | None = None,
    opened: frozenset[str] = frozenset(),
) -> Facts:
    """The facts of a household in the month that begins on ``month``.

    With ``usual_values`` a usual fact that is not told has its usual value, recorded in ``assumptions``; without,
    it is a bound. A fact told as ``unknown`` or ``declined`` is a bound always. ``wanted`` limits the columns (and so
    the assumptions) to these facts, by entity and name, and to those that they are gated by; every row is there still.
    ``program`` is for whom: of who does not apply for it no status is waited for. ``opened`` are closed facts of people
    that are bounds all the same where they are not told, since somebody is about to ask.
    """
    case = Case(house, month, catalogue, usual_values, program, opened)
    later = (month.year - house.first_month.year) * 12 + month.month - house.first_month.month
    for name in ENTITIES:
        case.rows[name] = list(ROWS[name](case))
    facts = catalogue.by_entity if wanted is None else catalogue.limited_to(wanted)
    tables = {name: _table(case, facts[name], rows) for name, rows in case.rows.items()}
    if later:
        _move_on(tables["person"], tuple(case.index), later)
    return Facts(
        people=tuple(case.index),
        outsiders=tuple([o.id for o in house.outside_people]),
        rows=tables,
        assumptions=tuple([Assumption(f.name, tuple(who), _plain(f)) for f, who in case.assumed.values()]),
    )


#: Months that may have been used up since they were told: what each month asked for may add.
_CLOCKS = {"snap_time_limit_months_used": "clocks.snap_time_limit_months_used", "tanf_months_used": "clocks.tanf_months_used"}


def _move_on(people: Rows, ids: tuple[str, ...], later: int) -> None:
    """What was told for the first month, so many months later: clocks may have run on, a child may be born."""
    for name, path in _CLOCKS.items():
        column = people.columns.get(name, [])
        for i, told in enumerate(column):
            if isinstance(told, int):
                column[i] = Interval(told, told + max(0, later), frozenset((f"people.{ids[i]}.{path}",))) if later > 0 else told
    for i, told in enumerate(people.columns.get("pregnant", [])):
        if told is True:
            people.columns["pregnant"][i] = Maybe(frozenset((f"people.{ids[i]}.pregnant",)))


def _plain(fact: FactDef) -> bool | int | str:
    assert fact.usual is not None
    return fact.options[fact.usual] if fact.options else fact.usual


def _table(case: Case, facts: tuple[FactDef, ...], rows: list[Row]) -> Rows:
    columns: dict[str, list[Value]] = {}
    told = [row.told for row in rows]
    for fact in facts:
        columns[fact.name] = _column(case, fact, rows, told, columns) if rows else []
    return Rows(
        tuple([r.owner for r in rows]),
        tuple([r.link for r in rows]),
        tuple([r.presence for r in rows]),
        tuple([r.why for r in rows]),
        columns,
    )


def _column(case: Case, fact: FactDef, rows: list[Row], told: list[Any], columns: dict[str, list[Value]]) -> list[Value]:
    if fact.entity in ("pair", "tie"):
        return RELATIONS[fact.entity, fact.name](case, told)
    derive = CELLS[fact.entity, fact.name] if fact.derived else _leaf
    if fact.gate is not None:
        return _gated(case, fact, rows, derive, fact.gate, columns[fact.gate.fact])
    if fact.entity in ("household", "person"):  # their rows are always told
        return [derive(case, fact, row) for row in rows] if fact.derived else _told_column(case, fact, rows, told)
    return [_cell(case, fact, row, derive) for row in rows]


_Read = Callable[[Case, FactDef, Row], Value]


def _cell(case: Case, fact: FactDef, row: Row, derive: _Read) -> Value:
    if row.codes is not None and fact.name == ENTITIES[fact.entity].type_:
        return fact.within(row.codes, row.why or frozenset((row.path,)))
    return fact.anything(row.why) if row.told is None else derive(case, fact, row)


def _gated(case: Case, fact: FactDef, rows: list[Row], derive: _Read, gate: Gate, gating: list[Value]) -> list[Value]:
    """A fact that has a meaning only where another fact of the row says so, and its other value elsewhere."""
    assert fact.otherwise is not None
    column: list[Value] = []
    for row, held in zip(rows, gating, strict=True):
        is_open = gate.open(held)
        if is_open is False:
            column.append(fact.otherwise)
            continue
        value = _cell(case, fact, row, derive)
        column.append(value if is_open or not isinstance(held, Bound) else fact.join(value, fact.otherwise, held.why))
    return column


def _stands_in(case: Case, fact: FactDef) -> bool:
    """Whether the fact's usual value stands in where it is not told."""
    if fact.usual is None:
        return False
    return fact.name not in case.opened if fact.kind == "closed" else case.usual


_EXACT = frozenset({bool, int, Decimal, datetime.date})


def _told_column(case: Case, fact: FactDef, rows: list[Row], told: list[Any]) -> list[Value]:
    """:func:`_leaf` of each row, by the column: most facts of most people are exact, or are not told at all."""
    parts = list(map(fact.leaf, told))
    if _stands_in(case, fact) and parts.count(None) == len(parts):
        if fact.kind != "closed":
            case.assumed[fact.name] = (fact, list(case.index))
        return [cast(Known, fact.usual)] * len(parts)
    encode = fact.encode
    return [encode(p) if p.__class__ in _EXACT else _inexact(case, fact, row, p) for p, row in zip(parts, rows, strict=True)]


def _leaf(case: Case, fact: FactDef, row: Row) -> Value:
    told = fact.leaf(row.told)
    return fact.encode(told) if told.__class__ in _EXACT else _inexact(case, fact, row, told)


def _inexact(case: Case, fact: FactDef, row: Row, told: Any) -> Value:
    """A leaf that is a word, a bound, or not told: then its usual value, where it has one and that is wanted."""
    if told is None and _stands_in(case, fact):
        if fact.kind != "closed":
            case.assumed.setdefault(fact.name, (fact, []))[1].append(row.told.id)
        return cast(Known, fact.usual)
    if told.__class__ is str and told not in WORDS:
        return fact.encode(told)
    return fact.read(told, f"{row.path}.{fact.at}" if row.path else fact.at)
