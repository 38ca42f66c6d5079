"""certificate: why an interview could stop where it did.

Three lists: what was *proved irrelevant* (no value of it changes a decided result, usual values varied too), what the law
*requires* of an application whatever the answer, and what is *outside* these rules. Beside them what was asked and not told, and
whose papers were not asked for since they want no help: neither is ever irrelevant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from benefits_rules.leaves import WORDS
from benefits_rules.outlook import Outlook
from benefits_rules.resolve import Rules
from benefits_rules.script import Duty, Question
from benefits_rules.story import Story
from benefits_rules.syntax import Wording


@dataclass(frozen=True, slots=True)
class Spared:
    """A question that nobody had to answer: whatever the answer, every decided result stays as it is."""

    id: str
    question: Question = field(repr=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    """``decided`` and ``undecided`` results, and for the decided ones why no more was asked."""

    decided: tuple[Outlook, ...]
    undecided: tuple[Outlook, ...]
    irrelevant: tuple[Spared, ...]
    required: tuple[tuple[str, Duty], ...]
    outside: dict[str, Wording]
    #: Asked, and answered with unknown or declined: ids of questions.
    not_told: tuple[str, ...]
    #: Papers of people who want no help: never asked for, though telling could change a result; and the words for that.
    spared: tuple[Spared, ...]
    spared_words: Duty

    def to_dict(self) -> dict[str, Any]:
        """Plain data, every wording in both languages."""
        return {
            "decided": [_result(o) for o in self.decided],
            "undecided": [{**_result(o), "open": sorted(o.why)} for o in self.undecided],
            "proved_irrelevant": [{"id": s.id, "ask": _both(s.question.ask)} for s in self.irrelevant],
            "required_by_law": [
                {"program": program, "name": duty.name, "say": _both(duty.say), "citations": [c.law for c in duty.citations]}
                for program, duty in self.required
            ],
            "outside_the_model": [{"name": name, "say": _both(say)} for name, say in self.outside.items()],
            "not_told": list(self.not_told),
            "spared": {
                "ids": [s.id for s in self.spared],
                "say": _both(self.spared_words.say) if self.spared else None,
                "citations": [c.law for c in self.spared_words.citations],
            },
        }


def certify(
    rules: Rules, story: Story, answers: Mapping[str, Any], outlooks: Iterable[Outlook], wanted: frozenset[tuple[str, str]]
) -> Certificate:
    """The certificate of an interview as it stands. ``wanted`` are the facts that its programs read at all."""
    every = tuple(outlooks)
    open_ = frozenset[str]().union(*(o.why for o in every))
    decided, undecided = tuple(o for o in every if o.decided), tuple(o for o in every if not o.decided)
    unasked = list(_unasked(rules, story, answers, wanted)) if decided else []
    silent = _silent(story, answers, {o.program for o in every})
    return Certificate(
        decided,
        undecided,
        tuple(s for s, path in unasked if path not in silent and (not undecided or path not in open_)),
        tuple(
            (program, duty)
            for program in dict.fromkeys(o.program for o in every)
            for duty in rules.script.required.get(program, ())
        ),
        rules.script.outside,
        tuple(key for key, value in answers.items() if isinstance(value, str) and value in WORDS),
        tuple(s for s, path in unasked if path in silent),
        rules.script.spared,
    )


def _silent(story: Story, answers: Mapping[str, Any], programs: set[str]) -> set[str]:
    """The papers of those who do not apply for some of the programs, where nobody told their status."""
    found = set()
    for person in story.house["people"]:
        status = f"people.{person['id']}.citizenship.status"
        if answers.get(status) in (None, *WORDS) and programs - set(person.get("applying_for", programs)):
            found.add(status)
    return found


def _unasked(
    rules: Rules, story: Story, answers: Mapping[str, Any], wanted: frozenset[tuple[str, str]]
) -> Iterator[tuple[Spared, str]]:
    """Every question that the programs could have asked about who and what is told of, and did not; with its path.

    What is closed (who is married to whom, who pays a bill) was never open, so that nothing is proved of it.
    """
    script = rules.script
    people = {p["id"]: p for p in story.house["people"]}
    for question in script.questions.values():
        open_ = {rules.catalogue.facts[key] for key in question.reads & wanted}
        if question.leaf == "people" or not any(f.kind != "closed" or f.name in script.opened for f in open_):
            continue
        if question.entity == "household":
            places = [(question.leaf, question.leaf)]
        elif question.entity == "person":
            places = [(f"people.{p}.{question.leaf}",) * 2 for p in story.people]
        else:
            places = [(f"{r.id}.{question.leaf}", f"{r.path}.{question.leaf}") for r in story.rows if r.entity == question.entity]
        for key, path in places:
            told = (
                question.input == "age"
                and question.entity == "person"
                and {"age", "birth_date"} & people[path.split(".")[1]].keys()
            )
            if key not in answers and not told:
                yield Spared(key, question), path


def _result(found: Outlook) -> dict[str, Any]:
    return {"program": found.program, "month": f"{found.month:%Y-%m}", "people": list(found.people), "status": found.status}


def _both(words: Wording) -> dict[str, str]:
    return {"en": words.en, "es": words.es}
