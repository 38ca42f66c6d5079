"""outlook: a household still being told → what is certain of each result already, and what can still change it.

Every fact that nobody has told is open here, usual values too: what is certain holds whatever the family would still say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from benefits_rules.cases import Blur
from benefits_rules.determine import Determination
from benefits_rules.facts import Assumption, project
from benefits_rules.frame import Unsettled
from benefits_rules.judge import NOES, NOTHING, Reading, Status, amount_of, kind_of, read, read_again, status_of, why_of
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
        blur = Blur(plan, facts, rules.catalogue)
        return tuple(_look(reading, blur, everybody) for reading in read(plan, facts, rules.catalogue))
    except Unsettled as unsettled:
        return (Outlook(program, month, everybody, "undetermined", None, unsettled.why),)


def _look(reading: Reading, blur: Blur, everybody: tuple[str, ...]) -> Outlook:
    status, why = status_of(reading)
    if status == "undetermined":
        status = blur.no(reading) or status
    people = tuple(everybody[i] for i in reading.members())
    result = reading.plan.result
    assert result is not None
    if status in NOES or status == "not_available":
        return Outlook(reading.plan.program, reading.plan.month, people, status)
    names = [result.amount]
    if result.first_month_when is not None and reading.value(result.first_month_when.text) is not False:
        names += [result.first_month, result.first_month_when]
    told = [reading.value(name.text) for name in names if name is not None]
    waits = why.union(kind_of(reading), *(v.why for v in told if not isinstance(v, int)))
    amount = told[0] if result.amount is not None else None
    return Outlook(reading.plan.program, reading.plan.month, people, status, amount, waits)


def telling(found: Determination) -> tuple[Assumption, ...]:
    """Of the usual values that stood in for a determination, those that could change it: what a family should look at.

    The others were proved irrelevant: with all of them open at once, the result does not wait for them.
    """
    reading = found.reading
    if reading is None or not found.assumptions:
        return ()
    people = reading.facts.rows["person"]
    columns = {name: list(cells) for name, cells in people.columns.items()}
    paths: dict[tuple[str, str], str] = {}
    for assumed in found.assumptions:
        fact = reading.catalogue.facts.get(("person", assumed.fact))
        for name in assumed.people if fact is not None else ():
            assert fact is not None
            paths[assumed.fact, name] = path = f"people.{name}.{fact.at}"
            columns[assumed.fact][reading.facts.people.index(name)] = fact.anything(frozenset((path,)))
    opened = replace(reading.facts, rows={**reading.facts.rows, "person": replace(people, columns=columns)})
    status, why, again = read_again(reading, opened)
    if status == "undetermined" and found.status in NOES:  # told apart case by case already
        why = NOTHING
    elif again is not None and status not in NOES:
        why |= why_of(amount_of(again)) | kind_of(again)
    kept = []
    for assumed in found.assumptions:
        whose = tuple(p for p in assumed.people if paths.get((assumed.fact, p), "") in why or (assumed.fact, p) not in paths)
        kept += [replace(assumed, people=whose)] if whose else []
    return tuple(kept)
