"""The Plan: typed, sorted nodes for one program, state and month. What all three readings read.

An expression belongs to an entity (its scope) and names only its own entity's values; what belongs to an
ancestor is brought down by :class:`Up` (income → person → unit → household), the other person's values by
:class:`Link`, and descendants are brought up by :class:`Gather`. ``places`` is how many decimals the value
needs: the checker refuses a seventh, so that millionths are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from benefits_rules.syntax import Citation, Definition, Module, Result, Wording
from benefits_rules.units import Type


@dataclass(frozen=True, slots=True)
class Const:
    """A figure of the page. ``fixed`` ones (an option's index) belong to the plan's shape."""

    type: Type
    entity: str
    places: int
    value: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A column of the household's facts."""

    type: Type
    entity: str
    places: int
    name: str


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of another node of the same entity."""

    type: Type
    entity: str
    places: int
    name: str


@dataclass(frozen=True, slots=True)
class Up:
    """The value of the row that this row belongs to, or of the household that it is in."""

    type: Type
    entity: str
    places: int
    source: Ir


@dataclass(frozen=True, slots=True)
class Link:
    """On a pair: the value of the other person. On an expense or asset: whether it is so of who pays or owns.

    Where no payer or owner is told, it is so only if it is so of everybody in the unit.
    """

    type: Type
    entity: str
    places: int
    source: Ir


@dataclass(frozen=True, slots=True)
class Op:
    """``+ - neg times mul min max and or not == < <= in``; ``times`` is exact multiplication of millionths."""

    type: Type
    entity: str
    places: int
    op: str
    args: tuple[Ir, ...]


@dataclass(frozen=True, slots=True)
class If:
    type: Type
    entity: str
    places: int
    condition: Ir
    then: Ir
    other: Ir


@dataclass(frozen=True, slots=True)
class Gather:
    """``sum count any every largest smallest`` over the rows of ``over`` that belong to this row."""

    type: Type
    entity: str
    places: int
    function: str
    nth: int
    over: str
    value: Ir | None
    where: Ir | None
    otherwise: Ir | None


@dataclass(frozen=True, slots=True)
class Dimension:
    """How a key finds its cell: dense from ``low`` for ``size`` cells, clipped at both ends; or by ``codes``.

    With ``codes`` the cell is the code's position, and the last cell is for every other code.
    """

    low: int
    size: int
    codes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table's cell: row-major over its dimensions."""

    type: Type
    entity: str
    places: int
    table: str
    dimensions: tuple[Dimension, ...]
    cells: tuple[int, ...]
    keys: tuple[Ir, ...]


@dataclass(frozen=True, slots=True)
class Round:
    type: Type
    entity: str
    places: int
    how: str
    x: Ir
    unit: int


@dataclass(frozen=True, slots=True)
class Divide:
    """``a ÷ b``, by a whole number, rounded to a multiple of ``unit`` in one step."""

    type: Type
    entity: str
    places: int
    how: str
    a: Ir
    b: Ir
    unit: int


@dataclass(frozen=True, slots=True)
class Open:
    """An option that no state has filled: it may be anything of its unit."""

    type: Type
    entity: str
    places: int
    name: str


Ir = Open | Const | Fact | Ref | Up | Link | Op | If | Gather | Lookup | Round | Divide


@dataclass(frozen=True, slots=True)
class Node:
    """One named value of the plan."""

    name: str
    entity: str
    expr: Ir
    definition: Definition | None = field(repr=False)
    citations: tuple[Citation, ...] = field(repr=False)

    @property
    def type(self) -> Type:
        return self.expr.type


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An exception as explained: its name, law, wording."""

    name: str
    citations: tuple[Citation, ...]
    say: Wording | None


@dataclass(frozen=True, slots=True)
class Test:
    """The nodes that a test consists of: its outcome, which exception held, its value and its limit."""

    name: str
    outcome: str
    exception: str
    value: str | None
    limit: str | None
    exceptions: tuple[ExceptionRow, ...]


@dataclass(frozen=True, slots=True)
class Caution:
    """A figure to be careful with: past the last period it is known for, or not yet verified."""

    code: str
    definition: str
    detail: str


@dataclass(eq=False)
class Plan:
    """One program of one state in one month, ready to be read."""

    program: str
    state: str | None
    month: date
    module: Module
    base: Module
    result: Result | None
    parents: dict[str, str]
    nodes: tuple[Node, ...]
    tests: dict[str, Test]
    connect: str | None
    below_unit: frozenset[str]
    facts: tuple[tuple[str, str], ...]
    cautions: tuple[Caution, ...]
    laws: dict[str, tuple[Citation, ...]]
    digest: str
    closures: Any = field(default=None, repr=False)
    generated: Any = field(default=None, repr=False)

    @cached_property
    def wanted(self) -> frozenset[tuple[str, str]]:
        """The facts that the plan reads, for who projects a household for it."""
        return frozenset(self.facts)

    @cached_property
    def reads(self) -> tuple[tuple[frozenset[tuple[str, str]], frozenset[str]], ...]:
        """The facts and the other nodes that each node reads itself, in the plan's order."""
        found = []
        for node in self.nodes:
            parts = list(walk(node.expr))
            own = frozenset((x.entity, x.name) for x in parts if isinstance(x, Fact))
            found.append((own, frozenset(x.name for x in parts if isinstance(x, Ref))))
        return tuple(found)

    @cached_property
    def readers(self) -> dict[str, tuple[Node, ...]]:
        """The nodes that read a definition themselves, by its name: a table's cells or another node."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            for name in {x.table if isinstance(x, Lookup) else x.name for x in walk(node.expr) if isinstance(x, (Lookup, Ref))}:
                found.setdefault(name, []).append(node)
        return {name: tuple(nodes) for name, nodes in found.items()}

    @cached_property
    def facts_of_others(self) -> frozenset[str]:
        """The facts of people that a result of one person reads of others too: what stands behind an `other.` or a gathering."""
        found, seen = set[str](), set[str]()
        todo: list[Ir] = []
        for node in self.nodes:
            for x in walk(node.expr):
                if isinstance(x, Link):
                    todo.append(x.source)
                elif isinstance(x, Gather) and x.over in ("person", "expense", "asset"):
                    todo += [part for part in (x.value, x.where) if part is not None]
        while todo:
            for x in walk(todo.pop()):
                if isinstance(x, Fact) and x.entity == "person":
                    found.add(x.name)
                elif isinstance(x, Ref) and x.name not in seen:
                    seen.add(x.name)
                    todo.append(self.by_name[x.name].expr)
        return frozenset(found)

    @cached_property
    def by_name(self) -> dict[str, Node]:
        return {n.name: n for n in self.nodes}

    def laws_of(self, node: Node, parts: Iterable[Ir]) -> tuple[Citation, ...]:
        """A node's citations, and those of the tables and the state's options that these parts of its formula read."""
        read = [x.table if isinstance(x, Lookup) else x.name for x in parts if isinstance(x, (Lookup, Ref))]
        own = [name for name in read if name not in self.by_name or self._chooses(self.by_name[name])]
        laws = [*node.citations, *(law for name in own for law in self.laws.get(name, ()))]
        return tuple({c.law: c for c in reversed(laws)}.values())[::-1]

    @staticmethod
    def _chooses(node: Node) -> bool:
        """An option that says how or how much; one that only says where (a region) explains nothing."""
        return node.definition is not None and node.definition.kind == "option" and not node.type.options

    def node(self, name: str) -> Node:
        """The node of that name; ``KeyError`` if there is none."""
        return self.by_name[name]


def children(expr: Ir) -> tuple[Ir, ...]:
    """The expressions directly inside an expression."""
    match expr:
        case Const() | Fact() | Ref() | Open():
            return ()
        case Up() | Link():
            return (expr.source,)
        case Op():
            return expr.args
        case If():
            return (expr.condition, expr.then, expr.other)
        case Gather():
            return tuple(x for x in (expr.value, expr.where, expr.otherwise) if x is not None)
        case Lookup():
            return expr.keys
        case Round():
            return (expr.x,)
        case Divide():
            return (expr.a, expr.b)


def walk(expr: Ir) -> Iterator[Ir]:
    """An expression and everything inside it, from the outside in and from left to right."""
    todo = [expr]
    while todo:
        part = todo.pop()
        yield part
        todo += reversed(children(part))
