"""evaluate, the columns reading: the same plan over NumPy arrays, many households, states and months at once.

Rows of all households stand one after another, each entity with the index of the row that it belongs to;
gathering is a difference of running sums in ``int64``, exact and free of floats. Plans of one shape are
read together: each figure of a page becomes one parameter a plan, taken by the household's plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from benefits_rules import values
from benefits_rules.exact import NotExact, is_exact
from benefits_rules.facts import Facts
from benefits_rules.frame import UNPAID_BY
from benefits_rules.plan import Const, Divide, Fact, Gather, If, Ir, Link, Lookup, Op, Open, Plan, Ref, Round, Up
from benefits_rules.units import YES_NO
from benefits_rules.values import DIVIDE, ROUND

Array = npt.NDArray[Any]
I64 = np.int64


@dataclass(frozen=True, slots=True)
class Table:
    """Households as arrays: parents by row, links by row, a column a fact. ``people`` counts by household."""

    households: int
    up: dict[str, Array]
    link: dict[str, Array]
    columns: dict[tuple[str, str], Array]


def stack(facts: Sequence[Facts], wanted: Sequence[tuple[str, str]]) -> Table:
    """Households told in full, one after another. Raises :class:`NotExact`."""
    entities = [e for e in facts[0].rows if e != "household"]
    up: dict[str, list[int]] = {e: [] for e in entities}
    link: dict[str, list[int]] = {e: [] for e in entities}
    columns: dict[tuple[str, str], list[Any]] = {key: [] for key in wanted}
    for h, each in enumerate(facts):
        base = len(up["person"])
        for e in entities:
            rows = each.rows[e]
            first = h if e in ("person", "expense", "asset") else base
            up[e] += [first + (0 if e in ("person", "expense", "asset") else o) for o in rows.owner]
            link[e] += [base + k if k != UNPAID_BY else k for k in rows.link] if e in ("pair", "expense", "asset") else rows.link
        for e, name in wanted:
            columns[e, name] += each.rows[e].columns[name]
    try:
        made = {key: np.array(v, dtype=bool if v and isinstance(v[0], bool) else I64) for key, v in columns.items()}
    except (TypeError, ValueError):
        raise NotExact from None
    return Table(
        len(facts), {e: np.array(v, dtype=I64) for e, v in up.items()}, {e: np.array(v, dtype=I64) for e, v in link.items()}, made
    )


def evaluate(plans: Sequence[Plan], facts: Sequence[Facts]) -> list[dict[str, list[Any]]]:
    """Each household by its plan: every node's values as Python ints and bools, as the exact reading has them.

    Raises :class:`NotExact` if a household is not told in full.
    """
    for plan, each in zip(plans, facts, strict=True):
        if not is_exact(plan, each):
            raise NotExact
    found: list[dict[str, list[Any]]] = [{} for _ in facts]
    shapes: dict[str, list[int]] = {}
    for h, plan in enumerate(plans):
        shapes.setdefault(shape(plan).text, []).append(h)
    for members in shapes.values():
        group = [plans[h] for h in members]
        run = read(group, stack([facts[h] for h in members], group[0].facts))
        for name, entity in ((n.name, n.entity) for n in group[0].nodes):
            values, owner = run.values[name].tolist(), run.household(entity).tolist()
            for h in members:
                found[h][name] = []
            for value, h in zip(values, owner, strict=True):
                found[members[h]][name].append(value)
    return found


def read(plans: Sequence[Plan], table: Table) -> Run:
    """Plans of one shape, one a household, over a table. The bare reading: arrays in, arrays out."""
    distinct = list(dict.fromkeys(plans))
    shapes = [shape(p) for p in distinct]
    run = Run(table, distinct[0], shapes, np.array([distinct.index(p) for p in plans], dtype=I64) if len(distinct) > 1 else None)
    _compiled(shapes[0].text)(run)
    return run


@dataclass(frozen=True, slots=True)
class Shape:
    """A plan's generated text, and the figures that fill it."""

    text: str
    parameters: tuple[Any, ...]
    tables: tuple[Lookup, ...]


@lru_cache(maxsize=4096)
def shape(plan: Plan) -> Shape:
    """The shape of a plan, made once."""
    writer = _Writer(plan)
    text = writer.function()
    return Shape(text, tuple(writer.parameters), tuple(writer.tables))


@lru_cache(maxsize=512)
def _compiled(text: str) -> Callable[[Run], None]:
    space: dict[str, Any] = {}
    exec(compile(text, "<columns>", "exec"), {"__builtins__": {}, "np": np, "values": values}, space)
    return space["plan"]  # type: ignore[no-any-return]


class Run:
    """One reading: the arrays so far, and what the generated text calls."""

    def __init__(self, table: Table, plan: Plan, shapes: list[Shape], plan_of: Array | None) -> None:
        self.table, self.plan, self.plan_of = table, plan, plan_of
        self.up = dict(table.up)
        self.size = {e: len(v) for e, v in table.up.items()} | {"household": table.households}
        self.values: dict[str, Array] = {}
        self.shapes = shapes
        self._owner: dict[tuple[str, str], Array] = {}
        self._order: dict[tuple[str, str], tuple[Array, Array]] = {}

    # ------------------------------------------------------------ how rows hang together

    def owner(self, over: str, scope: str) -> Array:
        """For each row of ``over`` the row of ``scope`` that it belongs to."""
        if (over, scope) not in self._owner:
            rows, entity = np.arange(self.size[over]), over
            while entity != scope:
                rows, entity = self.up[entity][rows], self.plan.parents[entity]
            self._owner[over, scope] = rows
        return self._owner[over, scope]

    def household(self, entity: str) -> Array:
        """For each row its household, known before the units are."""
        if entity == "household":
            return np.arange(self.size["household"])
        if entity == "unit":
            return self.up["unit"]
        rows = self.table.up[entity]
        return rows if entity in ("person", "expense", "asset") else self.table.up["person"][rows]

    def group(self, ties: Array) -> None:
        """Connected groups by spreading the smallest index along the ties until nothing changes."""
        people, home = self.size["person"], self.table.up["person"]
        a, b = self.table.up["pair"][ties], self.table.link["pair"][ties]
        label = np.arange(people)
        while True:
            new = label.copy()
            np.minimum.at(new, a, label[b])
            np.minimum.at(new, b, label[a])
            new = new[new]
            if np.array_equal(new, label):
                break
            label = new
        first, units = np.unique(label, return_inverse=True)
        self.size["unit"] = len(first)
        self.up["unit"] = home[first]
        self.up["person"] = units.astype(I64)
        only = np.full(self.table.households, UNPAID_BY)
        unit_count = np.bincount(home[first], minlength=self.table.households)
        alone = unit_count[home[first]] == 1
        only[home[first][alone]] = np.arange(len(first))[alone]
        for entity in ("expense", "asset"):
            payer, house = self.table.link[entity], self.table.up[entity]
            known = payer >= 0
            unit = only[house]
            unit[known] = units[payer[known]]
            if (unit == UNPAID_BY).any():
                raise NotExact
            self.up[entity] = unit
        self._owner.clear()
        self._order.clear()

    # ------------------------------------------------------------ what the text calls

    def fact(self, entity: str, name: str) -> Array:
        return self.table.columns[entity, name]

    def parameter(self, n: int, entity: str) -> Any:
        if self.plan_of is None:
            return self.shapes[0].parameters[n]
        return np.array([s.parameters[n] for s in self.shapes])[self.plan_of[self.household(entity)]]

    def linked(self, entity: str, value: Array) -> Array:
        """The other person's value; of who pays or owns, or whether it is so of everybody in the unit where nobody is told."""
        link = self.table.link[entity]
        if entity == "pair":
            return value[link]
        above = self.plan.parents[entity]
        everybody = np.logical_not(self.some("person", above, np.logical_not(value), True))
        found: Array = np.where(link >= 0, value[link], everybody[self.up[entity]]) if len(value) else everybody[self.up[entity]]
        return found

    def put(self, name: str, entity: str, value: Any) -> Array:
        whole = np.broadcast_to(value, (self.size[entity],))
        self.values[name] = whole
        return whole

    def look(self, n: int, entity: str, *keys: Array) -> Array:
        """A table's cell; with several plans, each household's own table."""
        if self.plan_of is None:
            return _cells(self.shapes[0].tables[n], keys)
        which = self.plan_of[self.household(entity)]
        first = self.shapes[0].tables[n]
        found = np.zeros(self.size[entity], dtype=bool if first.type == YES_NO else I64)
        for p, each in enumerate(self.shapes):
            here = which == p
            found[here] = _cells(each.tables[n], tuple(np.broadcast_to(k, here.shape)[here] for k in keys))
        return found

    def order(self, over: str, scope: str) -> tuple[Array, Array]:
        """Rows sorted by whom they belong to, and where each one's rows begin and end."""
        if (over, scope) not in self._order:
            owner = self.owner(over, scope)
            offsets = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=self.size[scope])))).astype(I64)
            self._order[over, scope] = np.argsort(owner, kind="stable"), offsets
        return self._order[over, scope]

    def total(self, over: str, scope: str, value: Any, where: Any) -> Array:
        order, offsets = self.order(over, scope)
        kept = np.broadcast_to(np.where(where, value, 0), (self.size[over],)).astype(I64)
        running = np.concatenate((np.zeros(1, I64), np.cumsum(kept[order])))
        found: Array = running[offsets[1:]] - running[offsets[:-1]]
        return found

    def some(self, over: str, scope: str, value: Any, where: Any) -> Array:
        return self.total(over, scope, np.logical_and(value, where), True) > 0

    def ranked(self, over: str, scope: str, value: Any, where: Any, otherwise: Any, nth: int, sign: int) -> Array:
        """The n-th in order of ``sign × value`` among the rows kept."""
        size = self.size[over]
        kept = np.broadcast_to(where, (size,))
        owner, value = self.owner(over, scope)[kept], np.broadcast_to(value, (size,))[kept]
        order = np.lexsort((sign * value, owner))
        counts = np.bincount(owner, minlength=self.size[scope])
        starts = np.concatenate(([0], np.cumsum(counts)))[:-1]
        found = np.array(np.broadcast_to(otherwise, (self.size[scope],)), dtype=I64)
        enough = counts >= nth
        found[enough] = value[order][starts[enough] + nth - 1]
        return found


def _cells(table: Lookup, keys: Sequence[Array]) -> Array:
    index: Any = 0
    for key, d in zip(keys, table.dimensions, strict=True):
        if d.codes:
            codes = np.array(d.codes)
            at = np.minimum(np.searchsorted(codes, key), len(codes) - 1)
            place = np.where(codes[at] == key, at, d.size - 1)
        else:
            place = np.clip(np.asarray(key, dtype=I64) - d.low, 0, d.size - 1)
        index = index * d.size + place
    found: Array = np.array(table.cells, dtype=bool if table.type == YES_NO else I64)[index]
    return found


class _Writer:
    """Writes a plan down as NumPy, one line a node."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.number = {node.name: n for n, node in enumerate(plan.nodes)}
        self.parameters: list[Any] = []
        self.tables: list[Lookup] = []

    def function(self) -> str:
        lines = []
        grouped = self.plan.connect is None
        for node in self.plan.nodes:
            if not grouped and node.name in self.plan.below_unit:
                lines.append(f"run.group(v{self.number[self.plan.connect or '']})")
                grouped = True
            lines.append(f"v{self.number[node.name]} = run.put({node.name!r}, {node.entity!r}, {self.expr(node.expr)})")
        if not grouped:
            lines.append(f"run.group(v{self.number[self.plan.connect or '']})")
        return "def plan(run):\n" + "\n".join("    " + line for line in lines)

    def expr(self, expr: Ir) -> str:
        match expr:
            case Const():
                if expr.fixed:
                    return repr(bool(expr.value) if expr.type == YES_NO else expr.value)
                self.parameters.append(bool(expr.value) if expr.type == YES_NO else expr.value)
                return f"run.parameter({len(self.parameters) - 1}, {expr.entity!r})"
            case Open():
                raise NotExact
            case Fact():
                return f"run.fact({expr.entity!r}, {expr.name!r})"
            case Ref():
                return f"v{self.number[expr.name]}"
            case Up() if expr.source.entity == "household":
                return f"{self.expr(expr.source)}[run.household({expr.entity!r})]"
            case Up():
                return f"{self.expr(expr.source)}[run.up[{expr.entity!r}]]"
            case Link():
                return f"run.linked({expr.entity!r}, {self.expr(expr.source)})"
            case If():
                return f"np.where({self.expr(expr.condition)}, {self.expr(expr.then)}, {self.expr(expr.other)})"
            case Round():
                return self.call(ROUND[expr.how].__name__, self.expr(expr.x), expr.unit)
            case Divide():
                return self.call(DIVIDE[expr.how].__name__, self.expr(expr.a), self.expr(expr.b), expr.unit)
            case Lookup():
                self.tables.append(expr)
                n = len(self.tables) - 1
                return f"run.look({n}, {expr.entity!r}, {', '.join(self.expr(k) for k in expr.keys)})"
            case Gather():
                return self.gather(expr)
            case Op():
                return self.operation(expr)

    @staticmethod
    def call(name: str, *parts: object) -> str:
        return f"values.{name}({', '.join(map(str, parts))})"

    def operation(self, expr: Op) -> str:
        args = [self.expr(a) for a in expr.args]
        match expr.op:
            case "and" | "or":
                return f"np.logical_{expr.op}({args[0]}, {args[1]})"
            case "not":
                return f"np.logical_not({args[0]})"
            case "neg":
                return f"(-{args[0]})"
            case "mul":
                return f"({args[0]} * {args[1]})"
            case "times":
                return f"values.times({args[0]}, {args[1]})"
            case "in":
                return f"np.isin({args[0]}, ({', '.join(args[1:])},))"
            case "min" | "max":
                found = args[0]
                for a in args[1:]:
                    found = f"np.{expr.op}imum({found}, {a})"
                return found
            case _:
                return f"({args[0]} {expr.op} {args[1]})"

    def gather(self, expr: Gather) -> str:
        value = self.expr(expr.value) if expr.value is not None else "1"
        where = self.expr(expr.where) if expr.where is not None else "True"
        over, scope = repr(expr.over), repr(expr.entity)
        match expr.function:
            case "sum" | "count":
                return f"run.total({over}, {scope}, {value}, {where})"
            case "any":
                return f"run.some({over}, {scope}, {value}, {where})"
            case "every":
                return f"np.logical_not(run.some({over}, {scope}, np.logical_not({value}), {where}))"
        assert expr.otherwise is not None
        sign = -1 if expr.function == "largest" else 1
        return f"run.ranked({over}, {scope}, {value}, {where}, {self.expr(expr.otherwise)}, {expr.nth}, {sign})"
