"""project: a household in one month → rows and columns of facts; and the catalogue that names the facts.

A rule never sees the household: it sees :class:`Facts`, one table of rows for each entity, one column for each
fact of the catalogue, encoded as :mod:`benefits_rules.values` says. What is told at a path is read as the
catalogue's ``at`` says; what follows from several things told is *derived*, one small function a fact.

    presence   CERTAIN  there is this row          MAYBE  there may be this row
               MANY     it stands for 0 to ``MAX_ROWS`` rows, each of them somewhere in its bounds
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from benefits_rules import model, source
from benefits_rules.model import Between, Frozen, Household, Income, OneOf, Paid, Partly
from benefits_rules.source import Mapping, Node, Scalar, Sequence, fail
from benefits_rules.values import MAX_MONEY, MICRO, AnyOf, Bound, Interval, Known, Maybe, Value, Why, micros

MAYBE, CERTAIN, MANY = 0, 1, 2

# ── the catalogue ─────────────────────────────────────────────────────────────────────────────────────────


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
        Entity("person", "people", "household", "", model.Person),
        Entity("income", "income", "person", "", Income, "source"),
        Entity("medical_expense", "medical_expenses", "person", "", model.MedicalExpense),
        Entity("activity", "activities", "person", "", model.Activity, "kind"),
        Entity("expense", "expenses", "household", "person", model.Expense, "kind"),
        Entity("asset", "assets", "household", "person", model.Asset, "kind"),
        Entity("receipt", "receipts", "person", "", model.Receives, "program"),
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
    """One fact: ``lo``, ``hi``, ``usual`` and ``otherwise`` are encoded; ``unit`` of a list is ``one of``."""

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
    attributes: tuple[str, ...] = field(repr=False)
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
        if told is None or told.__class__ is str and told in model.WORDS:
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


_MONEY = ("USD", "USD/period", "USD/month")
_RANGES = {**dict.fromkeys(_MONEY, (0, MAX_MONEY)), "hours/week": (0, 168 * MICRO), "yes/no": (0, 1)}
_RANGES["date"] = (datetime.date(1900, 1, 1).toordinal(), datetime.date(2100, 12, 31).toordinal())
_UNITS = (*_RANGES, "count", "years", "months", "county")
_KEYS = ("at", "derived", "unit", "range", "kind", "usual", "only", "unless", "otherwise", "ask", "note")


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue's file → the catalogue. Raises :class:`~benefits_rules.errors.RuleError`."""
    top = _mapping(source.read_file(path), ("lists", "facts"), ("facts",))
    lists = {name: _words(node) for name, node in _mapping(top["lists"]).items()} if "lists" in top else {}
    facts: dict[tuple[str, str], FactDef] = {}
    for entity, node in _mapping(top["facts"], tuple(ENTITIES)).items():
        for name, part in _mapping(node).items():
            facts[entity, name] = _fact(entity, name, part, lists, facts)
    return Catalogue(facts, ENTITIES, {e: tuple(f for f in facts.values() if f.entity == e) for e in ENTITIES})


def _fact(
    entity: str, name: str, node: Node, lists: dict[str, tuple[str, ...]], before: dict[tuple[str, str], FactDef]
) -> FactDef:
    parts = _mapping(node, _KEYS, ("unit", "kind", "ask"))
    unit, options = _unit(parts["unit"], lists)
    lo, hi = _range(node, parts, unit, options)
    encode = _encoder(unit, options)
    kind = _word(parts["kind"], ("told", "usual", "closed"))
    if (kind == "usual") != ("usual" in parts):
        raise fail("fact", parts["kind"], "`kind: usual` and `usual:` stand together", "give its usual value, or another kind")
    if kind == "usual" and entity != "person":
        raise fail("fact", parts["kind"], "only a fact of a person has a usual value", "make it told")
    gate = _gate(entity, node, parts, before)
    derived = _word(parts["derived"]) if "derived" in parts else ""
    at = "" if derived else _word(parts["at"]) if "at" in parts else name
    start = ENTITIES[entity].model
    attributes = model.attributes(at, start) if at and start else ()
    if attributes is None or bool(derived) is not ((entity, name) in DERIVED) or (derived and "at" in parts):
        raise fail(
            "fact", parts.get("at", node), "the household model has no such leaf", "mend `at`, or write `derived` and a function"
        )
    return FactDef(
        entity, name, unit, options, lo, hi, kind,  # type: ignore[arg-type]
        usual=_value(parts["usual"], unit, encode) if "usual" in parts else None,
        at=at, derived=derived, ask=_wording(parts["ask"]), note=_wording(parts["note"]) if "note" in parts else None,
        gate=gate, otherwise=_value(parts["otherwise"], unit, encode) if gate else None, attributes=attributes, encode=encode,
    )  # fmt: skip


def _mapping(node: Node, allowed: tuple[str, ...] = (), required: tuple[str, ...] = ()) -> dict[str, Node]:
    if not isinstance(node, Mapping):
        raise fail("shape", node, "keys and values must stand here", "write `key: value`")
    for key, (at, _) in node.entries.items():
        if allowed and key not in allowed:
            raise fail("unknown-key", at, f"`{key}` is not a key that may stand here", "one of: " + ", ".join(allowed))
    for key in required:
        if key not in node.entries:
            raise fail("missing-key", node, f"the key `{key}` is missing", "add it")
    return {key: value for key, (_, value) in node.entries.items()}


def _word(node: Node, allowed: tuple[str, ...] = ()) -> str:
    if not isinstance(node, Scalar) or not node.text or (allowed and node.text not in allowed):
        raise fail("word", node, "this word may not stand here", "one of: " + ", ".join(allowed) if allowed else "write a word")
    return node.text


def _words(node: Node) -> tuple[str, ...]:
    """A list of words, or one word alone."""
    return tuple(_word(n) for n in node.items) if isinstance(node, Sequence) else (_word(node),)


def _wording(node: Node) -> Wording:
    parts = _mapping(node, ("en", "es"), ("en", "es"))
    return Wording(_word(parts["en"]), _word(parts["es"]))


def _unit(node: Node, lists: dict[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    if isinstance(node, Sequence):
        return "one of", _words(node)
    unit = _word(node, (*_UNITS, *lists))
    return ("one of", lists[unit]) if unit in lists else (unit, ())


def _range(node: Node, parts: dict[str, Node], unit: str, options: tuple[str, ...]) -> tuple[int, int]:
    if "range" in parts:
        ends = _words(parts["range"])
        encode = _encoder(unit, options)
        if len(ends) == 2 and not options and unit != "yes/no":
            scalars = parts["range"].items if isinstance(parts["range"], Sequence) else ()
            lo, hi = (_value(n, unit, encode) for n in scalars)
            return lo, hi
        raise fail("range", parts["range"], "a range is two numbers", "write [least, most]")
    if options or unit in _RANGES:
        return _RANGES.get(unit, (0, len(options) - 1))
    raise fail("range", node, f"a fact in {unit} needs a range", "add `range: [least, most]`")


def _encoder(unit: str, options: tuple[str, ...]) -> Callable[[Any], Known]:
    """A leaf of the model → its encoding."""
    if options:
        return {option: i for i, option in enumerate(options)}.__getitem__
    if unit in _MONEY or unit == "hours/week":
        return _of_hundredths
    if unit == "date":
        return datetime.date.toordinal
    return bool if unit == "yes/no" else int


def _of_hundredths(amount: Decimal) -> int:
    """Money or hours → millionths, through text: the model always keeps two decimals, and no decimal context can round."""
    return int(str(amount).replace(".", "")) * (MICRO // 100)


def _value(node: Node, unit: str, encode: Callable[[Any], Known]) -> Known:
    """A value as the catalogue writes it → its encoding."""
    text = _word(node)
    try:
        if unit in _MONEY or unit == "hours/week":
            return micros(text)
        if unit == "yes/no":
            return {"yes": True, "no": False}[text]
        return encode(datetime.date.fromisoformat(text) if unit == "date" else text)
    except (KeyError, ValueError):
        raise fail("value", node, f"this is not a value in {unit}", "mend the value or the unit") from None


def _gate(entity: str, node: Node, parts: dict[str, Node], before: dict[tuple[str, str], FactDef]) -> Gate | None:
    key = next((k for k in ("only", "unless") if k in parts), None)
    if (key is None) != ("otherwise" not in parts) or {"only", "unless"} <= parts.keys():
        raise fail("gate", node, "`only` (or `unless`) and `otherwise` stand together", "add the other, or remove both")
    if key is None:
        return None
    (name, values), *more = _mapping(parts[key]).items()
    fact = before.get((entity, name))
    if fact is None or more or not (fact.options or fact.unit == "yes/no"):
        raise fail("gate", parts[key], "a yes/no or a choice of the same entity, written above, must stand here", "name one fact")
    nodes = values.items if isinstance(values, Sequence) else (values,)
    codes = frozenset(_value(n, fact.unit, fact.encode) for n in nodes)
    return Gate(name, codes if key == "only" else frozenset(range(fact.lo, fact.hi + 1)) - codes)


# ── the projection ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Rows:
    """One entity's rows, and their facts by column.

    ``owner`` is the index of the row one level up (0 below the household); ``link`` that of the person who pays or owns,
    or of the other of a pair or tie (-1: none told); ``why`` holds the paths that a row waits for which is not certain.
    """

    owner: tuple[int, ...]
    link: tuple[int, ...]
    presence: tuple[int, ...]
    why: tuple[Why, ...]
    columns: dict[str, list[Value]]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A usual value that stood in for what these people were not asked."""

    fact: str
    people: tuple[str, ...]
    value: bool | int | str


@dataclass(frozen=True, slots=True)
class Facts:
    """A household in one month, as rules see it. Its repr shows nothing of what it holds."""

    people: tuple[str, ...] = field(repr=False)
    outsiders: tuple[str, ...] = field(repr=False)
    rows: dict[str, Rows] = field(repr=False)
    assumptions: tuple[Assumption, ...] = field(repr=False)


NOTHING: Why = frozenset()


@dataclass(slots=True)
class _Row:
    """A row in the making; ``told`` is ``None`` where it stands for rows not told, of the types ``codes`` if given."""

    told: Any
    path: str
    owner: int = 0
    link: int = -1
    presence: int = CERTAIN
    why: Why = NOTHING
    codes: frozenset[int] | None = None


class _Case:
    """One household in one month, with what several derived facts look up."""

    def __init__(self, house: Household, month: datetime.date, catalogue: Catalogue, usual: bool) -> None:
        self.house, self.catalogue, self.usual = house, catalogue, usual
        self.first, self.last = month, month.replace(day=calendar.monthrange(month.year, month.month)[1])
        self.index = {p.id: i for i, p in enumerate(house.people)}
        self.married = model.spouses(house)
        self.parents = _parents(house)
        returns = house.tax_returns if isinstance(house.tax_returns, tuple) else None
        self.joint = None if returns is None else {(a, b) for r in returns for a in r.filers for b in r.filers if a != b}
        self.claims = None if returns is None else {(a, b) for r in returns for a in r.filers for b in r.dependents}
        groups = house.food_groups if isinstance(house.food_groups, tuple) else None
        self.eats = None if groups is None else {name: i for i, group in enumerate(groups) for name in group}
        self.rows: dict[str, list[_Row]] = {}
        self.columns: dict[str, dict[str, list[Value]]] = {}
        self.assumed: dict[str, tuple[FactDef, list[str]]] = {}


def project(house: Household, month: datetime.date, catalogue: Catalogue, *, usual_values: bool = True) -> Facts:
    """The facts of a household in the month that begins on ``month``.

    With ``usual_values`` a usual fact that is not told has its usual value, recorded in ``assumptions``; without,
    it is a bound. A fact told as ``unknown`` or ``declined`` is a bound always.
    """
    case = _Case(house, month, catalogue, usual_values)
    for name in ENTITIES:  # receipts look at the income rows before them
        case.rows[name] = list(_ROWS[name](case))
    return Facts(
        people=tuple(case.index),
        outsiders=tuple(o.id for o in house.outside_people),
        rows={name: _table(case, name, rows) for name, rows in case.rows.items()},
        assumptions=tuple(Assumption(f.name, tuple(who), _plain(f)) for f, who in case.assumed.values()),
    )


def _plain(fact: FactDef) -> bool | int | str:
    assert fact.usual is not None
    return fact.options[fact.usual] if fact.options else fact.usual


def _table(case: _Case, name: str, rows: list[_Row]) -> Rows:
    columns = case.columns[name] = {}
    for fact in case.catalogue.by_entity[name]:
        columns[fact.name] = _column(case, fact, rows, columns)
    return Rows(
        tuple(r.owner for r in rows),
        tuple(r.link for r in rows),
        tuple(r.presence for r in rows),
        tuple(r.why for r in rows),
        columns,
    )


def _column(case: _Case, fact: FactDef, rows: list[_Row], columns: dict[str, list[Value]]) -> list[Value]:
    if fact.entity in ("pair", "tie"):
        relation = DERIVED[fact.entity, fact.name]
        return [relation(case, *row.told) for row in rows]
    derive = DERIVED[fact.entity, fact.name] if fact.derived else _leaf
    if fact.gate is not None:
        gates = columns[fact.gate.fact]
        return [_gated(case, fact, row, derive, fact.gate, gates[i]) for i, row in enumerate(rows)]
    if fact.entity in ("household", "person"):  # their rows are always told
        return [derive(case, fact, row) for row in rows] if fact.derived else _told_column(case, fact, rows)
    return [_cell(case, fact, row, derive) for row in rows]


_Read = Callable[[_Case, FactDef, _Row], Value]


def _cell(case: _Case, fact: FactDef, row: _Row, derive: _Read) -> Value:
    if row.codes is not None and fact.name == ENTITIES[fact.entity].type_:
        return fact.within(row.codes, row.why or frozenset((row.path,)))
    return fact.anything(row.why) if row.told is None else derive(case, fact, row)


def _gated(case: _Case, fact: FactDef, row: _Row, derive: _Read, gate: Gate, gating: Value) -> Value:
    """The value of a fact that has a meaning only where another fact of the row says so."""
    is_open = gate.open(gating)
    assert fact.otherwise is not None
    if is_open is False:
        return fact.otherwise
    value = _cell(case, fact, row, derive)
    return value if is_open or not isinstance(gating, Bound) else fact.join(value, fact.otherwise, gating.why)


_EXACT = frozenset({bool, int, Decimal, datetime.date})


def _told_column(case: _Case, fact: FactDef, rows: list[_Row]) -> list[Value]:
    """:func:`_leaf` of each row, by the column: most facts of most people are exact, or are not told at all."""
    parts = [row.told for row in rows]
    for name in fact.attributes:
        parts = [getattr(part, name) for part in parts]
    if fact.usual is not None and case.usual and parts.count(None) == len(parts):
        case.assumed[fact.name] = (fact, [row.told.id for row in rows])
        return [fact.usual] * len(parts)
    encode = fact.encode
    return [encode(p) if p.__class__ in _EXACT else _inexact(case, fact, row, p) for p, row in zip(parts, rows, strict=True)]


def _leaf(case: _Case, fact: FactDef, row: _Row) -> Value:
    told = row.told
    for name in fact.attributes:
        told = getattr(told, name)
    return fact.encode(told) if told.__class__ in _EXACT else _inexact(case, fact, row, told)


def _inexact(case: _Case, fact: FactDef, row: _Row, told: Any) -> Value:
    """A leaf that is a word, a bound, or not told: then its usual value, where it has one and that is wanted."""
    if told is None and fact.usual is not None and case.usual:
        if fact.name not in case.assumed:
            case.assumed[fact.name] = (fact, [])
        case.assumed[fact.name][1].append(row.told.id)
        return fact.usual
    if told.__class__ is str and told not in model.WORDS:
        return fact.encode(told)
    return fact.read(told, f"{row.path}.{fact.at}" if row.path else fact.at)


# ── which rows there are ──────────────────────────────────────────────────────────────────────────────────


def _household_rows(case: _Case) -> Iterator[_Row]:
    yield _Row(case.house, "")


def _person_rows(case: _Case) -> Iterator[_Row]:
    for p in case.house.people:
        yield _Row(p, f"people.{p.id}")


def _own(entity: str) -> Callable[[_Case], Iterator[_Row]]:
    """The rows of a list that each person, or the household, tells."""
    key = {"activity": "activities"}.get(entity, entity if entity == "income" else entity + "s")
    who = {"expense": "payer", "asset": "owner"}.get(entity)

    def rows(case: _Case) -> Iterator[_Row]:
        owners: Iterable[Any] = (case.house,) if who else case.house.people
        for i, owner in enumerate(owners):
            path = key if who else f"people.{owner.id}.{key}"
            for row in _listed(case, entity, getattr(owner, key), path):
                row.owner = i
                if who and row.told is not None:
                    row.link = case.index.get(getattr(row.told, who), -1)
                yield row

    return rows


def _listed(case: _Case, entity: str, told: Any, path: str) -> Iterator[_Row]:
    """The rows that a list tells and that count in the month; one more for those it does not tell."""
    for i, part in enumerate(model.rows_of(told)):
        presence, why = _presence(case, part, f"{path}.{i}")
        if presence is not None:
            yield _Row(part, f"{path}.{i}", presence=presence, why=why)
    if isinstance(told, Partly):
        fact = case.catalogue.facts[entity, ENTITIES[entity].type_]
        yield _Row(None, path, presence=MANY, why=frozenset((path,)), codes=frozenset(map(fact.encode, told.unknown)))
    elif not isinstance(told, tuple):
        yield _Row(None, path, presence=MANY, why=frozenset((path,)))


def _presence(case: _Case, row: Any, path: str) -> tuple[int | None, Why]:
    """Whether a row counts in the month (``None``: it does not), and the paths that this waits for."""
    if row.begins is None and row.ends is None and (not isinstance(row, Paid) or row.every in _REGULAR):
        return CERTAIN, NOTHING
    why = set()
    for key, told in (("from", row.begins), ("to", row.ends)):
        if told is not None:
            lo, hi = model.ends_of(told) or (datetime.date.min, datetime.date.max)
            if (lo > case.last) if key == "from" else (hi < case.first):
                return None, NOTHING
            if (hi > case.last) if key == "from" else (lo < case.first):
                why.add(f"{path}.{key}")
    if isinstance(row, Paid):
        once = row.every == "once"
        if not once and _may_be_once(row):
            lo, hi = model.ends_of(row.received_on) or (datetime.date.min, datetime.date.max)
            if not case.first <= lo <= hi <= case.last:
                why.add(f"{path}.every")
        elif once:
            lo, hi = model.ends_of(row.received_on) or (datetime.date.min, datetime.date.max)
            if hi < case.first or lo > case.last:
                return None, NOTHING
            if not case.first <= lo <= hi <= case.last:
                why.add(f"{path}.received_on")
    return (MAYBE if why else CERTAIN), frozenset(why)


_REGULAR = frozenset({"hour", "day", "week", "two_weeks", "half_month", "month", "quarter", "year"})


def _may_be_once(row: Paid) -> bool:
    """A bill without `every` (`{kind: electricity}`) is a standing one; income without it may have come once."""
    if row.every is None:
        return not isinstance(row, model.Expense)
    return "once" in row.every.any_of if isinstance(row.every, OneOf) else row.every in model.WORDS


#: Cash that is told as income, and is receipt of a program at the same time.
_CASH = ("ssi", "tanf", "general_assistance")


def _receipt_rows(case: _Case) -> Iterator[_Row]:
    """One row a person and program in payment or authorised: from income that is cash assistance, and from ``receives``."""
    programs = case.catalogue.facts["receipt", "program"].options
    cash = {case.catalogue.facts["income", "source"].options.index(c): programs.index(c) for c in _CASH}
    for row in case.rows["income"]:
        yield from _cash_receipts(case, row, cash)
    for row in _listed(case, "receipt", case.house.receives, "receives"):
        people = range(len(case.index)) if row.told is None else [case.index[name] for name in row.told.people]
        for i in people:
            yield _Row(
                row.told, row.path, i, -1, row.presence, row.why, row.codes if row.told is None else _programs(case, row.told)
            )


def _programs(case: _Case, row: model.Receives) -> frozenset[int]:
    fact = case.catalogue.facts["receipt", "program"]
    if isinstance(row.program, OneOf):
        return frozenset(map(fact.encode, row.program.any_of))
    return frozenset(range(len(fact.options)) if row.program in model.WORDS else (fact.encode(row.program),))


def _cash_receipts(case: _Case, row: _Row, cash: dict[int, int]) -> Iterator[_Row]:
    """An income row that is, or may be, cash assistance → a receipt for each person that it covers."""
    fact = case.catalogue.facts["income", "source"]
    if row.told is not None:
        source_ = fact.read(row.told.source, f"{row.path}.source")
    else:
        source_ = fact.anything(row.why) if row.codes is None else fact.within(row.codes, row.why)
    sources = source_.options if isinstance(source_, AnyOf) else frozenset((int_of(source_),))
    codes = frozenset(cash[s] for s in sources if s in cash)
    if not codes:
        return
    sure = sources <= cash.keys()
    why = row.why if sure or row.told is None else row.why | {f"{row.path}.source"}
    presence = row.presence if sure or row.presence == MANY else MAYBE
    if row.told is None:
        people: Iterable[int] = range(len(case.index))
    else:
        people = [row.owner] if row.told.covers is None else [case.index[name] for name in row.told.covers]
    for i in people:
        yield _Row(row.told, row.path, i, -1, presence, why, codes)


def _pair_rows(case: _Case) -> Iterator[_Row]:
    people = list(case.index.items())
    for a, i in people:
        for b, j in people:
            if i != j:
                yield _Row((a, b), "", i, j)


def _tie_rows(case: _Case) -> Iterator[_Row]:
    for a, i in case.index.items():
        for j, outsider in enumerate(case.house.outside_people):
            yield _Row((a, outsider.id), "", i, j)


_ROWS: dict[str, Callable[[_Case], Iterator[_Row]]] = {
    "household": _household_rows,
    "person": _person_rows,
    **{name: _own(name) for name in ("income", "medical_expense", "activity", "expense", "asset")},
    "receipt": _receipt_rows,
    "pair": _pair_rows,
    "tie": _tie_rows,
}

# ── derived facts ─────────────────────────────────────────────────────────────────────────────────────────

TAX_RETURNS: Why = frozenset(("tax_returns",))
FOOD_GROUPS: Why = frozenset(("food_groups",))
_KIN = frozenset({"biological", "adoptive", "step"})


def _parents(house: Household) -> dict[str, dict[str, str]]:
    """Child → parent → kind, in the home and outside."""
    found: dict[str, dict[str, str]] = {p.id: {q.id: q.kind for q in p.parents} for p in house.people}
    for o in house.outside_people:
        found[o.id] = dict.fromkeys(o.child_of, "biological")
    for o in house.outside_people:
        for child in o.parent_of:
            found[child][o.id] = "biological"
    return found


def _age(case: _Case, fact: FactDef, row: _Row) -> Value:
    """Completed years on the first of the month. An age told for another month may have risen since."""
    p = row.told
    birth, age = model.ends_of(p.birth_date), model.ends_of(p.age)
    if birth:
        lo, hi = model.age_on(birth[1], case.first), model.age_on(birth[0], case.first)
        return lo if lo == hi else Interval(lo, min(hi, fact.hi), frozenset((f"{row.path}.birth_date",)))
    if not age:
        return fact.anything(frozenset((f"{row.path}.age",)))
    first = case.house.first_month
    months = (case.first.year - first.year) * 12 + case.first.month - first.month
    lo, hi = age[0] + months // 12, age[1] - (-months // 12)
    told = "age" if months == 0 else "birth_date"  # a birth date would settle it for every month
    return lo if lo == hi else Interval(max(lo, fact.lo), min(hi, fact.hi), frozenset((f"{row.path}.{told}",)))


def _applies(case: _Case, fact: FactDef, row: _Row) -> Value:
    programs = row.told.applying_for if row.told.applying_for is not None else case.house.choices.apply_for
    return programs is None or fact.name.removeprefix("applies_") in programs


def _in_child_care(case: _Case, _fact: FactDef, row: _Row) -> Value:
    """Care that nobody mentions is not so from 19 on: child care ends there at the latest (45 CFR 98.20(a)(1))."""
    hours, age = row.told.child_care.hours_per_week, case.columns["person"]["age"][case.index[row.told.id]]
    ends = model.ends_of(hours)
    if ends:
        return ends[0] > 0 if ends[0] > 0 or ends[1] == 0 else Maybe(frozenset((f"{row.path}.child_care.hours_per_week",)))
    youngest = age.lo if isinstance(age, Interval) else int_of(age)
    return False if hours is None and youngest >= 19 else Maybe(frozenset((f"{row.path}.child_care.hours_per_week",)))


def _files_taxes(case: _Case, _fact: FactDef, row: _Row) -> Value:
    returns = case.house.tax_returns
    return any(row.told.id in r.filers for r in returns) if isinstance(returns, tuple) else Maybe(TAX_RETURNS)


def _claimed(case: _Case, _fact: FactDef, row: _Row) -> Value:
    return Maybe(TAX_RETURNS) if case.claims is None else any(b == row.told.id for _, b in case.claims)


def _claimed_by_outsider(case: _Case, _fact: FactDef, row: _Row) -> Value:
    return Maybe(TAX_RETURNS) if case.claims is None else any(b == row.told.id and a not in case.index for a, b in case.claims)


def _in_month(_case: _Case, _fact: FactDef, _row: _Row) -> Value:
    return True  # :func:`_presence` has left out what does not count


def _program(_case: _Case, fact: FactDef, row: _Row) -> Value:
    return fact.anything(row.why)  # every receipt that is told has codes


def _spouse(case: _Case, a: str, b: str) -> Value:
    return b in case.married[a]


def _parent(case: _Case, a: str, b: str) -> Value:
    return case.parents[b].get(a) in _KIN


def _child(case: _Case, a: str, b: str) -> Value:
    return case.parents[a].get(b) in _KIN


def _foster_parent(case: _Case, a: str, b: str) -> Value:
    return case.parents[b].get(a) == "foster"


def _guardian(case: _Case, a: str, b: str) -> Value:
    return case.parents[b].get(a) == "guardian"


def _sibling(case: _Case, a: str, b: str) -> Value:
    mine, others = case.parents[a], case.parents[b]
    return any(mine[q] in _KIN and others.get(q) in _KIN for q in mine)


def _buys_food_with(case: _Case, a: str, b: str) -> Value:
    return Maybe(FOOD_GROUPS) if case.eats is None else case.eats[a] == case.eats[b]


def _files_jointly(case: _Case, a: str, b: str) -> Value:
    return Maybe(TAX_RETURNS) if case.joint is None else (a, b) in case.joint


def _claims(case: _Case, a: str, b: str) -> Value:
    return Maybe(TAX_RETURNS) if case.claims is None else (a, b) in case.claims


def _claimed_by(case: _Case, a: str, b: str) -> Value:
    return _claims(case, b, a)


def _tie_age(case: _Case, _a: str, b: str) -> Value:
    i, o = next((i, o) for i, o in enumerate(case.house.outside_people) if o.id == b)
    return case.catalogue.facts["tie", "age"].read(o.age, f"outside_people.{i}.age")


#: (entity, fact) → its function: of (case, fact, row), or for pair and tie of (case, person's id, other's id).
DERIVED: dict[tuple[str, str], Callable[..., Value]] = {
    ("person", "age"): _age,
    **{("person", f"applies_{p}"): _applies for p in ("snap", "tanf", "medicaid", "chip", "child_care")},
    ("person", "in_child_care"): _in_child_care,
    ("person", "files_taxes"): _files_taxes,
    ("person", "claimed_as_dependent"): _claimed,
    ("person", "claimed_by_outsider"): _claimed_by_outsider,
    ("income", "in_month"): _in_month,
    ("receipt", "program"): _program,
    ("pair", "spouse"): _spouse,
    ("pair", "parent"): _parent,
    ("pair", "child"): _child,
    ("pair", "foster_parent"): _foster_parent,
    ("pair", "guardian"): _guardian,
    ("pair", "sibling"): _sibling,
    ("pair", "buys_food_with"): _buys_food_with,
    ("pair", "files_jointly"): _files_jointly,
    ("pair", "claims"): _claims,
    ("tie", "parent"): _child,
    ("tie", "child"): _parent,
    ("tie", "spouse"): _spouse,
    ("tie", "claims"): _claims,
    ("tie", "claimed_by"): _claimed_by,
    ("tie", "files_jointly"): _files_jointly,
    ("tie", "age"): _tie_age,
}
