"""finding: what an interview knows so far → the next screen.

First the screens that open it, then only what can still change an undecided result. Among these, what settles a result for
certain comes first, and after that the script's order, which goes from what is cheap to tell and decides much to what is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from benefits_rules.asking import Asked, Screen
from benefits_rules.outlook import Outlook
from benefits_rules.resolve import Rules
from benefits_rules.script import Question, ScreenPlan
from benefits_rules.story import Row, Story, ids_at

#: How many people one screen asks about together.
TOGETHER = 8
_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """An interview at one moment. ``before`` are answers that were taken back or stem from last time: shown, not counted."""

    rules: Rules = field(repr=False)
    story: Story = field(repr=False)
    answers: Mapping[str, Any] = field(repr=False)
    before: Mapping[str, Any] = field(repr=False)
    outlooks: tuple[Outlook, ...]
    wanted: frozenset[tuple[str, str]] = field(repr=False)
    #: The topics that a renewal may ask about first, and whether the day of application says which month is looked at.
    topics: tuple[str, ...]
    needs_day: bool
    progress: tuple[int, int]


def next_screen(known: Known) -> Screen | None:
    """The next screen; ``None`` once nothing that could be asked can change a result."""
    found = next(_opening(known), None)
    if found is not None:
        return found
    live = _live(known)
    if not live:
        return None
    waits = [o.why for o in known.outlooks if not o.decided]
    paths = {place: {a.path for a in asked} for place, asked in live.items()}
    best = max(live, key=lambda place: sum(why <= paths[place] for why in waits))  # the first of the best
    return _screen(known, best, live[best])


def _opening(known: Known) -> Iterator[Screen]:
    """The screens that come before anything is judged, as far as they are not answered."""
    if known.topics and "changed" not in known.answers:
        plan = known.rules.script.renewal.screen(known.topics)
        labels = {("topics", name): words for name, words in known.rules.script.renewal.topics.items()}
        yield Screen(plan, "", (Asked("changed", plan.ask[0], None, "", "", None),), labels, None, known.progress, ())
    for plan in known.rules.script.screens:
        if not plan.opens or (plan.several and len(known.story.people) < 2):
            continue
        asked = [
            _asked(known, key, question, None, person, "")
            for question in plan.ask
            if _opens(known, question)
            for person in (known.story.people if question.entity == "person" else ("",))
            for key in (f"people.{person}.{question.leaf}" if person else question.leaf,)
            if key not in known.answers or (question.input == "groups" and question.leaf not in known.story.house)
        ]
        if asked:
            yield _screen(known, (plan.name, ""), asked)


def _opens(known: Known, question: Question) -> bool:
    if question.leaf == "people" or (question.leaf == "applied_on" and known.needs_day):
        return True
    return not question.reads.isdisjoint(known.wanted)


def _live(known: Known) -> dict[_Place, list[Asked]]:
    """What can still change an undecided result and was not asked, by the screen that asks it, in the script's order."""
    script, story = known.rules.script, known.story
    plans = {question.name: plan for plan in reversed(script.screens) for question in plan.ask}
    found: dict[_Place, dict[str, Asked]] = {}

    def put(key: str, question: Question, row: Row | None, person: str, path: str) -> None:
        plan = plans.get(question.name)
        if plan is not None and key not in known.answers:
            whose = (row.id if row is not None else person) if plan.each else ""
            found.setdefault((plan.name, whose), {})[key] = _asked(known, key, question, row, person, path)

    for path in sorted(frozenset[str]().union(*(o.why for o in known.outlooks if not o.decided))):
        for key, question, row, person in ids_at(story, script, path):
            put(key, question, row, person, path)
    for question in script.of("person"):
        if question.when and not question.reads.isdisjoint(known.wanted):
            for person in story.people:
                if any(known.answers.get(f"people.{person}.{leaf}") is True for leaf in question.when):
                    put(f"people.{person}.{question.leaf}", question, None, person, "")

    people = {p: i for i, p in enumerate(story.people)}
    rows = {r.id: i for i, r in enumerate(story.rows)}
    ordered: dict[_Place, list[Asked]] = {}
    for plan in script.screens:
        order = {q.name: i for i, q in enumerate(plan.ask)}
        for place in sorted((p for p in found if p[0] == plan.name), key=lambda p: (people.get(p[1], 0), rows.get(p[1], 0))):
            asked = [*found[place].values(), *_beside(known, plan, found[place])]
            ordered[place] = sorted(
                asked, key=lambda a: (people.get(a.person, -1), rows[a.row.id] if a.row else -1, order[a.question.name])
            )
    return ordered


def _beside(known: Known, plan: ScreenPlan, live: Mapping[str, Asked]) -> Iterator[Asked]:
    """What may be told along with the rows of a screen, though nothing waits for it: from when, until when, by whom."""
    for row in {a.row.id: a.row for a in live.values() if a.row is not None}.values():
        for question in plan.ask:
            key = f"{row.id}.{question.leaf}"
            lonely = question.input == "person" and len(known.story.people) < 2
            told = question.beside or not question.reads or not question.reads.isdisjoint(known.wanted)
            new = key not in known.answers and key not in live  # what a result waits for stands on the screen already
            if (question.optional or question.beside) and new and told and not lonely:
                found = _asked(known, key, question, row, row.person, "")
                if found.applies(known.answers):
                    yield found


def _asked(known: Known, key: str, question: Question, row: Row | None, person: str, path: str) -> Asked:
    when = None
    if question.gate is not None:
        leaf, values = question.gate
        when = (key.removesuffix(question.leaf) + leaf, values)
    return Asked(key, question, row, person, path, when, known.before.get(key))


def _screen(known: Known, place: _Place, asked: list[Asked]) -> Screen:
    """The screen at a place, for a few people at once. A condition that is met already is no condition."""
    plan = next(s for s in known.rules.script.screens if s.name == place[0])
    if not plan.each and not plan.opens:
        people = list(dict.fromkeys(a.person for a in asked if a.person))[:TOGETHER]
        asked = [a for a in asked if not a.person or a.person in people]
    here = {a.id for a in asked}
    asked = [a if a.when is None or a.when[0] in here else a.settled() for a in asked]
    row = asked[0].row if plan.each not in ("", "person") else None
    return Screen(plan, place[1], tuple(asked), known.rules.options, row, known.progress, known.story.people)
