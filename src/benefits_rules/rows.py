"""rows: a household in one month → which rows each entity has, for certain or maybe.

presence   CERTAIN  there is this row          MAYBE  there may be this row
           MANY     it stands for 0 to ``MAX_ROWS`` rows, each of them somewhere in its bounds
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from benefits_rules.factdef import ENTITIES, Catalogue, FactDef, int_of
from benefits_rules.leaves import WORDS, OneOf, Partly, ends_of, rows_of
from benefits_rules.model import Household
from benefits_rules.shape import Expense, Paid, Receives, spouses
from benefits_rules.values import AnyOf, Why

MAYBE, CERTAIN, MANY = 0, 1, 2
NOTHING: Why = frozenset()


@dataclass(slots=True)
class Row:
    """A row in the making; ``told`` is ``None`` where it stands for rows not told, of the types ``codes`` if given."""

    told: Any
    path: str
    owner: int = 0
    link: int = -1
    presence: int = CERTAIN
    why: Why = NOTHING
    codes: frozenset[int] | None = None


class Case:
    """One household in one month, with what several derived facts look up."""

    def __init__(
        self,
        house: Household,
        month: datetime.date,
        catalogue: Catalogue,
        usual: bool,
        program: str | None = None,
        opened: frozenset[str] = frozenset(),
    ) -> None:
        self.house, self.catalogue, self.usual, self.program, self.opened = house, catalogue, usual, program, opened
        self.first, self.last = month, month.replace(day=calendar.monthrange(month.year, month.month)[1])
        self.index = {p.id: i for i, p in enumerate(house.people)}
        self.married = spouses(house)
        self.parents = _parents(house)
        returns = house.tax_returns if isinstance(house.tax_returns, tuple) else None
        self.joint = None if returns is None else {(a, b) for r in returns for a in r.filers for b in r.filers if a != b}
        self.claims = None if returns is None else {(a, b) for r in returns for a in r.filers for b in r.dependents}
        groups = house.food_groups if isinstance(house.food_groups, tuple) else None
        self.eats = None if groups is None else {name: i for i, group in enumerate(groups) for name in group}
        self.rows: dict[str, list[Row]] = {}
        self.assumed: dict[str, tuple[FactDef, list[str]]] = {}


def _parents(house: Household) -> dict[str, dict[str, str]]:
    """Child → parent → kind, in the home and outside."""
    found: dict[str, dict[str, str]] = {p.id: {q.id: q.kind for q in p.parents} for p in house.people}
    for o in house.outside_people:
        found[o.id] = dict.fromkeys(o.child_of, "biological")
    for o in house.outside_people:
        for child in o.parent_of:
            found[child][o.id] = "biological"
    return found


def _household_rows(case: Case) -> Iterator[Row]:
    yield Row(case.house, "")


def _person_rows(case: Case) -> Iterator[Row]:
    for p in case.house.people:
        yield Row(p, f"people.{p.id}")


def _own(entity: str) -> Callable[[Case], Iterator[Row]]:
    """The rows of a list that each person, or the household, tells."""
    key = {"activity": "activities"}.get(entity, entity if entity == "income" else entity + "s")
    who = {"expense": "payer", "asset": "owner"}.get(entity)

    def rows(case: Case) -> Iterator[Row]:
        owners: Iterable[Any] = (case.house,) if who else case.house.people
        for i, owner in enumerate(owners):
            path = key if who else f"people.{owner.id}.{key}"
            for row in _listed(case, entity, getattr(owner, key), path):
                row.owner = i
                if who and row.told is not None:
                    row.link = case.index.get(getattr(row.told, who), -1)
                yield row

    return rows


def _listed(case: Case, entity: str, told: Any, path: str) -> Iterator[Row]:
    """The rows that a list tells and that count in the month; one more for those it does not tell."""
    for i, part in enumerate(rows_of(told)):
        presence, why = _presence(case, part, f"{path}.{i}")
        if presence is not None:
            yield Row(part, f"{path}.{i}", presence=presence, why=why)
    if isinstance(told, Partly):
        fact = case.catalogue.facts[entity, ENTITIES[entity].type_]
        yield Row(None, path, presence=MANY, why=frozenset((path,)), codes=frozenset(map(fact.encode, told.unknown)))
    elif not isinstance(told, tuple):
        yield Row(None, path, presence=MANY, why=frozenset((path,)))


def _presence(case: Case, row: Any, path: str) -> tuple[int | None, Why]:
    """Whether a row counts in the month (``None``: it does not), and the paths that this waits for."""
    if row.begins is None and row.ends is None and (not isinstance(row, Paid) or row.every in _REGULAR):
        return CERTAIN, NOTHING
    why = set()
    for key, told in (("from", row.begins), ("to", row.ends)):
        if told is not None:
            lo, hi = ends_of(told) or (datetime.date.min, datetime.date.max)
            if (lo > case.last) if key == "from" else (hi < case.first):
                return None, NOTHING
            if (hi > case.last) if key == "from" else (lo < case.first):
                why.add(f"{path}.{key}")
    if isinstance(row, Paid):
        once = row.every == "once"
        if not once and _may_be_once(row):
            lo, hi = ends_of(row.received_on) or (datetime.date.min, datetime.date.max)
            if not case.first <= lo <= hi <= case.last:
                why.add(f"{path}.every")
        elif once:
            lo, hi = ends_of(row.received_on) or (datetime.date.min, datetime.date.max)
            if hi < case.first or lo > case.last:
                return None, NOTHING
            if not case.first <= lo <= hi <= case.last:
                why.add(f"{path}.received_on")
    return (MAYBE if why else CERTAIN), frozenset(why)


_REGULAR = frozenset({"hour", "day", "week", "two_weeks", "half_month", "month", "quarter", "year"})


def _may_be_once(row: Paid) -> bool:
    """A bill without `every` (`{kind: electricity}`) is a standing one; income without it may have come once."""
    if row.every is None:
        return not isinstance(row, Expense)
    return "once" in row.every.any_of if isinstance(row.every, OneOf) else row.every in WORDS


#: Cash that is told as income, and is receipt of a program at the same time.
_CASH = ("ssi", "tanf", "general_assistance")


def _receipt_rows(case: Case) -> Iterator[Row]:
    """One row a person and program in payment or authorised: from income that is cash assistance, and from ``receives``."""
    programs = case.catalogue.facts["receipt", "program"].options
    cash = {case.catalogue.facts["income", "source"].options.index(c): programs.index(c) for c in _CASH}
    for row in case.rows["income"]:
        yield from _cash_receipts(case, row, cash)
    for row in _listed(case, "receipt", case.house.receives, "receives"):
        people = range(len(case.index)) if row.told is None else [case.index[name] for name in row.told.people]
        for i in people:
            yield Row(
                row.told, row.path, i, -1, row.presence, row.why, row.codes if row.told is None else _programs(case, row.told)
            )


#: Costs that are one person's own. What the home costs is nobody's own, unless a payer is told.
_PERSONAL = frozenset(
    {"alimony_paid", "child_support_paid", "student_loan_interest", "ira_contribution", "hsa_contribution", "health_insurance"}
)


def _bill_rows(case: Case) -> Iterator[Row]:
    """What each person pays. A personal cost of which no payer is told may be anybody's; of one person alone it is hers."""
    for row in case.rows["expense"]:
        if row.told is None or row.link >= 0 or len(case.index) == 1:
            for i in range(len(case.index)) if row.link < 0 else (row.link,):
                yield Row(row.told, row.path, i, -1, row.presence, row.why, row.codes)
        elif row.told.kind in _PERSONAL or row.told.kind in WORDS or isinstance(row.told.kind, OneOf):
            for i in case.index.values():
                yield Row(row.told, row.path, i, -1, MAYBE, row.why | {f"{row.path}.payer"}, row.codes)


def _holding_rows(case: Case) -> Iterator[Row]:
    """What each person owns; what nobody is told to own counts as everybody's, who has the use of it."""
    for row in case.rows["asset"]:
        for i in range(len(case.index)) if row.link < 0 else (row.link,):
            yield Row(row.told, row.path, i, -1, row.presence, row.why, row.codes)


def _programs(case: Case, row: Receives) -> frozenset[int]:
    fact = case.catalogue.facts["receipt", "program"]
    if isinstance(row.program, OneOf):
        return frozenset(map(fact.encode, row.program.any_of))
    return frozenset(range(len(fact.options)) if row.program in WORDS else (fact.encode(row.program),))


def programs_of(case: Case) -> tuple[str, ...]:
    """The programs that somebody may receive, in the catalogue's order."""
    return case.catalogue.facts["receipt", "program"].options


def _cash_receipts(case: Case, row: Row, cash: dict[int, int]) -> Iterator[Row]:
    """An income row that is, or may be, cash assistance → a receipt for each person that it covers."""
    fact = case.catalogue.facts["income", "source"]
    if row.told is not None:
        source_ = fact.read(row.told.source, f"{row.path}.source")
    else:
        source_ = fact.anything(row.why) if row.codes is None else fact.within(row.codes, row.why)
    sources = source_.options if isinstance(source_, AnyOf) else frozenset((int_of(source_),))
    codes = frozenset(cash[s] for s in sources if s in cash)
    if not codes:
        return
    sure = sources <= cash.keys()
    why = row.why if sure or row.told is None else row.why | {f"{row.path}.source"}
    presence = row.presence if sure or row.presence == MANY else MAYBE
    if row.told is None:
        people: Iterable[int] = range(len(case.index))
    else:
        people = [row.owner] if row.told.covers is None else [case.index[name] for name in row.told.covers]
    for i in people:
        yield Row(row.told, row.path, i, -1, presence, why, codes)
    shared = codes - {programs_of(case).index("ssi")}
    if row.told is not None and row.told.covers is None and shared:  # whom else a family's grant covers is not told
        for i in case.index.values():
            if i != row.owner:
                yield Row(row.told, row.path, i, -1, MAYBE, why | {f"{row.path}.covers"}, shared)


def _pair_rows(case: Case) -> Iterator[Row]:
    people = list(case.index.items())
    for a, i in people:
        for b, j in people:
            if i != j:
                yield Row((a, b), "", i, j)


def _tie_rows(case: Case) -> Iterator[Row]:
    for a, i in case.index.items():
        for j, outsider in enumerate(case.house.outside_people):
            yield Row((a, outsider.id), "", i, j)


#: Receipts look at the income rows before them, bills and holdings at the expenses and assets.
ROWS: dict[str, Callable[[Case], Iterator[Row]]] = {
    "household": _household_rows,
    "person": _person_rows,
    **{name: _own(name) for name in ("income", "medical_expense", "activity", "expense", "asset")},
    "receipt": _receipt_rows,
    "bill": _bill_rows,
    "holding": _holding_rows,
    "pair": _pair_rows,
    "tie": _tie_rows,
}
