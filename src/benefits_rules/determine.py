"""determine: a reading → determinations, one for each unit (or person) that the program's result is of.

Eligible where every test that the page requires is met; ineligible where one certainly fails; otherwise
undetermined, and ``needs`` names the paths to tell. A usual value never decides that somebody is ineligible:
such a result is read again with the usual facts open, and stays ineligible only if no value of them mattered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from benefits_rules import exact
from benefits_rules.facts import Assumption, Facts, project
from benefits_rules.frame import Frame, Unsettled
from benefits_rules.model import Household
from benefits_rules.plan import Caution, Lookup, Node, Plan, Ref, walk
from benefits_rules.resolve import Rules
from benefits_rules.syntax import Name
from benefits_rules.units import FAIL
from benefits_rules.values import AnyOf, Bound, Value, Why

NOTHING: Why = frozenset()
Status = Literal["eligible", "ineligible", "undetermined", "not_available"]
OUTCOMES = ("pass", "fail", "not_applicable")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one unit: every node's value there, for the explanation to be read off."""

    plan: Plan = field(repr=False)
    facts: Facts = field(repr=False)
    frame: Frame = field(repr=False)
    values: dict[str, list[Value]] = field(repr=False)
    row: int

    def value(self, name: str) -> Value:
        """A value of the unit, or of the household that it is in."""
        entity = self.plan.node(name).entity
        return self.values[name][self.row if entity == self.plan.base.result.of else 0]  # type: ignore[union-attr]

    def members(self) -> list[int]:
        """The people of the unit, by index."""
        result = self.plan.base.result
        assert result is not None
        return self.frame.below("person", "unit")[self.row] if result.of == "unit" else [self.row]


@dataclass(frozen=True, slots=True)
class Determination:
    """One program's answer for one unit in one month. ``to_dict`` gives the contract's shape."""

    program: str
    month: date
    people: tuple[str, ...]
    status: Status
    needs: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    cautions: tuple[Caution, ...] = ()
    reading: Reading | None = field(default=None, repr=False)
    scenario: str = "as_told"

    @property
    def amount(self) -> Value | None:
        """The benefit a month, micro-dollars, or its bounds; None unless eligible or undetermined."""
        if self.reading is None or self.status not in ("eligible", "undetermined"):
            return None
        result = self.reading.plan.base.result
        assert result is not None
        return self.reading.value(result.amount.text) if result.amount is not None else None

    def to_dict(self) -> dict[str, Any]:
        """The shape of the contract: plain data, money as decimal strings."""
        from benefits_rules.explain import determination_dict

        return determination_dict(self)


def determine(rules: Rules, household: Household, program: str, month: date) -> Iterator[Determination]:
    """The program's determinations for one month. Raises :class:`RuleError` for faulty pages."""
    everybody = tuple(p.id for p in household.people)
    if not rules.available(program, household.state, month):
        yield Determination(program, month, everybody, "not_available")
        return
    plan = rules.plan(program, household.state, month)
    facts = project(household, month, rules.catalogue, wanted=plan.wanted)
    try:
        readings = list(_read(plan, facts))
    except Unsettled as unsettled:
        yield Determination(program, month, everybody, "undetermined", tuple(sorted(unsettled.why)))
        return
    for reading in readings:
        status, why = _status(reading)
        assumptions = _assumed(reading)
        if status == "ineligible" and assumptions:
            status, why = _without_usual(reading, household, rules)
        people = tuple(everybody[i] for i in reading.members())
        needs = why if status == "undetermined" else _why(_amount(reading)) if status == "eligible" else NOTHING
        yield Determination(program, month, people, status, tuple(sorted(needs)), assumptions, _cautions(reading), reading)


def _read(plan: Plan, facts: Facts) -> Iterator[Reading]:
    frame, values = exact.evaluate(plan, facts)
    result = plan.base.result
    assert result is not None
    for row in range(frame.size[result.of]):
        yield Reading(plan, facts, frame, values, row)


def _without_usual(reading: Reading, household: Household, rules: Rules) -> tuple[Status, Why]:
    """An ineligible unit read again with its usual facts open: ineligible only if that is still certain.

    What is then needed are the facts that could change the answer one by one; all of them where only together.
    """
    facts = project(household, reading.plan.month, rules.catalogue, usual_values=False, wanted=reading.plan.wanted)
    status, why = _again(reading, facts)
    if status == "ineligible":
        return status, why
    alone = frozenset(path for path in why if _again(reading, _only_open(reading.facts, facts, path))[0] != "ineligible")
    return "undetermined", alone or why


def _again(reading: Reading, facts: Facts) -> tuple[Status, Why]:
    try:
        return _status(next(r for r in _read(reading.plan, facts) if r.members() == reading.members()))
    except Unsettled as unsettled:
        return "undetermined", unsettled.why


def _only_open(closed: Facts, opened: Facts, path: str) -> Facts:
    """The facts with usual values, but for the one cell that waits for ``path``."""
    people, other = closed.rows["person"], opened.rows["person"]
    columns = {
        name: [new if isinstance(new, Bound) and path in new.why else old for old, new in zip(column, other.columns[name], strict=True)]
        for name, column in people.columns.items()
    }
    return replace(closed, rows={**closed.rows, "person": replace(people, columns=columns)})


def _status(reading: Reading) -> tuple[Status, Why]:
    """What the tests together say, and what is waited for where they do not."""
    result = reading.plan.base.result
    assert result is not None
    covered, why = _met(reading, result.covers)
    if covered is False:
        return "not_available", NOTHING
    met, more = _met(reading, result.requires)
    if met is False and covered is True:
        return "ineligible", NOTHING
    return ("eligible", NOTHING) if met is True and covered is True else ("undetermined", why | more)


def _met(reading: Reading, tests: tuple[Name, ...]) -> tuple[bool | None, Why]:
    """Whether no test fails; None where that is not certain."""
    outcomes = [reading.value(name.text) for name in tests]
    if FAIL in [x for x in outcomes if isinstance(x, int)]:
        return False, NOTHING
    why = NOTHING.union(*(_why(x) for x in outcomes if isinstance(x, AnyOf) and FAIL in x.options))
    return (None if why else True), why


def _why(value: Value | None) -> Why:
    return NOTHING if value is None or isinstance(value, (int, bool)) else value.why


def _amount(reading: Reading) -> Value | None:
    result = reading.plan.base.result
    assert result is not None
    return reading.value(result.amount.text) if result.amount is not None else None


def _assumed(reading: Reading) -> tuple[Assumption, ...]:
    """The usual values that stood in for facts that the plan reads, of the unit's people."""
    read = {name for entity, name in reading.plan.facts if entity == "person"}
    members = {reading.facts.people[i] for i in reading.members()}
    found = []
    for assumed in reading.facts.assumptions:
        people = tuple(p for p in assumed.people if p in members)
        if assumed.fact in read and people:
            found.append(Assumption(assumed.fact, people, assumed.value))
    return tuple(found)


def _cautions(reading: Reading) -> tuple[Caution, ...]:
    """The plan's cautions whose figure had a part: somewhere it is read, the value is not nothing."""
    return tuple(c for c in reading.plan.cautions if any(_had_part(reading, node) for node in _readers(reading.plan.nodes, c.definition)))


def _readers(nodes: Iterable[Node], definition: str) -> Iterator[Node]:
    for node in nodes:
        for part in walk(node.expr):
            if (isinstance(part, Lookup) and part.table == definition) or (isinstance(part, Ref) and part.name == definition):
                yield node
                break


def _had_part(reading: Reading, node: Node) -> bool:
    return any(value != 0 if isinstance(value, int) else True for value in reading.values[node.name])


