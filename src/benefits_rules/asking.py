"""asking: what one screen of an interview shows, and what an answer to it may look like."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from benefits_rules.errors import Problem
from benefits_rules.factdef import ENTITIES
from benefits_rules.leaves import WORDS
from benefits_rules.script import Question, ScreenPlan, opens
from benefits_rules.story import Row
from benefits_rules.syntax import Wording

Labels = Mapping[tuple[str, str], Wording]
#: Inputs whose answer is a list, and of what; a word may stand in place of those that ask for a whole list of the household.
_LISTS: dict[str, tuple[type, ...]] = {
    "people": (Mapping,), "parents": (str, Mapping), "members": (str,), "groups": (list,), "outside": (Mapping,),
    "help": (Mapping,), "kinds": (str,), "rows": (Mapping,),
}  # fmt: skip
NO_WORD = frozenset({"people", "parents", "members", "outside", "person"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is asked of somebody: ``path`` is where the household waits for it, ``before`` an earlier answer."""

    id: str
    question: Question
    row: Row | None
    person: str
    path: str
    when: tuple[str, frozenset[bool | str]] | None
    before: Any = field(default=None, repr=False)

    def settled(self) -> Asked:
        """The same without its condition, which is met already."""
        return replace(self, when=None)

    def applies(self, answers: Mapping[str, Any]) -> bool:
        """Whether the question has a meaning beside the other answers of its screen."""
        if self.when is None:
            return True
        key, values = self.when
        return opens(answers.get(key), values) is not False


#: What may be told of somebody at once with who lives here.
_PERSON = frozenset({"id", "age", "birth_date", "applying_for"})


def faults(key: str, question: Question, value: Any, here: Collection[str]) -> list[Problem]:
    """What is wrong with the shape of an answer, or whom it names that is not ``here``; the rest is for the model."""
    if isinstance(value, str) and value in WORDS:
        return [Problem(key, "this must be told", "answer it")] if question.input in NO_WORD else []
    of = _LISTS.get(question.input)
    if question.input == "person" and isinstance(value, str) and value not in here:
        return [_stranger(key)]
    if of is None:
        return [Problem(key, "this is not one answer", "give one value")] if isinstance(value, (list, tuple)) else []
    if isinstance(value, Mapping) and question.input in ("kinds", "help") and set(value) == {"rows", "unknown"}:
        value = value["rows"]
    if not isinstance(value, list) or not all(isinstance(part, of) for part in value):
        return [Problem(key, "this is not a list of the kind that is asked for", "give a list; [] says none")]
    if question.input == "people" and not all(isinstance(p.get("id"), str) and "." not in p["id"] for p in value):
        return [Problem(key, "somebody has no tag", "give each person an id: letters, digits, - and _; no name")]
    if question.input == "people" and not value:
        return [Problem(key, "nobody is told", "name everybody who lives here")]
    if question.input == "people" and not all(p.keys() <= _PERSON for p in value):
        return [Problem(key, "more than this screen asks is told of somebody", "give id, age or birth_date, and applying_for")]
    return [_stranger(key)] if not named(question, value) <= set(here) else []


def _stranger(key: str) -> Problem:
    return Problem(key, "somebody is named who does not live here", "use the ids of the first screen")


def named(question: Question, value: list[Any]) -> set[str]:
    """Whom an answer names of those who live here."""
    match question.input:
        case "members" | "parents":
            parts = [p.get("id") if isinstance(p, Mapping) else p for p in value]
        case "groups":
            parts = [p for group in value for p in group]
        case "help":
            parts = [p for row in value for p in (row.get("people") if isinstance(row.get("people"), list) else ())]
        case _:
            parts = []
    return {p for p in parts if isinstance(p, str)}


def plain(value: Any) -> Any:
    """An answer as JSON keeps it: amounts and days as text, so that nothing is rounded on the way."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (float, Decimal)):
        told = Decimal(repr(value)) if isinstance(value, float) else value
        return format(told, "f") if told.is_finite() and abs(told.adjusted()) < 40 else str(told)  # 1e999999999 is too long
    return value.isoformat() if isinstance(value, datetime.date) else value


@dataclass(frozen=True, slots=True)
class Screen:
    """One question, or a short group that belongs together. ``progress`` is (programs decided, programs asked for)."""

    plan: ScreenPlan = field(repr=False)
    whose: str
    asked: tuple[Asked, ...]
    labels: Labels = field(repr=False)
    row: Row | None
    progress: tuple[int, int]
    people: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its name, and for whom or for which row it is."""
        return f"{self.plan.name}:{self.whose}" if self.whose else self.plan.name

    @property
    def name(self) -> str:
        """Its name in the script."""
        return self.plan.name

    @property
    def checklist(self) -> bool:
        """Whether what is not ticked is as usual."""
        return self.plan.checklist

    def text(self, wording: Wording, lang: str, asked: Asked | None = None) -> str:
        """A wording in a language, for the person and the row that it speaks of."""
        row = asked.row if asked is not None and asked.row is not None else self.row
        person = (asked.person if asked is not None else "") or (row.person if row is not None else "") or self.whose
        said = wording.es if lang == "es" else wording.en
        kind = self.label(row_words(row), row.kind, lang) if row is not None else ""
        for slot, words in (("{person}", person), ("{row}", kind), ("{other}", ""), ("{outsider}", "")):
            said = said.replace(slot, words)
        return said.strip(": ")

    def label(self, words: str, option: str, lang: str) -> str:
        """What a family reads for an option."""
        found = self.labels.get((words, option))
        return option.replace("_", " ") if found is None else found.es if lang == "es" else found.en

    def heading(self, asked: Asked, lang: str) -> str:
        """The row that a question is about, where a screen asks about several."""
        if asked.row is None or self.row is not None:
            return ""
        return self.label(row_words(asked.row), asked.row.kind, lang) + (f" ({asked.row.person})" if asked.row.person else "")

    def to_dict(self) -> dict[str, Any]:
        """Plain data, every wording in both languages (``benefits-rules schema screen`` describes it)."""
        both = ("en", "es")
        found: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "title": {lang: self.text(self.plan.title, lang) for lang in both},
            "why": {lang: self.text(self.plan.why, lang) for lang in both},
        }
        if self.plan.counts is not None:
            found["counts"] = {lang: self.text(self.plan.counts, lang) for lang in both}
        found["checklist"] = self.checklist
        found["people"] = list(self.people)
        found["progress"] = {"decided": self.progress[0], "programs": self.progress[1]}
        found["questions"] = [self._question(a) for a in self.asked]
        return found

    def _question(self, asked: Asked) -> dict[str, Any]:
        both, q = ("en", "es"), asked.question
        found: dict[str, Any] = {"id": asked.id, "input": q.input, "ask": {lang: self.text(q.ask, lang, asked) for lang in both}}
        if asked.person:
            found["person"] = asked.person
        if self.heading(asked, "en"):
            found["row"] = {lang: self.heading(asked, lang) for lang in both}
        if q.note is not None:
            found["note"] = {lang: self.text(q.note, lang, asked) for lang in both}
        if q.options:
            found["options"] = [{"value": o, "label": {lang: self.label(q.words, o, lang) for lang in both}} for o in q.options]
        if q.span is not None:
            found["range"] = {"min": q.span[0], "max": q.span[1]}
        if asked.when is not None:
            found["when"] = {"id": asked.when[0], "is": sorted(asked.when[1], key=str)}
        if self.checklist:
            found["usual"] = q.usual
        if q.optional:
            found["optional"] = True
        if asked.before is not None:
            found["before"] = asked.before
        return found


def row_words(row: Row) -> str:
    """The list in ``options.yaml`` that names the kinds of an entity's rows."""
    return f"{row.entity}.{ENTITIES[row.entity].type_}"
