"""check, the names' part: what a name means where it stands.

A formula sees its own entity's facts and values and those of what it belongs to, brought down row by row. What lies
below is reached only by gathering, the other person of a pair only by ``other.``, who pays only by ``payer.``.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import NoReturn

from benefits_rules.fitting import Fault, refuse
from benefits_rules.plan import Const, Fact, Ir, Link, Node, Ref, Up
from benefits_rules.source import Text
from benefits_rules.syntax import Definition, Expr, Name, Variant
from benefits_rules.tables import Cells
from benefits_rules.units import DATE, LINKS, SETS, YES_NO, Type, parse_type

#: (entity, fact) → its type, as the catalogue of facts has it.
FactTypes = Mapping[tuple[str, str], Type]


@dataclass(frozen=True, slots=True)
class InForce:
    """A definition and what it says in the month asked for."""

    definition: Definition
    variant: Variant


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a formula stands: its entity, and its local names."""

    entity: str
    names: dict[str, Ir]


class Failed(Exception):
    """A definition that this one needs has a fault of its own, which is reported there."""


class Names:
    """The definitions in force and the facts, by name. :meth:`define` is for who knows definitions."""

    def __init__(self, in_force: Mapping[str, InForce], facts: FactTypes, parents: Mapping[str, str], month: date) -> None:
        self.in_force, self.facts, self.parents = in_force, facts, parents
        self.first = month
        self.last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        self.tables: dict[str, Cells] = {}
        self.keyed: dict[str, tuple[Type, ...]] = {}

    def define(self, name: str) -> Node:
        """The node of a definition; made by :class:`~benefits_rules.check.Checker`."""
        raise NotImplementedError

    def report(self, source: Text, fault: Fault) -> None:
        """Keep a fault that stands in a file."""
        raise NotImplementedError

    def unit_of(self, definition: Definition) -> Type | None:
        """A definition's unit as declared. Raises :class:`Fault` if there is no such unit."""
        if definition.unit is None:
            return None
        found = parse_type(definition.unit)
        if found is None:
            refuse(
                "unit", definition, f"there is no unit `{definition.unit}`", "write USD/month, rate, count, yes/no, one of a, b …"
            )
        return found

    def lookup(self, name: Name, keys: tuple[Expr, ...], scope: Scope) -> Ir:
        """A table's cell; made by :class:`~benefits_rules.formulas.Formulas`."""
        raise NotImplementedError

    # ------------------------------------------------------------ names

    def name(self, expr: Name, scope: Scope, want: Type | None = None) -> Ir:
        text = expr.text
        if want is not None and text in want.options:  # where a word of an enumeration is expected, it means that word
            return Const(want, scope.entity, 0, want.options.index(text), fixed=True)
        if text in scope.names:
            return scope.names[text]
        if "." in text:
            return self.other(expr, scope)
        if text in ("month_start", "month_end"):
            return Const(DATE, scope.entity, 0, (self.first if text == "month_start" else self.last).toordinal())
        if text in self.in_force:
            found = self.in_force[text].definition
            if found.kind == "table":
                return self.lookup(expr, found.by, scope)
            if found.kind == "set":
                refuse("set", expr, f"`{text}` is a set", f"write `… in {text}`")
            node = self.define(text)
            return self.bring(Ref(node.type, node.entity, node.expr.places, text), expr, scope)
        for entity in self.chain(scope.entity):
            if (entity, text) in self.facts:
                kind = self.facts[entity, text]
                return self.bring(Fact(kind, entity, 2 if kind.scaled else 0, text), expr, scope)
        self.unknown(expr, scope)

    def other(self, expr: Name, scope: Scope) -> Ir:
        """``other.age`` of a pair, ``payer.counted`` of an expense, ``owner.counted`` of an asset."""
        word, _, text = expr.text.partition(".")
        if LINKS.get(word) != scope.entity:
            refuse(
                "other",
                expr,
                f"`{word}.` has no meaning for a {scope.entity}",
                "`other.` is for pairs, `payer.` for expenses, `owner.` for assets",
            )
        inner = self.name(Name(text, expr.at, expr.end), Scope("person", {}))
        if word != "other" and inner.type != YES_NO:
            refuse("yes-no", expr, f"`{word}.` takes a yes/no of people, not {inner.type}", "make a yes/no of it first")
        return Link(inner.type, scope.entity, inner.places, inner)

    def unknown(self, expr: Name, scope: Scope) -> NoReturn:
        below = sorted({e for e, n in self.facts if n == expr.text})
        if below:
            sets = [s for s, e in SETS.items() if e in below]
            refuse(
                "scope",
                expr,
                f"`{expr.text}` belongs to each {' or '.join(below)}, not to the {scope.entity}",
                f"gather it: sum, count, any or every … of {' / '.join(sets)}",
            )
        names = {*self.in_force, *scope.names, *(n for e, n in self.facts if e in self.chain(scope.entity))}
        close = get_close_matches(expr.text, names, 1)
        refuse(
            "name",
            expr,
            f"`{expr.text}` is not defined",
            f"did you mean `{close[0]}`?" if close else "define it on the page, or use a fact of the catalogue",
        )

    def chain(self, entity: str) -> Iterable[str]:
        yield entity
        while entity in self.parents:
            entity = self.parents[entity]
            yield entity

    def bring(self, value: Ir, expr: Name, scope: Scope) -> Ir:
        """A value of this entity or of an ancestor, brought down to the scope."""
        path = list(self.chain(scope.entity))
        if value.entity not in path:
            sets = [s for s, e in SETS.items() if e == value.entity]
            refuse(
                "scope",
                expr,
                f"`{expr.text}` belongs to each {value.entity}, not to the {scope.entity}",
                f"gather it: sum, count, any or every … of {' / '.join(sets) or value.entity}",
            )
        return self.down(value, scope.entity)

    def down(self, value: Ir, entity: str) -> Ir:
        """A value of an ancestor on a row below it: row by row, but the household's at once, which waits for no unit."""
        if value.entity == "household" != entity:
            return Up(value.type, entity, value.places, value)
        path = list(self.chain(entity))
        for step in reversed(path[: path.index(value.entity)]):
            value = Up(value.type, step, value.places, value)
        return value
