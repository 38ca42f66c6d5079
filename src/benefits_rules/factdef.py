"""factdef: what a fact is, of which entity, and what its value may be; and the catalogue of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from benefits_rules.leaves import WORDS, Between, Frozen, OneOf
from benefits_rules.model import Household
from benefits_rules.shape import Activity, Asset, Expense, Income, MedicalExpense, Person, Receives
from benefits_rules.values import AnyOf, Bound, Interval, Known, Maybe, Value, Why


@dataclass(frozen=True, slots=True)
class Entity:
    """What a rule may speak of: ``set`` is the name of its rows, ``type_`` the fact that says of what kind a row is."""

    name: str
    set: str
    owner: str
    link: str
    model: type[Frozen] | None
    type_: str = ""


ENTITIES = {
    e.name: e
    for e in (
        Entity("household", "household", "", "", Household),
        Entity("person", "people", "household", "", Person),
        Entity("income", "income", "person", "", Income, "source"),
        Entity("medical_expense", "medical_expenses", "person", "", MedicalExpense),
        Entity("activity", "activities", "person", "", Activity, "kind"),
        Entity("expense", "expenses", "household", "person", Expense, "kind"),
        Entity("asset", "assets", "household", "person", Asset, "kind"),
        Entity("receipt", "receipts", "person", "", Receives, "program"),
        Entity("bill", "bills", "person", "", Expense, "kind"),
        Entity("holding", "holdings", "person", "", Asset, "kind"),
        Entity("pair", "pairs", "person", "person", None),
        Entity("tie", "ties", "person", "outsider", None),
    )
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The same words in English and in Spanish."""

    en: str
    es: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A fact has a meaning only where ``fact`` of the same row is one of ``codes``."""

    fact: str
    codes: frozenset[int]

    def open(self, value: Value) -> bool | None:
        """Whether the fact has a meaning; ``None`` where that is not known."""
        if isinstance(value, int):
            return value in self.codes
        if isinstance(value, AnyOf):
            return None if value.options & self.codes and value.options - self.codes else value.options <= self.codes
        return None


@dataclass(frozen=True, slots=True)
class FactDef:
    """One fact: ``lo``, ``hi``, ``usual`` and ``otherwise`` are encoded; ``unit`` of a list is ``one of``.

    ``leaf`` takes what is told out of a row of the model, ``encode`` encodes it.
    """

    entity: str
    name: str
    unit: str
    options: tuple[str, ...]
    lo: int
    hi: int
    kind: Literal["told", "usual", "closed"]
    usual: Known | None
    at: str
    derived: str
    ask: Wording
    note: Wording | None
    gate: Gate | None
    otherwise: Known | None
    leaf: Callable[[Any], Any] = field(repr=False, compare=False)
    encode: Callable[[Any], Known] = field(repr=False, compare=False)

    def anything(self, why: Why) -> Bound:
        """The bound of a value of which nothing is known."""
        if self.unit == "yes/no":
            return Maybe(why)
        return AnyOf(frozenset(range(len(self.options))), why) if self.options else Interval(self.lo, self.hi, why)

    def within(self, codes: Iterable[int], why: Why) -> Value:
        """One of these codes: exact where there is one only."""
        some = frozenset(codes)
        if len(some) == 1:
            return bool(*some) if self.unit == "yes/no" else next(iter(some))
        return Maybe(why) if self.unit == "yes/no" else AnyOf(some, why)

    def read(self, told: Any, path: str) -> Value:
        """A leaf of the model → a value, or the bound that waits for ``path``."""
        if told is None or (told.__class__ is str and told in WORDS):
            return self.anything(frozenset((path,)))
        if isinstance(told, Between):
            lo, hi = self.encode(told.min), self.encode(told.max)
            return lo if lo == hi else Interval(lo, hi, frozenset((path,)))
        if isinstance(told, OneOf):
            return self.within(map(self.encode, told.any_of), frozenset((path,)))
        return self.encode(told)

    def join(self, value: Value, other: Known, why: Why) -> Value:
        """``value`` or ``other``; which of the two waits for ``why``."""
        if not isinstance(value, Bound) and value == other:
            return value
        why = why | value.why if isinstance(value, Bound) else why
        if isinstance(value, Maybe) or self.unit == "yes/no":
            return Maybe(why)
        if self.options:
            return AnyOf((value.options if isinstance(value, AnyOf) else frozenset((int_of(value),))) | {other}, why)
        lo, hi = (value.lo, value.hi) if isinstance(value, Interval) else (int_of(value), int_of(value))
        return Interval(min(lo, other), max(hi, other), why)


def int_of(value: Value) -> int:
    """An exact value that is a whole number."""
    assert isinstance(value, int)
    return value


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every fact, by (entity, name) and, in the order written, by entity."""

    facts: dict[tuple[str, str], FactDef]
    entities: dict[str, Entity]
    by_entity: dict[str, tuple[FactDef, ...]]

    def limited_to(self, wanted: frozenset[tuple[str, str]]) -> dict[str, tuple[FactDef, ...]]:
        """The facts wanted and those that gate them, by entity, in the order written; ``KeyError`` if there is no such fact."""
        needed: dict[str, set[str]] = {entity: set() for entity in self.by_entity}
        for entity, name in wanted:
            fact = self.facts[entity, name]
            needed[entity].add(name)
            while fact.gate is not None:
                fact = self.facts[entity, fact.gate.fact]
                needed[entity].add(fact.name)
        return {e: tuple([f for f in facts if f.name in needed[e]]) if needed[e] else () for e, facts in self.by_entity.items()}
