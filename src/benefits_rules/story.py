"""story: the answers of an interview → the household that they tell, as plain data.

An answer stands at the *id* of its question: ``housing.kind``, ``people.ana.age``, and for the rows of a list the kind of the
row in place of its number, ``people.ana.income.wages.amount`` (``wages-2`` is the second of that kind), so that a correction
elsewhere in the list moves nothing. The household depends on the answers alone, never on the order in which they came.

    people          [{id, age or birth_date, applying_for}]          kinds     ["wages", "wages"], or {rows, unknown}
    age             34, or a birth date                              help      [{program, people}]
    unknown, declined   asked, and not known or not told             null      asked, and left out: nothing is told
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from benefits_rules.factdef import ENTITIES
from benefits_rules.leaves import WORDS
from benefits_rules.script import LISTS, Question, Script, opens

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: its kind, the id that its questions begin with, and the path at which the household has it."""

    entity: str
    kind: str
    id: str
    path: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """The household that the answers tell so far, and its rows."""

    house: dict[str, Any] = field(repr=False)
    people: tuple[str, ...]
    rows: tuple[Row, ...]


def people_of(answers: Answers) -> tuple[str, ...]:
    """The ids of those who live here, as far as told."""
    told = answers.get("people")
    rows = told if isinstance(told, list) else []
    return tuple(r["id"] for r in rows if isinstance(r, Mapping) and isinstance(r.get("id"), str))


def tell(script: Script, answers: Answers, start: Mapping[str, Any]) -> Story:
    """The household so far; ``start`` holds what it begins with (state, month, months, what is applied for)."""
    teller = _Teller(script, answers)
    return teller.story(start)


class _Teller:
    def __init__(self, script: Script, answers: Answers) -> None:
        self.script, self.answers = script, answers
        self.people = people_of(answers)
        self.rows: list[Row] = []

    def story(self, start: Mapping[str, Any]) -> Story:
        house: dict[str, Any] = {
            **start,
            "people": [self.person(row) for row in self.answers.get("people") or () if isinstance(row, Mapping)],
        }
        if len(self.people) == 1:
            house["food_groups"] = [list(self.people)]
        self.leaves(house, "household", "", skip=("people",))
        return Story(house, self.people, tuple(self.rows))

    def person(self, row: Mapping[str, Any]) -> dict[str, Any]:
        told = dict(row)
        if isinstance(told.get("id"), str):
            self.leaves(told, "person", f"people.{told['id']}.", person=told["id"])
        return told

    def leaves(self, part: dict[str, Any], entity: str, prefix: str, person: str = "", skip: tuple[str, ...] = ()) -> None:
        """Put every answer of a row where the household has it."""
        for question in self.script.of(entity):
            value = self.answers.get(prefix + question.leaf)
            if value is None or question.leaf in skip or self.shut(question, prefix):
                continue
            self.place(part, question, self.value(question, value, prefix, person))

    def place(self, part: dict[str, Any], question: Question, value: Any) -> None:
        if value is None:
            return
        if question.input == "age":
            for key in ("age", "birth_date"):
                part.pop(key, None)
            part["birth_date" if _is_day(value) else "age"] = value
            return
        *keys, last = question.leaf.split(".")
        for key in keys:
            part = part.setdefault(key, {})
        part[last] = value

    def shut(self, question: Question, prefix: str) -> bool:
        """Whether the question has no meaning, as far as is told."""
        if question.gate is None:
            return False
        leaf, values = question.gate
        return opens(self.answers.get(prefix + leaf), values) is False

    def value(self, question: Question, value: Any, prefix: str, person: str) -> Any:
        """An answer as the household has it; what speaks of people who are not here any more is left out."""
        here = set(self.people)
        if question.input == "kinds":
            return self.kinds(question, value, prefix, person)
        if question.input == "help":
            return self.help(value)
        if question.input == "person":
            return value if value in here or not isinstance(value, str) else None
        if question.input == "members" and isinstance(value, list):
            return [p for p in value if p in here] or None
        if question.input == "parents" and isinstance(value, list):
            return [p for p in value if not _names_stranger(p, here)] or None
        if question.input == "groups" and isinstance(value, list):
            groups = [[p for p in group if p in here] if isinstance(group, list) else group for group in value]
            grouped = {p for group in groups if isinstance(group, list) for p in group if isinstance(p, str)}
            return [g for g in groups if g] if here <= grouped else None  # somebody is new here: it must be asked again
        if question.leaf == "tax_returns" and isinstance(value, list):
            return self.returns(value)
        return value

    def kinds(self, question: Question, value: Any, prefix: str, person: str) -> Any:
        entity = next(e for e, at in LISTS.items() if at == question.leaf)
        told = value.get("rows") if isinstance(value, Mapping) else value
        if not isinstance(told, list):
            return value
        made, seen = [], Counter[str]()
        for i, kind in enumerate(told):
            if not isinstance(kind, str):
                made.append(kind)
                continue
            seen[kind] += 1
            row_id = f"{prefix}{question.leaf}.{kind}" + (f"-{seen[kind]}" if seen[kind] > 1 else "")
            self.rows.append(Row(entity, kind, row_id, f"{prefix}{question.leaf}.{i}", person))
            row: dict[str, Any] = {ENTITIES[entity].type_: kind}
            self.leaves(row, entity, row_id + ".", person)
            made.append(row)
        return {**value, "rows": made} if isinstance(value, Mapping) else made

    def help(self, value: Any) -> Any:
        listed = value.get("rows") if isinstance(value, Mapping) else value
        if not isinstance(listed, list):
            return value
        made, seen = [], Counter[str]()
        for told in listed:
            if (
                not isinstance(told, Mapping)
                or not isinstance(told.get("people"), list)
                or not isinstance(told.get("program"), str)
            ):
                made.append(told)
                continue
            people = [p for p in told["people"] if p in self.people]
            if not people and told["people"]:
                continue
            kind = told["program"]
            seen[kind] += 1
            row_id = f"receives.{kind}" + (f"-{seen[kind]}" if seen[kind] > 1 else "")
            self.rows.append(Row("receipt", kind, row_id, f"receives.{len(made)}"))
            row = {**told, "people": people}
            self.leaves(row, "receipt", row_id + ".")
            made.append(row)
        return {**value, "rows": made} if isinstance(value, Mapping) else made

    def returns(self, value: list[Any]) -> list[Any]:
        outside = self.answers.get("outside_people")
        known = (
            {*self.people, *(o.get("id") for o in outside if isinstance(o, Mapping))}
            if isinstance(outside, list)
            else {*self.people}
        )
        made = []
        for told in value:
            if isinstance(told, Mapping) and isinstance(told.get("filers"), list):
                filers = [p for p in told["filers"] if p in known]
                if filers:
                    made.append({**told, "filers": filers, "dependents": [p for p in told.get("dependents") or () if p in known]})
            else:
                made.append(told)
        return made


def _is_day(value: Any) -> bool:
    return (isinstance(value, str) and value not in WORDS) or (isinstance(value, Mapping) and isinstance(value.get("min"), str))


def _names_stranger(parent: Any, here: set[str]) -> bool:
    name = parent.get("id") if isinstance(parent, Mapping) else parent
    return isinstance(name, str) and name not in here


def ids_at(story: Story, script: Script, path: str) -> Iterator[tuple[str, Question, Row | None, str]]:
    """The question behind a path that a result waits for: its id, the row and the person that it is about."""
    for row in story.rows:
        if path.startswith(row.path + "."):
            leaf = path[len(row.path) + 1 :]
            if (row.entity, leaf) in script.questions:
                yield f"{row.id}.{leaf}", script.questions[row.entity, leaf], row, row.person
            return
    names = path.split(".")
    person = names[1] if names[0] == "people" and len(names) > 2 else ""
    leaf = ".".join(names[2:]) if person else path
    leaf = {"birth_date": "age"}.get(leaf, leaf)
    entity = "person" if person else "household"
    if (entity, leaf) in script.questions:
        yield (f"people.{person}.{leaf}" if person else leaf), script.questions[entity, leaf], None, person
