"""determine: a reading → determinations, one for each unit (or person) that the program's result is of.

Eligible where every test that the page requires is met; ineligible where one certainly fails; otherwise
undetermined, and ``needs`` names the paths to tell. A usual value never decides that somebody is ineligible:
such a result is read again with the usual facts open, and stays ineligible only if no value of them mattered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, cast

from benefits_rules import bounds, exact
from benefits_rules.bounds import options
from benefits_rules.factdef import int_of
from benefits_rules.facts import Assumption, Catalogue, Facts, project
from benefits_rules.frame import Frame, Unsettled
from benefits_rules.model import Household
from benefits_rules.plan import Caution, Lookup, Node, Plan, Ref, walk
from benefits_rules.resolve import Rules
from benefits_rules.syntax import Name
from benefits_rules.units import FAIL, YES_NO
from benefits_rules.values import AnyOf, Bound, Maybe, Value, Why

NOTHING: Why = frozenset()
#: Nodes of people that a case supposes, row by row; None is computed.
Given = Mapping[str, list[Value | None]]
NOTHING_GIVEN: Given = {}
#: How many cases of a household are told apart, at most, to settle whether a usual value decides.
CASES = 400
Status = Literal["eligible", "ineligible", "undetermined", "not_available"]


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
    #: Where it was determined from: for the words of notices and questions.
    rules: Rules | None = field(default=None, repr=False, compare=False)

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
        from benefits_rules.notices import drafts

        data = determination_dict(self)
        return {**data, "notices": drafts(self, data)}

    def to_text(self, lang: str = "en") -> str:
        """Plain text in ``en`` or ``es``; :class:`RequestError` for any other language, here and below."""
        from benefits_rules import render

        return render.as_text([render.page(self, lang)])

    def to_markdown(self, lang: str = "en") -> str:
        """Markdown (CommonMark with tables)."""
        from benefits_rules import render

        return render.as_markdown([render.page(self, lang)])

    def to_html(self, lang: str = "en") -> str:
        """A whole page of the web in one file, without script."""
        from benefits_rules import render

        return render.document([render.page(self, lang)])

    def _repr_html_(self) -> str:
        from benefits_rules import render

        return render.fragment([render.page(self, "en")])


def determine(rules: Rules, household: Household, program: str, month: date) -> Iterator[Determination]:
    """The program's determinations for one month. Raises :class:`RuleError` for faulty pages."""
    everybody = tuple(p.id for p in household.people)
    if not rules.available(program, household.state, month):
        yield Determination(program, month, everybody, "not_available")
        return
    plan = rules.plan(program, household.state, month)
    facts = project(household, month, rules.catalogue, wanted=plan.wanted, program=program)
    try:
        readings = list(read(plan, facts, rules.catalogue))
    except Unsettled as unsettled:
        yield Determination(program, month, everybody, "undetermined", tuple(sorted(unsettled.why)))
        return
    budget = [CASES]
    for reading in readings:
        status, why = status_of(reading)
        assumptions = _assumed(reading)
        if status == "ineligible" and assumptions:
            status, why = _without_usual(reading, household, rules, budget)
        people = tuple(everybody[i] for i in reading.members())
        needs = why if status == "undetermined" else _why(_amount(reading)) if status == "eligible" else NOTHING
        yield Determination(program, month, people, status, tuple(sorted(needs)), assumptions, _cautions(reading), reading)


def read(plan: Plan, facts: Facts, catalogue: Catalogue, given: Given = NOTHING_GIVEN) -> Iterator[Reading]:
    frame, values = bounds.evaluate(plan, facts, given) if given else exact.evaluate(plan, facts)
    result = plan.base.result
    assert result is not None
    for row in range(frame.size[result.of]):
        yield Reading(plan, facts, frame, values, row, catalogue)


def _without_usual(reading: Reading, household: Household, rules: Rules, budget: list[int]) -> tuple[Status, Why]:
    """An ineligible unit read again with its usual facts open: ineligible only if that is still certain.

    What is then needed are the facts that could change the answer one by one. Where none could, and only all of them
    together look as if, cases are told apart until that is settled, or the budget is spent.
    """
    opened = project(
        household,
        reading.plan.month,
        rules.catalogue,
        usual_values=False,
        wanted=reading.plan.wanted,
        program=reading.plan.program,
    )
    status, why, _ = read_again(reading, opened)
    if status == "ineligible":
        return status, why
    alone = frozenset(path for path in why if _alone_decides(reading, opened, path, budget))
    if alone or not ineligible_in_every_case(reading, opened, budget):
        return "undetermined", alone or why
    return "ineligible", NOTHING


def _alone_decides(reading: Reading, opened: Facts, path: str, budget: list[int]) -> bool:
    facts = _only_open(reading.facts, opened, path)
    return budget[0] > 0 and facts is not None and not ineligible_in_every_case(reading, facts, budget)


def read_again(reading: Reading, facts: Facts, given: Given = NOTHING_GIVEN) -> tuple[Status, Why, Reading | None]:
    """The same unit read on other facts, with some nodes of people given outright."""
    try:
        again = [r for r in read(reading.plan, facts, reading.catalogue, given) if r.members() == reading.members()]
    except Unsettled as unsettled:
        return "undetermined", unsettled.why, None
    if not again:  # with this value the unit is another one
        why = frozenset().union(*(_why(v) for column in facts.rows["person"].columns.values() for v in column))
        return "undetermined", why, None
    return *status_of(again[0], suppose_covered=True), again[0]


def ineligible_in_every_case(
    reading: Reading, facts: Facts, budget: list[int], given: Given = NOTHING_GIVEN, meeting: bool = True
) -> bool:
    """Whether no value of the open facts makes the unit eligible: cases are told apart until each is closed.

    What several open facts of a person come to (is she barred?) is told apart first, then the facts one after the other; where
    not ``meeting``, the facts alone: that is quicker where each of them decides.
    """
    budget[0] -= 1
    status, why, again = read_again(reading, facts, given)
    if status != "undetermined" or budget[0] <= 0:
        return status in ("ineligible", "not_available")
    found = crossroads(again, given) if again is not None and meeting else None
    if found is not None:
        name, row = found
        column = given.get(name) or [None] * len(facts.people)
        cases = ([value if i == row else old for i, old in enumerate(column)] for value in (True, False))
        return all(ineligible_in_every_case(reading, facts, budget, {**given, name: case}) for case in cases)
    return again is not None and _by_facts(reading, facts, why, budget, given)


def _by_facts(reading: Reading, facts: Facts, why: Why, budget: list[int], given: Given) -> bool:
    """One fact told apart, the one of which most cases are decided at once; then the cases that are not."""
    best: list[tuple[Facts, Why]] | None = None
    for name, row, value in _splits(reading, facts, why):
        undecided: list[tuple[Facts, Why]] = []
        for case in _halves(reading.catalogue, facts, name, row, value):
            budget[0] -= 1
            status, waits, _ = read_again(reading, case, given)
            if status == "eligible" or budget[0] <= 0:
                return False
            if status == "undetermined":
                undecided.append((case, waits))
        if best is None or len(undecided) < len(best):
            best = undecided
        if not best:
            return True
    return best is not None and all(_by_facts(reading, case, waits, budget, given) for case, waits in best)


def _splits(reading: Reading, facts: Facts, why: Why) -> Iterator[tuple[str, int, Maybe | AnyOf]]:
    """The cells of people that are open, that one fact decides, and that the result waits for; what hangs on another comes after it."""
    people = facts.rows["person"].columns
    found = [
        (name, i, value)
        for name, cells in people.items()
        for i, value in enumerate(cells)
        if isinstance(value, (Maybe, AnyOf)) and len(value.why) == 1 and value.why <= why
    ]
    free = [cell for cell in found if reading.catalogue.facts["person", cell[0]].gate is None]
    yield from free or found


def _halves(catalogue: Catalogue, facts: Facts, name: str, row: int, value: Maybe | AnyOf) -> Iterator[Facts]:
    """The facts with one open cell of one person as it usually is, and with it as anything else: that is often decided at once."""
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
    """The yes/no of a person in which most open facts meet, and whose; ``None`` where none joins several."""
    best, most = None, 1
    for node in reading.plan.nodes:
        if node.entity != "person" or node.type != YES_NO or node.definition is None or node.definition.kind != "value":
            continue
        for i in reading.members():
            value = reading.values[node.name][i]
            if isinstance(value, Maybe) and len(value.why) > most and (given.get(node.name) or [None] * (i + 1))[i] is None:
                best, most = (node.name, i), len(value.why)
    return best


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
            found = _with(found, fact.name, row, replace(held, why=held.why - {path}))
    return found


def _with(facts: Facts, name: str, row: int, value: Value) -> Facts:
    """The facts with one cell of one person in place of another."""
    people = facts.rows["person"]
    column = [value if i == row else old for i, old in enumerate(people.columns[name])]
    return replace(facts, rows={**facts.rows, "person": replace(people, columns={**people.columns, name: column})})


def _only_open(closed: Facts, opened: Facts, path: str) -> Facts | None:
    """The facts with usual values, but for the one cell that waits for ``path`` alone; ``None`` where there is none."""
    for name, column in opened.rows["person"].columns.items():
        for i, value in enumerate(column):
            if isinstance(value, Bound) and value.why == {path}:
                return _with(closed, name, i, value)
    return None


def status_of(reading: Reading, suppose_covered: bool = False) -> tuple[Status, Why]:
    """What the tests together say, and what is waited for where they do not."""
    result = reading.plan.base.result
    assert result is not None
    covered, why = _met(reading, result.covers)
    if covered is False:
        return "not_available", NOTHING
    if suppose_covered:
        covered, why = True, NOTHING
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
    if _shares_a_bill(reading):
        found.append(Assumption("names_payer", tuple(p for p in reading.facts.people if p in members), False))
    return tuple(found)


def _shares_a_bill(reading: Reading) -> bool:
    """Whether a bill that names no payer was divided among people of whom not all count (7 CFR 273.11(c)(2)(iii))."""
    result, plan = reading.plan.base.result, reading.plan
    if ("expense", "names_payer") not in plan.wanted or result is None or result.people is None:
        return False
    rows = reading.frame.below("expense", result.of)[reading.row]
    shared = any(reading.facts.rows["expense"].columns["names_payer"][k] is False for k in rows)
    counted = reading.values[result.people.text]
    return shared and any(counted[i] is not True for i in reading.members())


def _cautions(reading: Reading) -> tuple[Caution, ...]:
    """The plan's cautions whose figure had a part: somewhere it is read, the value is not nothing."""
    return tuple(
        c for c in reading.plan.cautions if any(_had_part(reading, node) for node in _readers(reading.plan.nodes, c.definition))
    )


def _readers(nodes: Iterable[Node], definition: str) -> Iterator[Node]:
    for node in nodes:
        for part in walk(node.expr):
            if (isinstance(part, Lookup) and part.table == definition) or (isinstance(part, Ref) and part.name == definition):
                yield node
                break


def _had_part(reading: Reading, node: Node) -> bool:
    return any(value != 0 if isinstance(value, int) else True for value in reading.values[node.name])
