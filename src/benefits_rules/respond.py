"""respond: a household told already → the answers that an interview would have got from it.

For renewals, for an agency that fills in what it has on file, and for tests that interview a simulated family.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from benefits_rules.factdef import ENTITIES
from benefits_rules.model import Household
from benefits_rules.script import LISTS, Question, Script

_PERSON_ROW = ("id", "age", "birth_date", "applying_for")


def answers_of(script: Script, household: Household) -> dict[str, Any]:
    """The answer to every question that the household tells, by the question's id."""
    return dict(_Answers(script, household.to_dict()).all())


class _Answers:
    def __init__(self, script: Script, house: dict[str, Any]) -> None:
        self.script, self.house = script, house

    def all(self) -> Iterator[tuple[str, Any]]:
        yield "people", [{k: p[k] for k in _PERSON_ROW if k in p} for p in self.house["people"]]
        yield from self.leaves(self.house, "household", "", skip="people")
        for person in self.house["people"]:
            yield from self.leaves(person, "person", f"people.{person['id']}.")

    def leaves(self, part: Mapping[str, Any], entity: str, prefix: str, skip: str = "") -> Iterator[tuple[str, Any]]:
        for question in self.script.of(entity):
            value = _at(part, question.leaf)
            if question.input == "age":
                value = part.get("birth_date", value)
            if value is None or question.leaf == skip:
                continue
            if question.input in ("kinds", "help"):
                yield from self.rows(question, value, prefix)
            else:
                yield prefix + question.leaf, value

    def rows(self, question: Question, value: Any, prefix: str) -> Iterator[tuple[str, Any]]:
        entity = next(e for e, at in LISTS.items() if at == question.leaf)
        kind = ENTITIES[entity].type_
        told = value["rows"] if isinstance(value, Mapping) else value
        if not isinstance(told, list):
            yield prefix + question.leaf, told
            return
        seen = Counter[str]()
        for row in told:
            name = row[kind]
            if isinstance(name, str):
                seen[name] += 1
                place = f"{prefix}{question.leaf}.{name}" + (f"-{seen[name]}" if seen[name] > 1 else "")
                yield from self.leaves(row, entity, place + ".")
        if question.input == "help":
            listed: list[Any] = [{"program": row[kind], "people": row["people"]} for row in told]
        else:
            listed = [row[kind] for row in told]
        yield prefix + question.leaf, {**value, "rows": listed} if isinstance(value, Mapping) else listed


def _at(part: Mapping[str, Any], leaf: str) -> Any:
    found: Any = part
    for key in leaf.split("."):
        if not isinstance(found, Mapping) or key not in found:
            return None
        found = found[key]
    return found
