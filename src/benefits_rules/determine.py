"""determine: a reading → determinations, one for each unit (or person) that the program's result is of.

Eligible where every test that the page requires is met; ineligible where one certainly fails; otherwise
undetermined, and ``needs`` names the paths to tell. A usual value never decides that somebody is ineligible:
such a result is read again with the usual facts open, and stays ineligible only if no value of them mattered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from benefits_rules.cases import Blur, no_in_every_case, only_open
from benefits_rules.facts import Assumption, Facts, project
from benefits_rules.frame import Unsettled
from benefits_rules.judge import NOES, NOTHING, Reading, Status, amount_of, kind_of, read, read_again, status_of, why_of
from benefits_rules.model import Household
from benefits_rules.plan import Caution, Node, Plan
from benefits_rules.resolve import Rules
from benefits_rules.values import Value, Why

#: How many cases of a household are told apart, at most, to settle whether a usual value decides.
CASES = 400


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
        result = self.reading.plan.result
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
    budget, opened = [CASES], _Opened(household, rules, plan)
    for reading in readings:
        status, why = status_of(reading)
        assumptions = _assumed(reading)
        if status in NOES and assumptions:
            status, why = _without_usual(status, reading, opened, budget)
        elif status == "undetermined" and (no := opened.no(reading)):
            status, why = no, NOTHING
        people = tuple(everybody[i] for i in reading.members())
        open_still = why_of(amount_of(reading)) | kind_of(reading) if status == "eligible" else NOTHING
        needs = why if status == "undetermined" else open_still
        yield Determination(program, month, people, status, tuple(sorted(needs)), assumptions, _cautions(reading), reading)


class _Opened:
    """The household with the usual facts open that nobody told; seen as it is, and as an interview sees it, which opens more.

    Cases may meet in the one view where they do not in the other.
    """

    def __init__(self, household: Household, rules: Rules, plan: Plan) -> None:
        self.household, self.rules, self.plan = household, rules, plan

    @cached_property
    def facts(self) -> Facts:
        return self._facts(NOTHING)

    @cached_property
    def blurs(self) -> tuple[Blur, ...]:
        closed = self.rules.opened_by_interview
        views = (self.facts, *((self._facts(closed),) if closed else ()))
        return tuple(Blur(self.plan, facts, self.rules.catalogue) for facts in views)

    def _facts(self, closed: frozenset[str]) -> Facts:
        return project(
            self.household, self.plan.month, self.rules.catalogue,
            usual_values=False, wanted=self.plan.wanted, program=self.plan.program, opened=closed,
        )  # fmt: skip

    def no(self, reading: Reading) -> Status | None:
        """The no that nothing untold can change."""
        return next((no for blur in self.blurs if (no := blur.no(reading)) is not None), None)


def _without_usual(no: Status, reading: Reading, opened: _Opened, budget: list[int]) -> tuple[Status, Why]:
    """A unit that gets a no, read again with its usual facts open: a no only if that is still certain.

    What is then needed are the facts that could change the answer one by one; where none could, all that together might.
    """
    status, why, _ = read_again(reading, opened.facts)
    if status == no or opened.no(reading) == no:
        return no, NOTHING
    alone = frozenset(path for path in sorted(why) if _alone_decides(no, reading, opened.facts, path, budget))
    return "undetermined", alone or why


def _alone_decides(no: Status, reading: Reading, opened: Facts, path: str, budget: list[int]) -> bool:
    facts = only_open(reading.facts, opened, path)
    return budget[0] > 0 and facts is not None and not no_in_every_case(no, reading, facts, budget)


def _assumed(reading: Reading) -> tuple[Assumption, ...]:
    """The usual values that stood in for facts that the plan reads, of the unit's people."""
    result = reading.plan.result
    assert result is not None
    read = {name for entity, name in reading.plan.facts if entity == "person"}
    of_others = read if result.of == "unit" else reading.plan.facts_of_others
    members = {reading.facts.people[i] for i in reading.members()}
    found = []
    for assumed in reading.facts.assumptions:
        near = members if result.of == "unit" or assumed.fact not in of_others else set(reading.facts.people)
        people = tuple(p for p in assumed.people if p in near)
        if assumed.fact in read and people:
            found.append(Assumption(assumed.fact, people, assumed.value))
    if _shares_a_bill(reading):
        found.append(Assumption("names_payer", tuple(p for p in reading.facts.people if p in members), False))
    return tuple(found)


def _shares_a_bill(reading: Reading) -> bool:
    """Whether a bill that names no payer was divided among people of whom not all count (7 CFR 273.11(c)(2)(iii))."""
    result, plan = reading.plan.result, reading.plan
    if ("expense", "names_payer") not in plan.wanted or result is None or result.people is None:
        return False
    rows = reading.frame.below("expense", result.of)[reading.row]
    shared = any(reading.facts.rows["expense"].columns["names_payer"][k] is False for k in rows)
    counted = reading.values[result.people.text]
    return shared and any(counted[i] is not True for i in reading.members())


def _cautions(reading: Reading) -> tuple[Caution, ...]:
    """The plan's cautions whose figure had a part: somewhere it is read, the value is not nothing."""
    readers = reading.plan.readers
    return tuple(c for c in reading.plan.cautions if any(_had_part(reading, node) for node in readers.get(c.definition, ())))


def _had_part(reading: Reading, node: Node) -> bool:
    result = reading.plan.result
    own = result is not None and node.entity == result.of == "person"
    values = [reading.value(node.name)] if own else reading.values[node.name]
    return any(value != 0 if isinstance(value, int) else True for value in values)
