"""coherence: what one leaf alone cannot show → every fault of a story as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from benefits_rules.errors import Problem
from benefits_rules.leaves import STATES, WORDS, Frozen, OneOf, Partly, ends_of, rows_of
from benefits_rules.shape import Income, Paid, Story, age_on, spouses

#: Income that has costs of its own: self-employment, rent and boarders (7 CFR 273.11(a), (b)).
WITH_COSTS = frozenset({"self_employment", "farm_self_employment", "boarder_payment", "rental"})


def faults(house: Story) -> Iterator[Problem]:
    """Every fault that only the whole shows."""
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


def _ids(house: Story) -> Iterator[Problem]:
    seen: set[str] = set()
    everybody = [(f"people.{i}.id", p.id) for i, p in enumerate(house.people)]
    everybody += [(f"outside_people.{i}.id", p.id) for i, p in enumerate(house.outside_people)]
    for path, name in everybody:
        if name in seen:
            yield Problem(path, "this id stands for somebody else already", "give each person an id of their own")
        seen.add(name)


def _references(house: Story) -> Iterator[Problem]:
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


def _families(house: Story) -> Iterator[Problem]:
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


def _returns(house: Story) -> Iterator[Problem]:
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


def _food(house: Story) -> Iterator[Problem]:
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


def _people(house: Story) -> Iterator[Problem]:
    day = house.first_month
    for p in house.people:
        age, birth = ends_of(p.age), ends_of(p.birth_date)
        if age and birth and not (age[0] <= age_on(birth[0], day) and age_on(birth[1], day) <= age[1]):
            yield Problem(f"people.{p.id}.age", "age and birth_date say different things", "keep birth_date alone")
        babies = ends_of(p.expected_children)
        if p.pregnant is False and babies and babies[0] > 0:
            yield Problem(f"people.{p.id}.expected_children", "babies are expected, yet pregnant is false", "mend one of the two")


def _rows(house: Story) -> Iterator[tuple[str, Any]]:
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


def _county(house: Story) -> Iterator[Problem]:
    told = house.county.any_of if isinstance(house.county, OneOf) else () if house.county is None else (house.county,)
    if any(c not in WORDS and int(c[:2]) != STATES[house.state] for c in told):
        yield Problem("county", "the county is not in the state", "mend state or county")


def _evidence(house: Story) -> Iterator[Problem]:
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
