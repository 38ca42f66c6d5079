"""Families at a keyboard: the lines that somebody types who answers an interview as :mod:`interviews` has them answer."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from benefits_rules import Household, Interview, Rules
from benefits_rules.asking import Asked, Screen
from benefits_rules.converse import converse
from benefits_rules.desk import Desk
from benefits_rules.respond import answers_of
from interviews import knowing, reply

EVERY = ("hour", "day", "week", "two_weeks", "half_month", "month", "quarter", "year", "once")
PARENTS = ("biological", "adoptive", "step", "foster", "guardian")
YES_NO = {"en": ("n", "y"), "es": ("n", "s")}


def at_desk(lines: Sequence[str], lang: str = "en") -> tuple[Desk, io.StringIO]:
    """A desk at which these lines are typed, and all that is said there."""
    said = io.StringIO()
    console = Console(file=said, width=300, highlight=False, emoji=False, markup=False)
    return Desk(console, io.StringIO("".join(f"{line}\n" for line in lines)), lang), said


def conversed(talk: Interview, lines: Sequence[str], lang: str = "en", kept: Path | None = None) -> tuple[int, str]:
    """The exit status of a conversation, and all that it said."""
    desk, said = at_desk(lines, lang)
    return converse(desk, talk, kept), said.getvalue()


def told_here(rules: Rules, house: Household, programs: list[str]) -> Household:
    """The household with all that it knows of itself, as far as a terminal asks for it: of a health cost no first and last day."""
    told = knowing(rules, house, programs).to_dict()
    for person in told["people"]:
        if isinstance(person.get("medical_expenses"), list):
            person["medical_expenses"] = [{k: v for k, v in row.items() if k not in ("from", "to")} for row in person["medical_expenses"]]
    return Household.model_validate({**told, "months": 1})


def script(rules: Rules, house: Household, programs: list[str], lang: str) -> tuple[list[str], Interview]:
    """What a family types that knows all about itself, and the interview that it is held to: the same answers without a keyboard."""
    known = answers_of(rules.script, house)
    for row in known["people"]:  # of other programs nobody asks
        if "applying_for" in row:
            row["applying_for"] = [p for p in row["applying_for"] if p in programs]
    talk = Interview(house.state, programs, month=house.month, rules=rules)
    lines: list[str] = []
    while (shown := talk.next()) is not None:
        said = reply(shown, known)
        if shown.checklist:
            lines += ticks(shown, said)
        else:
            values: dict[str, Any] = {}
            for asked in shown.asked:
                if asked.applies(values):
                    values |= {asked.id: said[asked.id]} if asked.id in said else {}
                    lines += typing(shown, asked, said.get(asked.id), lang, talk)
        talk.answer(said)
    return lines, talk


def ticks(shown: Screen, said: dict[str, Any]) -> Iterator[str]:
    """A checklist's lines."""
    entries: dict[str, list[Asked]] = {}
    for asked in shown.asked:
        entries.setdefault(asked.question.name, []).append(asked)
    true = [i for i, entry in enumerate(entries.values()) if any(a.id in said for a in entry)]
    yield " ".join(str(i + 1) for i in true)
    for i in true:
        entry = list(entries.values())[i]
        here = [a for a in entry if a.id in said]
        if len(entry) > 1:
            yield ",".join(a.person for a in here)
        for asked in here:
            if asked.question.options:
                offered = [o for o in asked.question.options if o != asked.question.usual]
                yield str(offered.index(said[asked.id]) + 1)


def typing(shown: Screen, asked: Asked, value: Any, lang: str, talk: Interview) -> Iterator[str]:
    """One answer's lines."""
    question, here = asked.question, list(shown.people)
    others = [p for p in here if p != asked.person or asked.row is not None]
    if value is None:
        yield ""
    elif isinstance(value, str) and value in ("unknown", "declined"):
        yield {"unknown": "?", "declined": "-"}[value]
    elif question.input == "people":
        yield from _people(value, lang, list(talk.programs))
    elif question.input == "parents":
        kinds = {(p["id"] if isinstance(p, dict) else p): (p["kind"] if isinstance(p, dict) else "biological") for p in value}
        yield _numbers(list(kinds), others)
        yield from (str(PARENTS.index(kind) + 1) for kind in kinds.values())
    elif question.input == "groups":
        yield YES_NO[lang][len(value) == 1]
        if len(value) > 1:
            yield from (str(next(i for i, group in enumerate(value) if p in group)) for p in here)
    elif question.input == "outside":
        for row in value:
            yield from (row["id"], str(row.get("age", "")), _numbers(row.get("parent_of", []), here), _numbers(row.get("child_of", []), here))
            yield row.get("spouse_of", "")
        yield ""
    elif question.input == "help":
        yield _numbers([r["program"] for r in value], question.options) or "0"
        yield from (_numbers(r["people"], here) for r in value if len(here) > 1)
    elif question.input == "kinds":
        yield _numbers(value, question.options)
    elif question.leaf == "tax_returns":
        everybody = [*here, *(o.id for o in talk.household.outside_people)]
        for row in value:
            yield _numbers(row["filers"], everybody)
            yield " ".join(row.get("dependents", []))
        yield ""
    elif question.input == "rows":
        for row in value:
            yield from (row["amount"], str(EVERY.index(row["every"]) + 1), *([row["received_on"]] if row["every"] == "once" else []))
        yield ""
    elif question.input in ("person", "members"):
        yield _numbers([value] if isinstance(value, str) else value, others if question.input == "person" else here)
    elif question.input == "yes/no":
        yield YES_NO[lang][value]
    elif question.input == "choice":
        yield str(question.options.index(value) + 1)
    else:
        yield f"{value['min']}..{value['max']}" if isinstance(value, dict) else str(value)


def _people(rows: list[dict[str, Any]], lang: str, programs: list[str]) -> Iterator[str]:
    for row in rows:
        yield row["id"]
        yield str(row.get("birth_date", row.get("age", "?")))
    yield ""
    if len(rows) > 1:
        wanted = {r["id"]: set(r.get("applying_for", programs)) & set(programs) for r in rows}
        together = all(w == set(programs) for w in wanted.values())
        yield YES_NO[lang][together]
        for mine in wanted.values() if not together else ():
            yield YES_NO[lang][bool(mine)] if len(programs) == 1 else _numbers([p for p in programs if p in mine], programs) or "0"


def _numbers(some: Sequence[str], of: Sequence[str]) -> str:
    return " ".join(str(list(of).index(s) + 1) for s in some)
