"""cases: whether open facts only blur a result that is the same whatever they are.

The bounds reading takes each open fact by itself, so that two facts which never meet may look as if they did. Then cases are told
apart, within a budget, until each is certain: a no that holds in every case is a no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import cast

from benefits_rules.bounds import options
from benefits_rules.factdef import Catalogue, int_of
from benefits_rules.facts import CERTAIN, Facts, Rows
from benefits_rules.frame import Unsettled
from benefits_rules.judge import NOES, NOTHING, NOTHING_GIVEN, Given, Reading, Status, read, read_again, status_of
from benefits_rules.plan import Plan
from benefits_rules.units import YES_NO
from benefits_rules.values import AnyOf, Bound, Interval, Known, Maybe, Value, Why

#: How many cases of a unit are told apart, at most, in one attempt.
CASES = 40


class Blur:
    """The results of one plan where some facts are open, and whether these only blur a no that is certain.

    What the plainest way in which all that is open may turn out says is read once for all results.
    """

    def __init__(self, plan: Plan, facts: Facts, catalogue: Catalogue) -> None:
        self.plan, self.facts, self.catalogue = plan, facts, catalogue

    @cached_property
    def plain(self) -> dict[tuple[int, ...], Status]:
        return self._statuses(plainest(self.facts, self.catalogue))

    @cached_property
    def usual(self) -> dict[tuple[int, ...], Status]:
        return self._statuses(_as_usual(self.facts, self.catalogue))

    def _statuses(self, facts: Facts) -> dict[tuple[int, ...], Status]:
        try:
            return {tuple(r.members()): status_of(r, suppose_covered=True)[0] for r in read(self.plan, facts, self.catalogue)}
        except Unsettled:
            return {}

    def no(self, reading: Reading) -> Status | None:
        """The no that open facts only blur, if there is one: barred or not, say, this income is too high.

        Cases are told apart only where the plainest way gives a no as well. Of a result for one person it must also be this no
        once all is as usual that usually is: else what must be told is still open, and cases would cost much and settle nothing.
        (A unit has fewer results, whose facts hang together more: there cases are told apart in any event.)
        """
        who, result = tuple(reading.members()), self.plan.result
        no = self.plain.get(who)
        if no not in NOES or (result is not None and result.of == "person" and self.usual.get(who) != no):
            return None
        if any(no_in_every_case(no, reading, self.facts, [CASES], meeting=meeting) for meeting in (False, True)):
            return no
        return None


def no_in_every_case(
    no: Status, reading: Reading, facts: Facts, budget: list[int], given: Given = NOTHING_GIVEN, meeting: bool = True
) -> bool:
    """Whether the answer is this no whatever the open facts are: cases are told apart until each is closed.

    What several open facts of a person come to (is she barred?) is told apart first, then the facts one after the other; where
    not ``meeting``, the facts alone: that is quicker where each of them decides.
    """
    budget[0] -= 1
    status, why, again = read_again(reading, facts, given)
    if status != "undetermined" or budget[0] <= 0:
        return status in (no, "not_available")
    found = crossroads(again, given) if again is not None and meeting else None
    if found is not None:
        name, row = found
        column = given.get(name) or [None] * len(facts.people)
        cases = ([value if i == row else old for i, old in enumerate(column)] for value in (True, False))
        return all(no_in_every_case(no, again or reading, facts, budget, {**given, name: case}) for case in cases)
    return again is not None and _by_facts(no, again, facts, why, budget, given)


def _by_facts(no: Status, reading: Reading, facts: Facts, why: Why, budget: list[int], given: Given) -> bool:
    """One fact told apart, the first that decides one of its cases at once; then the case that it does not."""
    for name, row, value in _splits(reading, facts, why):
        undecided: list[tuple[Reading, Facts, Why]] = []
        cases = list(_halves(reading.catalogue, facts, name, row, value))
        for case in cases:
            budget[0] -= 1
            status, waits, again = read_again(reading, case, given)
            if status not in (no, "not_available", "undetermined") or budget[0] <= 0:
                return False
            if status == "undetermined":
                undecided.append((again or reading, case, waits))
        if len(undecided) < len(cases):
            return all(_by_facts(no, again, case, waits, budget, given) for again, case, waits in undecided)
    return False


def _splits(reading: Reading, facts: Facts, why: Why) -> Iterator[tuple[str, int, Maybe | AnyOf]]:
    """The open cells of people that one fact decides and the result waits for; what hangs on another fact comes after it."""
    people = facts.rows["person"].columns
    found = [
        (name, i, value)
        for name, cells in people.items()
        for i in _by_id(facts, range(len(cells)))
        if isinstance(value := cells[i], (Maybe, AnyOf)) and len(value.why) == 1 and value.why <= why
    ]
    free = [cell for cell in found if reading.catalogue.facts["person", cell[0]].gate is None]
    yield from free or found


def _halves(catalogue: Catalogue, facts: Facts, name: str, row: int, value: Maybe | AnyOf) -> Iterator[Facts]:
    """The facts with one open cell as it usually is, and with it as anything else, which is often decided at once."""
    fact = catalogue.facts["person", name]
    every = sorted(options(value), reverse=True)
    first = int_of(fact.usual) if fact.usual in every else every[0]
    others = [o for o in every if o != first]
    yield _settled(catalogue, facts, name, row, first)
    if len(others) == 1:
        yield _settled(catalogue, facts, name, row, others[0])
    else:
        yield _with(facts, name, row, fact.within(others, value.why))


def crossroads(reading: Reading, given: Given) -> tuple[str, int] | None:
    """The yes/no of a person in which most open facts meet, and whose; ``None`` where all are certain."""
    best, most = None, 0
    for node in reading.plan.nodes:
        if node.entity != "person" or node.type != YES_NO or node.definition is None or node.definition.kind != "value":
            continue
        for i in _by_id(reading.facts, _near(reading)):
            value = reading.values[node.name][i]
            if isinstance(value, Maybe) and len(value.why) > most and (given.get(node.name) or [None] * (i + 1))[i] is None:
                best, most = (node.name, i), len(value.why)
    return best


def _by_id(facts: Facts, rows: Iterable[int]) -> list[int]:
    """People in an order that does not hang on who was told first, so that a budget ends at the same case."""
    return sorted(rows, key=lambda i: facts.people[i])


def _near(reading: Reading) -> Iterable[int]:
    """The people whose facts may meet in a result: those of the unit; of a result for one person, everybody."""
    result = reading.plan.result
    return reading.members() if result is not None and result.of == "unit" else range(len(reading.facts.people))


def _settled(catalogue: Catalogue, facts: Facts, name: str, row: int, option: int) -> Facts:
    """The facts with one open cell of one person settled, and with it whether what hangs on it has a meaning."""
    [path] = cast(Bound, facts.rows["person"].columns[name][row]).why
    found = _with(facts, name, row, option)
    for fact in catalogue.by_entity["person"]:
        if fact.gate is None or fact.gate.fact != name or fact.name not in found.rows["person"].columns:
            continue
        held = found.rows["person"].columns[fact.name][row]
        if fact.gate.open(option) is False:
            assert fact.otherwise is not None
            found = _with(found, fact.name, row, fact.otherwise)
        elif isinstance(held, Bound) and path in held.why:
            waits = held.why - {path}
            told = replace(held, why=waits) if waits else told_beside(held, fact.otherwise)
            found = _with(found, fact.name, row, told)
    return found


def told_beside(held: Bound, otherwise: Known | None) -> Known:
    """What was told exactly, where only the gate was open: the one of the two values that does not stand for a closed gate."""
    match held:
        case Interval(lo, hi):
            return lo if lo != otherwise else hi
        case AnyOf(options):
            [told] = {o for o in options if o != otherwise}
            return told
        case _:
            return not otherwise


def _with(facts: Facts, name: str, row: int, value: Value) -> Facts:
    """The facts with one cell of one person in place of another."""
    people = facts.rows["person"]
    column = [value if i == row else old for i, old in enumerate(people.columns[name])]
    return replace(facts, rows={**facts.rows, "person": replace(people, columns={**people.columns, name: column})})


def only_open(closed: Facts, opened: Facts, path: str) -> Facts | None:
    """The facts with usual values, but for the one cell that waits for ``path`` alone; ``None`` where there is none."""
    for name, column in opened.rows["person"].columns.items():
        for i, value in enumerate(column):
            if isinstance(value, Bound) and value.why == {path}:
                return _with(closed, name, i, value)
    return None


def plainest(facts: Facts, catalogue: Catalogue) -> Facts:
    """One way in which all that is open may turn out: as usual, nothing more of anything, the first of the options."""
    tables = {}
    for entity, rows in facts.rows.items():
        kept = [i for i, presence in enumerate(rows.presence) if presence == CERTAIN]
        usual = {f.name: f.usual for f in catalogue.by_entity[entity]}
        columns = {name: [_plain(cells[i], usual[name]) for i in kept] for name, cells in rows.columns.items()}
        tables[entity] = Rows(
            tuple(rows.owner[i] for i in kept),
            tuple(rows.link[i] for i in kept),
            (CERTAIN,) * len(kept),
            (NOTHING,) * len(kept),
            columns,
        )
    return replace(facts, rows=tables)


def _as_usual(facts: Facts, catalogue: Catalogue) -> Facts:
    """The facts with each open one that has a usual value at that, and all others as they are."""
    people = facts.rows["person"]
    usual = {f.name: f.usual for f in catalogue.by_entity["person"] if f.usual is not None}
    columns = {
        name: [_plain(v, usual[name]) for v in cells] if name in usual else cells for name, cells in people.columns.items()
    }
    return replace(facts, rows={**facts.rows, "person": replace(people, columns=columns)})


def _plain(value: Value, usual: int | None) -> Value:
    match value:
        case Interval(lo, _):
            return lo
        case AnyOf(options):
            return usual if usual in options else min(options)
        case Maybe():
            return bool(usual)
        case _:
            return value
