"""judge: a plan and the facts → readings, one for each unit that the result is of, and what its tests say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from benefits_rules import exact
from benefits_rules.again import evaluate_again
from benefits_rules.facts import Catalogue, Facts
from benefits_rules.frame import Frame, Unsettled
from benefits_rules.plan import Plan
from benefits_rules.syntax import Name
from benefits_rules.units import FAIL
from benefits_rules.values import AnyOf, Value, Why

NOTHING: Why = frozenset()
#: Nodes of people that a case supposes, row by row; None is computed.
Given = Mapping[str, list[Value | None]]
NOTHING_GIVEN: Given = {}
Status = Literal["eligible", "ineligible", "spend_down", "waitlisted", "zero_benefit", "undetermined", "not_available"]
#: Answers that are a no, for now or altogether.
NOES: frozenset[Status] = frozenset(("ineligible", "spend_down", "waitlisted", "zero_benefit"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one unit: every node's value there, for the explanation to be read off."""

    plan: Plan = field(repr=False)
    facts: Facts = field(repr=False)
    frame: Frame = field(repr=False)
    values: dict[str, list[Value]] = field(repr=False)
    row: int
    catalogue: Catalogue = field(repr=False)

    def value(self, name: str) -> Value:
        """A value of the unit, or of the household that it is in."""
        entity = self.plan.node(name).entity
        return self.values[name][self.row if entity == self.plan.result.of else 0]  # type: ignore[union-attr]

    def members(self) -> list[int]:
        """The people of the unit, by index."""
        result = self.plan.result
        assert result is not None
        return self.frame.below("person", "unit")[self.row] if result.of == "unit" else [self.row]


def read(plan: Plan, facts: Facts, catalogue: Catalogue) -> Iterator[Reading]:
    """The plan read of each unit, or of each person who asks for it."""
    return _each(plan, facts, catalogue, *exact.evaluate(plan, facts))


def _each(plan: Plan, facts: Facts, catalogue: Catalogue, frame: Frame, values: dict[str, list[Value]]) -> Iterator[Reading]:
    result = plan.result
    assert result is not None
    for row in range(frame.size[result.of]):
        if result.wanted_by is None or values[result.wanted_by.text][row] is not False:
            yield Reading(plan, facts, frame, values, row, catalogue)


def read_again(reading: Reading, facts: Facts, given: Given = NOTHING_GIVEN) -> tuple[Status, Why, Reading | None]:
    """The same unit read on other facts, with some nodes of people given outright (those of the reading among them)."""
    try:
        found = evaluate_again(reading.plan, facts, (reading.facts, reading.frame, reading.values), given)
    except Unsettled as unsettled:
        return "undetermined", unsettled.why, None
    again = [r for r in _each(reading.plan, facts, reading.catalogue, *found) if r.members() == reading.members()]
    if not again:  # with this value the unit is another one
        why = frozenset().union(*(why_of(v) for column in facts.rows["person"].columns.values() for v in column))
        return "undetermined", why, None
    return *status_of(again[0], suppose_covered=True), again[0]


def status_of(reading: Reading, suppose_covered: bool = False) -> tuple[Status, Why]:
    """What the tests together say, and what is waited for where they do not."""
    result = reading.plan.result
    assert result is not None
    covered, why = _met(reading, result.covers)
    if covered is False:
        return "not_available", NOTHING
    if suppose_covered:
        covered, why = True, NOTHING
    met, more = _met(reading, result.requires)
    if met is False and covered is True:
        return _no(reading)
    return ("eligible", NOTHING) if met is True and covered is True else ("undetermined", why | more)


def _no(reading: Reading) -> tuple[Status, Why]:
    """Which kind of no it is."""
    result = reading.plan.result
    assert result is not None
    for status, name in result.instead:
        so = reading.value(name.text)
        if so is not False:
            return (cast(Status, status), NOTHING) if so is True else ("undetermined", why_of(so))
    return "ineligible", NOTHING


def _met(reading: Reading, tests: tuple[Name, ...]) -> tuple[bool | None, Why]:
    """Whether no test fails; None where that is not certain."""
    outcomes = [reading.value(name.text) for name in tests]
    if FAIL in [x for x in outcomes if isinstance(x, int)]:
        return False, NOTHING
    why = NOTHING.union(*(why_of(x) for x in outcomes if isinstance(x, AnyOf) and FAIL in x.options))
    return (None if why else True), why


def why_of(value: Value | None) -> Why:
    """The paths that a value waits for."""
    return NOTHING if value is None or isinstance(value, (int, bool)) else value.why


def amount_of(reading: Reading) -> Value | None:
    """What the benefit comes to in the unit, or its bounds; None where the program's result has no amount."""
    result = reading.plan.result
    assert result is not None
    return reading.value(result.amount.text) if result.amount is not None else None


def kind_of(reading: Reading) -> Why:
    """What it still hangs on which kind of benefit it is: the category, what is covered, who pays."""
    result = reading.plan.result
    assert result is not None
    kinds = (result.category, result.coverage, result.funding)
    return NOTHING.union(*(why_of(reading.value(name.text)) for name in kinds if name is not None))
