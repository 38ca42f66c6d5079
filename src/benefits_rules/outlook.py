"""outlook: a household still being told → what is certain of each result already, and what can still change it.

Every fact that nobody has told is open here, usual values too: what is certain holds whatever the family would still say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from benefits_rules.cases import ineligible_all_the_same
from benefits_rules.facts import Facts, project
from benefits_rules.frame import Unsettled
from benefits_rules.judge import NOTHING, Reading, Status, read, status_of
from benefits_rules.model import Household
from benefits_rules.resolve import Rules
from benefits_rules.values import Value, Why


@dataclass(frozen=True, slots=True)
class Outlook:
    """One unit's result as far as it is known; ``why`` are the paths that can still change it."""

    program: str
    month: date
    people: tuple[str, ...]
    status: Status
    amount: Value | None = field(default=None, repr=False)
    why: Why = field(default=NOTHING, repr=False)

    @property
    def decided(self) -> bool:
        """Whether nothing that is still untold can change the status or the amount."""
        return self.status != "undetermined" and not self.why


def outlook(
    rules: Rules, household: Household, program: str, month: date, opened: frozenset[str] = NOTHING
) -> tuple[Outlook, ...]:
    """What is certain of the program's results in one month. ``opened`` are closed facts that will be asked for."""
    everybody = tuple(p.id for p in household.people)
    if not rules.available(program, household.state, month):
        return (Outlook(program, month, everybody, "not_available"),)
    plan = rules.plan(program, household.state, month)
    facts = project(household, month, rules.catalogue, usual_values=False, wanted=plan.wanted, program=program, opened=opened)
    try:
        return tuple(_look(reading, facts, everybody) for reading in read(plan, facts, rules.catalogue))
    except Unsettled as unsettled:
        return (Outlook(program, month, everybody, "undetermined", None, unsettled.why),)


def _look(reading: Reading, facts: Facts, everybody: tuple[str, ...]) -> Outlook:
    status, why = status_of(reading)
    if status == "undetermined" and ineligible_all_the_same(reading, facts):
        status, why = "ineligible", NOTHING
    people = tuple(everybody[i] for i in reading.members())
    result = reading.plan.base.result
    assert result is not None
    if status in ("ineligible", "not_available"):
        return Outlook(reading.plan.program, reading.plan.month, people, status)
    names = [result.amount]
    if result.first_month_when is not None and reading.value(result.first_month_when.text) is not False:
        names += [result.first_month, result.first_month_when]
    told = [reading.value(name.text) for name in names if name is not None]
    waits = why.union(*(v.why for v in told if not isinstance(v, int)))
    amount = told[0] if result.amount is not None else None
    return Outlook(reading.plan.program, reading.plan.month, people, status, amount, waits)
