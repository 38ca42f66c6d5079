"""Simulated families: households that know all about themselves, and answer an interview truthfully."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benefits_rules import Household, Interview, Rules
from benefits_rules.asking import Screen
from benefits_rules.respond import answers_of
from benefits_rules.shape import Person


def knowing(rules: Rules, house: Household, programs: list[str]) -> Household:
    """The household with each usual fact told as it usually is, and the day of application: a family knows that of itself.

    It applies for these programs; of who does not apply no status is told, since no interview asks for it.
    """
    told = house.to_dict()
    told.setdefault("applied_on", f"{house.month}-01")
    if isinstance(told.get("expenses"), list):  # asked what they pay for, nobody names what was paid once
        told["expenses"] = [e for e in told["expenses"] if e.get("every") != "once"]
    told["choices"] = {"apply_for": programs}
    for person in told["people"]:
        if not set(person.get("applying_for", programs)) & set(programs):
            person["citizenship"] = {}
        for fact in rules.catalogue.by_entity["person"]:
            if fact.usual is None:
                continue
            *keys, last = fact.at.split(".")
            part = person
            for key in keys:
                part = part.setdefault(key, {})
            part.setdefault(last, fact.options[fact.usual] if fact.options else bool(fact.usual))
    return Household.model_validate(told)


def reply(screen: Screen, known: dict[str, Any]) -> dict[str, Any]:
    """What the family says to a screen: what it knows; a checklist only where it is not as usual."""
    said: dict[str, Any] = {}
    for asked in screen.asked:
        if not asked.applies(said):
            continue
        value = known.get(asked.id)
        if value is None:
            if not screen.checklist and not asked.question.optional:
                said[asked.id] = "unknown"
        elif not (screen.checklist and value == asked.question.usual):
            said[asked.id] = value
    return said


def interviewed(rules: Rules, house: Household, programs: list[str]) -> tuple[Interview, list[Screen]]:
    """The family's interview to its end, and the screens that it saw."""
    known = answers_of(rules.script, house)
    talk = Interview(house.state, programs, month=house.month, rules=rules)
    screens = list(_asked(talk, known))
    asked = {a.id for s in screens for a in s.asked}
    told = {key: value for key, value in known.items() if key.endswith((".from", ".to")) and key not in asked and _has_row(talk, key)}
    if told:  # of a bill that ends nobody is asked; who says so may be asked more
        talk.change(told)
        screens += _asked(talk, known)
    return talk, screens


def _asked(talk: Interview, known: dict[str, Any]) -> Iterator[Screen]:
    while (screen := talk.next()) is not None:
        yield screen
        talk.answer(reply(screen, known))


def _has_row(talk: Interview, key: str) -> bool:
    return any(key.startswith(f"{row.id}.") for row in talk._story.rows)


def leaf_facts(screens: list[Screen], talk: Interview) -> int:
    """How many facts the family was asked: each answer given, each one on a checklist, each person's id and age."""
    asked = sum(1 for s in screens for a in s.asked if talk._answers.get(a.id) is not None and a.question.input != "people")
    return asked + sum(len(row) for row in talk._answers["people"])


def oracle_households(path: Path) -> Iterator[dict[str, Any]]:
    """The oracle's households in the contract's shape, with their archetypes."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("to_contract", path.parent / "to_contract.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with path.open() as lines:
        for line in lines:
            record = json.loads(line)
            yield {"archetype": record["archetype"], "id": record["id"], "household": module.household(record)}


__all__ = ["Person", "interviewed", "knowing", "leaf_facts", "oracle_households", "reply"]
