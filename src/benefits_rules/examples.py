"""rules test: the examples beside a page, each a few given values and what must follow from them.

    state: GA                            (beside a base page only, or in one example: whose options to take; without
                                          it the page stands alone, and what a state must fill is $0, 0 or no)
    examples:
      - name: one dollar over
        at: 2026-01
        given: {unit_size: 3, gross_income: $2,889}
        expect: {gross_income_test: fail}

``given`` names facts and values. Those of a person, an income, an expense stand in rows: ``people: [{age: 70,
incomes: [{source: wages, amount: 500, every: month}]}]``, ``expenses: [...]``, ``pairs: [{person: 0, other: 1,
spouse: yes}]``. People are one unit unless ``pairs`` says who is joined. What is not given is not known, but
for usual and closed facts (usual), what they rule out, and facts between people (no); ``unsaid: none`` makes
every list not given empty and every yes/no not given a no. An example whose answer waits for something not given
fails, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from benefits_rules.bounds import evaluate
from benefits_rules.errors import RequestError, RuleError, RuleProblem
from benefits_rules.expressions import parse_expression
from benefits_rules.facts import CERTAIN, MANY, Catalogue, FactDef, Facts, Rows
from benefits_rules.frame import Unsettled
from benefits_rules.plan import Plan
from benefits_rules.resolve import Rules
from benefits_rules.source import Mapping, Node, Scalar, Sequence, fail
from benefits_rules.syntax import Day, Name, Number, YesNo
from benefits_rules.units import SETS, Type, parse_type
from benefits_rules.values import Interval, Value, decimal_text, micros

_SECTIONS = {word: entity for word, entity in SETS.items() if word != "members"} | {"pairs": "pair"}
_OWN = ("incomes", "medical_expenses", "activities", "receipts", "ties")


@dataclass(frozen=True, slots=True)
class Example:
    """One example as read: what is given and what must follow, still as nodes."""

    page: str
    state: str | None
    name: str
    at: date
    given: Mapping
    expect: Mapping
    node: Node


def read_examples(rules: Rules, page: str) -> list[Example]:
    """The examples beside a page; none where there is no file. Raises :class:`RuleError`."""
    root = rules.examples(page)
    if root is None:
        return []
    parts = _keys(root, ("state", "examples"), ("examples",))
    word = page.partition("/")[2]
    state = _text(parts["state"]) if "state" in parts else None if word == "us" else word.upper()
    listed = parts["examples"]
    if not isinstance(listed, Sequence):
        raise fail("examples", listed, "examples are a list", "write `- name: …` lines")
    found = []
    for node in listed.items:
        each = _keys(node, ("name", "state", "at", "given", "expect"), ("name", "at", "given", "expect"))
        given, expect = each["given"], each["expect"]
        if not isinstance(given, Mapping) or not isinstance(expect, Mapping):
            raise fail("example", node, "`given` and `expect` are mappings of names", "write {name: value}")
        try:
            at = date.fromisoformat(f"{_text(each['at'])}-01")
        except ValueError:
            raise fail("date", each["at"], "there is no such month", "write YYYY-MM") from None
        here = _text(each["state"]) if "state" in each else state
        found.append(Example(page, None if here == "none" else here, _text(each["name"]), at, given, expect, node))
    return found


def run(rules: Rules, example: Example, plan: Plan | None = None) -> list[RuleProblem]:
    """What is wrong with an example, by the plan given or the page's own; nothing if it holds."""
    plan = plan or rules.plan(example.page.partition("/")[0], example.state, example.at, whole=True)
    try:
        reader = _Reader(rules.catalogue, plan)
        facts, given = reader.facts(example.given)
        _, values = evaluate(plan, facts, given)
        return list(_differences(reader, example, values))
    except Unsettled as unsettled:
        return list(fail("example", example.node, f"who belongs together waits for {', '.join(sorted(unsettled.why))}").problems)
    except (ValueError, IndexError, KeyError):
        return list(fail("example", example.node, "a row, a person or a figure of this example does not exist").problems)
    except RuleError as error:
        return list(error.problems)
    except RequestError as error:
        return list(fail("example", example.node, str(error)).problems)


def test_page(rules: Rules, page: str) -> tuple[int, list[RuleProblem]]:
    """How many examples a page has, and what is wrong with them."""
    examples = read_examples(rules, page)
    return len(examples), [problem for example in examples for problem in run(rules, example)]


def _differences(reader: _Reader, example: Example, values: dict[str, list[Value]]) -> Iterator[RuleProblem]:
    for name, node, _, row in reader.expected(example.expect):
        want = reader.value(node, reader.types[name])
        got = values[name][row]
        if isinstance(got, (int, bool)) and got == want:
            continue
        shown = reader.show(got, reader.types[name])
        yield node.source.problem(
            "example", node.start, f"`{example.name}`: {name} is {shown}, not as expected", "", max(1, node.end - node.start)
        )


@dataclass(slots=True)
class _Row:
    """A row of an example: what it says, whose it is, whom it links to."""

    said: dict[str, Node]
    owner: int = 0
    link: int = -1
    presence: int = CERTAIN


@dataclass(slots=True)
class _Rows:
    """An example's rows by entity, and what it says of the unit or the household itself."""

    rows: dict[str, list[_Row]]
    single: dict[str, Node]
    nothing: bool
    people_given: bool
    pairs_given: bool

    @classmethod
    def of(cls, catalogue: Catalogue, given: Mapping) -> _Rows:
        parts = dict(_entries(given))
        nothing = "unsaid" in parts and _text(parts.pop("unsaid")) == "none"
        people = _items(parts.pop("people")) if "people" in parts else ()
        made = cls({entity: [] for entity in catalogue.entities}, {}, nothing, bool(people), "pairs" in parts)
        told = set[tuple[str, int]]()
        for i, person in enumerate(people or (None,)):
            said = dict(_entries(person)) if person is not None else {}
            for key in [k for k in said if k in _OWN]:
                told.add((_SECTIONS[key], i))
                made.rows[_SECTIONS[key]] += [_Row(dict(_entries(item)), i) for item in _items(said.pop(key))]
            made.rows["person"].append(_Row(said))
        for key, node in parts.items():
            if key in _SECTIONS and key not in _OWN:
                told.add((_SECTIONS[key], 0))
                made.rows[_SECTIONS[key]] += [_linked(_SECTIONS[key], item) for item in _items(node)]
            else:
                made.single[key] = node
        made.rows["household"] = [_Row({})]
        made._fill(told)
        return made

    def _fill(self, told: set[tuple[str, int]]) -> None:
        """Every ordered pair has its row, said or not; a list not given stands for any rows, or for none."""
        count, pairs = len(self.rows["person"]), {(r.owner, r.link) for r in self.rows["pair"]}
        self.rows["pair"] += [_Row({}, i, j) for i in range(count) for j in range(count) if i != j and (i, j) not in pairs]
        if self.nothing:
            return
        for entity in ("income", "medical_expense", "activity", "receipt", "expense", "asset"):
            for i in range(count if entity not in ("expense", "asset") else 1):
                if (entity, i) not in told:
                    self.rows[entity].append(_Row({}, i, presence=MANY))


def _linked(entity: str, item: Node) -> _Row:
    """A row of a pair (``person``, ``other``), or of an expense or asset (``who`` pays or owns)."""
    said = dict(_entries(item))
    owner = int(_text(said.pop("person"))) if entity == "pair" else 0
    who = said.pop("other" if entity == "pair" else "who", None)
    return _Row(said, owner, int(_text(who)) if who is not None else -1)


class _Reader:
    """Turns an example's words into rows of facts and given nodes."""

    def __init__(self, catalogue: Catalogue, plan: Plan) -> None:
        self.catalogue, self.plan = catalogue, plan
        self.nodes = {n.name: n for n in plan.nodes}
        self.types: dict[str, Type] = {n.name: n.type for n in plan.nodes}

    def fact(self, entity: str, name: str) -> FactDef | None:
        return self.catalogue.facts.get((entity, name))

    def facts(self, given: Mapping) -> tuple[Facts, dict[str, list[Value | None]]]:
        """What is given, as rows of facts, and as nodes that are given outright."""
        table = _Rows.of(self.catalogue, given)
        of_household = {name: node for name, node in table.single.items() if self.fact("household", name) is not None}
        table.rows["household"][0].said.update(of_household)
        nodes: dict[str, list[Value | None]] = {}
        made = {}
        for entity, rows in table.rows.items():
            known = {name: fact for (e, name), fact in self.catalogue.facts.items() if e == entity}
            columns = {name: [self._cell(fact, row.said, table.nothing) for row in rows] for name, fact in known.items()}
            made[entity] = Rows(
                tuple(r.owner for r in rows),
                tuple(r.link for r in rows),
                tuple(r.presence for r in rows),
                (frozenset({entity}),) * len(rows),
                columns,
            )
            for i, row in enumerate(rows):
                for name, node in row.said.items():
                    if name not in known:
                        kind = self._node(name, entity, node)
                        nodes.setdefault(name, [None] * len(rows))[i] = self.value(node, kind)
        for name, node in table.single.items():
            if name in of_household:
                continue
            entity = "household" if table.people_given else "person"
            fact = self.fact(entity, name)
            if fact is not None:
                made[entity].columns[name][0] = self._told(fact, node)
            else:
                kind = self._node(name, None, node)
                nodes[name] = [self.value(node, kind)]
        if self.plan.connect is not None and not table.pairs_given:
            nodes[self.plan.connect] = [True] * len(table.rows["pair"])
        return Facts(tuple(str(i) for i in range(len(table.rows["person"]))), (), made, ()), nodes

    def _cell(self, fact: FactDef, row: dict[str, Node], nothing: bool) -> Value:
        if fact.name in row:
            return self._told(fact, row[fact.name])
        gate = fact.gate
        if gate is not None and fact.otherwise is not None:
            held = self._cell(self.catalogue.facts[fact.entity, gate.fact], row, nothing)
            if gate.open(held) is False:
                return fact.otherwise
        if fact.usual is not None:
            return fact.usual
        if fact.entity == "pair" or (nothing and fact.unit == "yes/no"):
            return False
        return fact.anything(frozenset({f"{fact.entity}.{fact.name}"}))

    def _told(self, fact: FactDef, node: Node) -> Value:
        kind = Type("one of", options=fact.options) if fact.options else parse_type(fact.unit)
        assert kind is not None
        return self.value(node, kind)

    def _node(self, name: str, entity: str | None, node: Node) -> Type:
        found = self.nodes.get(name)
        if found is None or (entity is not None and found.entity != entity):
            raise fail("example", node, f"`{name}` is not a value or a fact here", "name one of the page's values")
        return found.type

    def expected(self, expect: Mapping) -> Iterator[tuple[str, Node, str, int]]:
        """(name, node, entity, row) of everything expected."""
        for key, (_, node) in expect.entries.items():
            if key in ("people", "incomes", "pairs", "expenses"):
                entity = _SECTIONS[key]
                for i, item in enumerate(_items(node)):
                    for name, value in _entries(item):
                        self._node(name, entity, value)
                        yield name, value, entity, i
            else:
                self._node(key, None, node)
                yield key, node, self.nodes[key].entity, 0

    def value(self, node: Node, kind: Type) -> int | bool:
        """A word, figure or date of an example in the type wanted. Raises :class:`RuleError`."""
        if not isinstance(node, Scalar):
            raise fail("example", node, f"expected one value, {kind}", "write a single figure or word")
        if kind.options and node.text in kind.options:
            return kind.options.index(node.text)
        expr = parse_expression(node)
        if isinstance(expr, YesNo) and kind.base == "yes/no":
            return expr.value
        if isinstance(expr, Day) and kind.base == "date":
            return expr.day.toordinal()
        if isinstance(expr, Number):
            if kind.scaled:
                return micros(expr.text) // (100 if expr.kind == "percent" else 1)
            if expr.kind in ("whole", "years", "months"):
                return int(expr.text)
        if isinstance(expr, Name) and kind.options:
            raise fail("example", node, f"`{expr.text}` is not one of {', '.join(kind.options)}", "write one of them")
        raise fail("example", node, f"this is not {kind}", "write a value of that unit")

    def show(self, value: Value, kind: Type) -> str:
        match value:
            case bool():
                return "yes" if value else "no"
            case int() if kind.options:
                return kind.options[value]
            case int():
                return decimal_text(value) if kind.scaled else str(value)
            case Interval():
                ends = [decimal_text(v) if kind.scaled else str(v) for v in (value.lo, value.hi)]
                return f"between {ends[0]} and {ends[1]} (waits for {', '.join(sorted(value.why))})"
            case _:
                return f"not known (waits for {', '.join(sorted(value.why))})"


def _keys(node: Node, known: tuple[str, ...], required: tuple[str, ...]) -> dict[str, Node]:
    if not isinstance(node, Mapping):
        raise fail("mapping", node, "expected a mapping here", f"write keys such as `{known[0]}:`")
    for key, (key_node, _) in node.entries.items():
        if key not in known:
            raise fail("unknown-key", key_node, f"`{key}` is not a key here", f"known are {', '.join(known)}")
    for key in required:
        if key not in node.entries:
            raise fail("missing-key", node, f"`{key}` is missing", f"add `{key}:`")
    return dict(_entries(node))


def _entries(node: Node) -> Iterator[tuple[str, Node]]:
    if not isinstance(node, Mapping):
        raise fail("mapping", node, "expected a mapping of names", "write {name: value}")
    yield from ((key, value) for key, (_, value) in node.entries.items())


def _items(node: Node) -> tuple[Node, ...]:
    if not isinstance(node, Sequence):
        raise fail("list", node, "expected a list", "write [{…}, {…}]")
    return node.items


def _text(node: Node) -> str:
    if not isinstance(node, Scalar):
        raise fail("scalar", node, "expected one word here", "write it on one line")
    return node.text
