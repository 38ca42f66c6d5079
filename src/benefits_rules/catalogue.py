"""catalogue: ``rules/common/facts.yaml`` → the :class:`~benefits_rules.factdef.Catalogue`; faults name file and line."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter
from typing import Any

from benefits_rules.derived import DERIVED
from benefits_rules.factdef import ENTITIES, Catalogue, FactDef, Gate, Wording
from benefits_rules.shape import attributes
from benefits_rules.source import Mapping, Node, Scalar, Sequence, fail
from benefits_rules.values import MAX_MONEY, MICRO, Known, micros

_MONEY = ("USD", "USD/period", "USD/month")
_RANGES = {**dict.fromkeys(_MONEY, (0, MAX_MONEY)), "hours/week": (0, 168 * MICRO), "yes/no": (0, 1)}
_RANGES["date"] = (datetime.date(1900, 1, 1).toordinal(), datetime.date(2100, 12, 31).toordinal())
_UNITS = (*_RANGES, "count", "years", "months", "county")
_KEYS = ("at", "derived", "unit", "range", "kind", "usual", "only", "unless", "otherwise", "ask", "note")


def load_catalogue(root: Node) -> Catalogue:
    """The root of the catalogue's file → the catalogue. Raises :class:`~benefits_rules.errors.RuleError`."""
    top = _mapping(root, ("lists", "facts"), ("facts",))
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
    if (kind == "usual" and "usual" not in parts) or (kind == "told" and "usual" in parts):
        raise fail("fact", parts["kind"], "`kind: usual` and `usual:` stand together", "give its usual value, or another kind")
    if kind == "usual" and entity != "person":
        raise fail("fact", parts["kind"], "only a fact of a person has a usual value", "make it told or closed")
    gate = _gate(entity, node, parts, before)
    derived = _word(parts["derived"]) if "derived" in parts else ""
    at = "" if derived else _word(parts["at"]) if "at" in parts else name
    start = ENTITIES[entity].model
    leaf = attributes(at, start) if at and start else ()
    if leaf is None or bool(derived) is not ((entity, name) in DERIVED) or (derived and "at" in parts):
        raise fail(
            "fact", parts.get("at", node), "the household model has no such leaf", "mend `at`, or write `derived` and a function"
        )
    return FactDef(
        entity, name, unit, options, lo, hi, kind,  # type: ignore[arg-type]
        usual=_value(parts["usual"], unit, encode) if "usual" in parts else None,
        at=at, derived=derived, ask=_wording(parts["ask"]), note=_wording(parts["note"]) if "note" in parts else None,
        gate=gate, otherwise=_value(parts["otherwise"], unit, encode) if gate else None, encode=encode,
        leaf=attrgetter(".".join(leaf)) if leaf else _nothing,
    )  # fmt: skip


def _nothing(_row: Any) -> None:
    """What a derived fact takes out of a row."""


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
