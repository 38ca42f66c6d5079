"""retold: an answer as the interview keeps it → the words in which it is shown again to those who gave it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benefits_rules.asking import Asked, Screen
from benefits_rules.explain import dollars
from benefits_rules.leaves import WORDS
from benefits_rules.render.spoken import SPOKEN


def retold(shown: Screen, asked: Asked, value: Any, lang: str) -> str:
    """The answer in words."""
    return _Retelling(shown, asked, lang).of(value)


class _Retelling:
    def __init__(self, shown: Screen, asked: Asked, lang: str) -> None:
        self.shown, self.question, self.lang, self.words = shown, asked.question, lang, SPOKEN[lang]

    def of(self, value: Any) -> str:
        """Any answer: a word, a bound, a list, or one value."""
        if isinstance(value, str) and value in WORDS:
            return self.words[value]
        if isinstance(value, Mapping):
            return self.bound(value)
        if isinstance(value, (list, tuple)):
            return ", ".join(self.part(v) for v in value) or self.words["none"]
        return self.one(value)

    def bound(self, value: Mapping[str, Any]) -> str:
        if "min" in value:
            return self.words["range"].format(min=self.one(value["min"]), max=self.one(value["max"]))
        if "any_of" in value:
            return " / ".join(self.one(v) for v in value["any_of"])
        told = [self.one(v) for v in value.get("rows", ())]
        return ", ".join([*told, *(self.words["maybe"].format(text=self.one(v)) for v in value.get("unknown", ()))])

    def one(self, value: Any) -> str:
        if isinstance(value, bool):
            return self.words["yes" if value else "no"]
        if self.question.options and isinstance(value, str):
            return self.shown.label(self.question.words, value, self.lang)
        return dollars(str(value)) if self.question.input == "money" and value is not None else str(value)

    def part(self, value: Any) -> str:
        """One part of a list."""
        if isinstance(value, (list, tuple)):
            return "(" + " ".join(map(str, value)) + ")"
        return self.row(value) if isinstance(value, Mapping) else self.one(value)

    def row(self, row: Mapping[str, Any]) -> str:
        if "program" in row:
            return f"{self.one(row['program'])} ({' '.join(row.get('people', ()))})"
        if "filers" in row:
            return " + ".join(row["filers"]) + (f" ({' '.join(row['dependents'])})" if row.get("dependents") else "")
        if "amount" in row:
            amount, every = row["amount"], row.get("every", "")
            said = self.of(amount) if isinstance(amount, Mapping) or amount in WORDS else dollars(str(amount))
            return f"{said} {self.shown.label('every', every, self.lang) if every not in WORDS else ''}".strip()
        name, kind = str(row.get("id", "")), row.get("kind")
        if kind is not None:
            return f"{name} ({self.shown.label('parent.kind', kind, self.lang)})"
        age = row.get("birth_date", row.get("age"))
        if age is None or isinstance(age, str):
            return f"{name} ({self.of(age)})" if age is not None else name
        return f"{name} ({self.words['age'].format(age=self.of(age))})"
