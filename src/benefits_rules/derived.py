"""derived: what follows from several things told, one small function a fact."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from benefits_rules.factdef import FactDef, int_of
from benefits_rules.leaves import WORDS, ends_of
from benefits_rules.rows import Case, Row
from benefits_rules.shape import age_on
from benefits_rules.values import Interval, Maybe, Value, Why

TAX_RETURNS: Why = frozenset(("tax_returns",))
FOOD_GROUPS: Why = frozenset(("food_groups",))
_KIN = frozenset({"biological", "adoptive", "step"})

Pairs = list[tuple[str, str]]


def _age(case: Case, fact: FactDef, row: Row) -> Value:
    """Completed years on the first of the month. An age told for another month may have risen since."""
    p = row.told
    birth, age = ends_of(p.birth_date), ends_of(p.age)
    if birth:
        lo, hi = age_on(birth[1], case.first), age_on(birth[0], case.first)
        return lo if lo == hi else Interval(lo, min(hi, fact.hi), frozenset((f"{row.path}.birth_date",)))
    if not age:
        return fact.anything(frozenset((f"{row.path}.age",)))
    first = case.house.first_month
    months = (case.first.year - first.year) * 12 + case.first.month - first.month
    lo, hi = age[0] + months // 12, age[1] - (-months // 12)
    told = "age" if months == 0 else "birth_date"  # a birth date would settle it for every month
    return lo if lo == hi else Interval(max(lo, fact.lo), min(hi, fact.hi), frozenset((f"{row.path}.{told}",)))


def _applies(case: Case, fact: FactDef, row: Row) -> Value:
    programs = row.told.applying_for if row.told.applying_for is not None else case.house.choices.apply_for
    return programs is None or fact.name.removeprefix("applies_") in programs


def _citizenship_status(case: Case, fact: FactDef, row: Row) -> Value:
    """Who does not apply is never asked (7 CFR 273.4(b), 42 CFR 435.907(e)), and is then a member without a known status."""
    told, programs = row.told.citizenship.status, row.told.applying_for
    programs = programs if programs is not None else case.house.choices.apply_for
    if (told is None or told in WORDS) and programs is not None and (not programs or case.program not in (None, *programs)):
        return fact.options.index("undisclosed")
    return fact.read(told, f"{row.path}.citizenship.status")


def _in_child_care(case: Case, _fact: FactDef, row: Row) -> Value:
    """Care that nobody mentions is not so from 19 on: child care ends there at the latest (45 CFR 98.20(a)(1))."""
    hours = row.told.child_care.hours_per_week
    ends = ends_of(hours)
    if ends:
        return ends[0] > 0 if ends[0] > 0 or ends[1] == 0 else Maybe(frozenset((f"{row.path}.child_care.hours_per_week",)))
    age = _age(case, case.catalogue.facts["person", "age"], row)
    youngest = age.lo if isinstance(age, Interval) else int_of(age)
    nothing = hours is None and row.told.child_care.family_pays.amount is None and row.told.child_care.charge.amount is None
    return False if nothing and youngest >= 19 else Maybe(frozenset((f"{row.path}.child_care.hours_per_week",)))


def _files_taxes(case: Case, _fact: FactDef, row: Row) -> Value:
    returns = case.house.tax_returns
    return any(row.told.id in r.filers for r in returns) if isinstance(returns, tuple) else Maybe(TAX_RETURNS)


def _claimed(case: Case, _fact: FactDef, row: Row) -> Value:
    return Maybe(TAX_RETURNS) if case.claims is None else any(b == row.told.id for _, b in case.claims)


def _claimed_by_outsider(case: Case, _fact: FactDef, row: Row) -> Value:
    return Maybe(TAX_RETURNS) if case.claims is None else any(b == row.told.id and a not in case.index for a, b in case.claims)


def _in_month(_case: Case, _fact: FactDef, _row: Row) -> Value:
    return True  # :mod:`benefits_rules.rows` has left out what does not count


def _part_month(case: Case, _fact: FactDef, row: Row) -> Value:
    """Whether regular income begins or ends within the month: then what comes in it counts (7 CFR 273.10(c)(1)(i))."""
    if row.told.every == "once":
        return False
    begins, ends = ends_of(row.told.begins), ends_of(row.told.ends)
    waits, sure = set(), False
    for key, told, days in (("from", row.told.begins, begins), ("to", row.told.ends, ends)):
        if told is None:
            continue
        low, high = days or (datetime.date.min, datetime.date.max)
        if key == "from":  # begins on the first or before: the whole month
            sure, may = sure or low > case.first, high > case.first
        else:
            sure, may = sure or high < case.last, low < case.last
        if may:
            waits.add(f"{row.path}.{key}")
    return True if sure else Maybe(frozenset(waits)) if waits else False


def _names_payer(_case: Case, _fact: FactDef, row: Row) -> Value:
    return row.told.payer is not None  # of rows that are told; of the others it is not known


def _program(_case: Case, fact: FactDef, row: Row) -> Value:
    return fact.anything(row.why)  # every receipt that is told has codes


def _spouse(case: Case, pairs: Pairs) -> list[Value]:
    return [b in case.married[a] for a, b in pairs]


def _parent(case: Case, pairs: Pairs) -> list[Value]:
    return [case.parents[b].get(a) in _KIN for a, b in pairs]


def _child(case: Case, pairs: Pairs) -> list[Value]:
    return [case.parents[a].get(b) in _KIN for a, b in pairs]


def _foster_parent(case: Case, pairs: Pairs) -> list[Value]:
    return [case.parents[b].get(a) == "foster" for a, b in pairs]


def _guardian(case: Case, pairs: Pairs) -> list[Value]:
    return [case.parents[b].get(a) == "guardian" for a, b in pairs]


def _sibling(case: Case, pairs: Pairs) -> list[Value]:
    kin = {child: {p for p, kind in parents.items() if kind in _KIN} for child, parents in case.parents.items()}
    return [not kin[a].isdisjoint(kin[b]) for a, b in pairs]


def _buys_food_with(case: Case, pairs: Pairs) -> list[Value]:
    eats = case.eats
    return [Maybe(FOOD_GROUPS)] * len(pairs) if eats is None else [eats[a] == eats[b] for a, b in pairs]


def _files_jointly(case: Case, pairs: Pairs) -> list[Value]:
    return _on_a_return(case.joint, pairs)


def _claims(case: Case, pairs: Pairs) -> list[Value]:
    return _on_a_return(case.claims, pairs)


def _claimed_by(case: Case, pairs: Pairs) -> list[Value]:
    return _on_a_return(case.claims, [(b, a) for a, b in pairs])


def _claimed_with(case: Case, pairs: Pairs) -> list[Value]:
    """Two dependents of one return (42 CFR 435.603(f)(2): the household of the taxpayer has them both)."""
    if case.claims is None:
        return [Maybe(TAX_RETURNS)] * len(pairs)
    by: dict[str, set[str]] = {}
    for filer, dependent in case.claims:
        by.setdefault(dependent, set()).add(filer)
    return [not by.get(a, set()).isdisjoint(by.get(b, ())) for a, b in pairs]


def _claimant_spouse(case: Case, pairs: Pairs) -> list[Value]:
    """Whether a spouse of ``b`` claims ``a``; only one in the home, who lives together with ``b`` (42 CFR 435.603(f)(4))."""
    here = [[(c, a) for c in case.married[b] if c in case.index and c != a] for a, b in pairs]
    if case.claims is None:
        return [Maybe(TAX_RETURNS) if claims else False for claims in here]
    return [not case.claims.isdisjoint(claims) for claims in here]


def _on_a_return(told: set[tuple[str, str]] | None, pairs: Pairs) -> list[Value]:
    return [Maybe(TAX_RETURNS)] * len(pairs) if told is None else [pair in told for pair in pairs]


def _tie_age(case: Case, pairs: Pairs) -> list[Value]:
    fact = case.catalogue.facts["tie", "age"]
    ages = {o.id: fact.read(o.age, f"outside_people.{i}.age") for i, o in enumerate(case.house.outside_people)}
    return [ages[b] for _, b in pairs]


#: (entity, fact) → what gives its value in one row.
CELLS: dict[tuple[str, str], Callable[[Case, FactDef, Row], Value]] = {
    ("person", "age"): _age,
    **{("person", f"applies_{p}"): _applies for p in ("snap", "tanf", "medicaid", "chip", "child_care")},
    ("person", "citizenship_status"): _citizenship_status,
    ("person", "in_child_care"): _in_child_care,
    ("person", "files_taxes"): _files_taxes,
    ("person", "claimed_as_dependent"): _claimed,
    ("person", "claimed_by_outsider"): _claimed_by_outsider,
    ("income", "in_month"): _in_month,
    ("income", "part_month"): _part_month,
    ("receipt", "program"): _program,
    ("expense", "names_payer"): _names_payer,
}
#: (entity, fact) → what gives its values in all rows, each a person and another in the home (pair) or elsewhere (tie).
RELATIONS: dict[tuple[str, str], Callable[[Case, Pairs], list[Value]]] = {
    ("pair", "spouse"): _spouse,
    ("pair", "parent"): _parent,
    ("pair", "child"): _child,
    ("pair", "foster_parent"): _foster_parent,
    ("pair", "guardian"): _guardian,
    ("pair", "sibling"): _sibling,
    ("pair", "buys_food_with"): _buys_food_with,
    ("pair", "files_jointly"): _files_jointly,
    ("pair", "claims"): _claims,
    ("pair", "claimed_by"): _claimed_by,
    ("pair", "claimed_with"): _claimed_with,
    ("pair", "claimant_spouse"): _claimant_spouse,
    ("tie", "parent"): _child,
    ("tie", "child"): _parent,
    ("tie", "spouse"): _spouse,
    ("tie", "claims"): _claims,
    ("tie", "claimed_by"): _claimed_by,
    ("tie", "claimed_with"): _claimed_with,
    ("tie", "files_jointly"): _files_jointly,
    ("tie", "age"): _tie_age,
}
DERIVED = frozenset(CELLS) | frozenset(RELATIONS)
