"""explain: a determination → words. The contract's plain data here; how it is laid out is for ``render``.

Everything said comes from the pages: the wording beside a value or a test, with the unit's own figures in
its braces, and the citations it stands under. Nothing is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from benefits_rules.plan import Node, Test
from benefits_rules.syntax import BRACES, Citation, Wording
from benefits_rules.units import FAIL, NOT_APPLICABLE, Type
from benefits_rules.values import Interval, Value, decimal_text

if TYPE_CHECKING:
    from benefits_rules.determine import Determination, Reading

OUTCOMES = ("pass", "fail", "not_applicable")
_NOT_KNOWN = {"en": "not known", "es": "no se sabe"}
_BETWEEN = {"en": "between {} and {}", "es": "entre {} y {}"}

STATUS = {
    "eligible": Wording("Eligible, as told.", "Califica, según lo que nos dijo.", 0),
    "ineligible": Wording("Not eligible, as told.", "No califica, según lo que nos dijo.", 0),
    "undetermined": Wording(
        "Not certain yet: something that matters was not told.", "Todavía no es seguro: falta algo que importa.", 0
    ),
    "not_available": Wording(
        "We cannot say: there are no rules for this program here yet.",
        "No podemos decirlo: aún no hay reglas de este programa aquí.",
        0,
    ),
    "not_covered": Wording(
        "We cannot say: the rules here do not reach a household like yours. Please ask the agency.",
        "No podemos decirlo: estas reglas no alcanzan a un hogar como el suyo. Pregunte a la agencia.",
        0,
    ),
}
CAUTIONS = {
    "table_past_its_period": Wording(
        "The figure for {name} is the last one known, until {detail}; a newer one may apply.",
        "La cifra de {name} es la última conocida, hasta {detail}; puede haber una más nueva.",
        0,
    ),
    "figure_to_verify": Wording(
        "The figure for {name} could not be checked at its source yet.",
        "La cifra de {name} todavía no se pudo verificar en su fuente.",
        0,
    ),
}


def determination_dict(found: Determination) -> dict[str, Any]:
    """A determination in the contract's shape: plain data, money as decimal strings."""
    reading = found.reading
    amount = found.amount
    certain = isinstance(amount, int) and found.status == "eligible"
    return {
        "program": found.program,
        "month": f"{found.month:%Y-%m}",
        "scenario": found.scenario,
        "people": list(found.people),
        "status": found.status,
        "amount": {"value": decimal_text(amount), "unit": _unit(reading)} if certain and isinstance(amount, int) else None,
        "amount_first_month": None,
        "amount_bounds": None if amount is None or certain else _bounds(amount, found.status, _unit(reading)),
        "category": None,
        "coverage": None,
        "funding": "federal" if reading is not None else None,
        "supplements": [],
        "tests": [_test(reading, t) for t in _tests(reading)],
        "values": _values(reading),
        "reasons": list(_reasons(found)),
        "steps": list(_steps(reading)),
        "needs": list(found.needs),
        "awaiting": [w.en for w in awaiting(found)],
        "assumptions": [{"fact": a.fact, "people": list(a.people), "value": a.value} for a in found.assumptions],
        "cautions": [
            {"code": c.code, "text": _both(CAUTIONS[c.code], name=c.definition.replace("_", " "), detail=c.detail)}
            for c in found.cautions
        ],
        "notices": [],
        "changes": [],
    }


def awaiting(found: Determination) -> tuple[Wording, ...]:
    """The proofs that the law requires whatever the answer."""
    result = found.reading.plan.base.result if found.reading is not None else None
    return result.awaiting if result is not None else ()


# ---------------------------------------------------------------- figures


def figure(value: Value, kind: Type, lang: str) -> str:
    """A value as a person reads it: $1,234.50, 20 %, yes, 3."""
    match value:
        case bool():
            return {"en": "yes" if value else "no", "es": "sí" if value else "no"}[lang]
        case int() if kind.base == "USD":
            cents = decimal_text(abs(value))
            whole, _, rest = cents.partition(".")
            return f"{'-' if value < 0 else ''}${int(whole):,}" + ("" if rest == "00" else f".{rest}")
        case int() if kind.base == "rate":
            return f"{decimal_text(value * 100, 0)}%"
        case int() if kind.options:
            return kind.options[value].replace("_", " ")
        case int():
            return decimal_text(value, 0) if kind.scaled else str(value)
        case Interval():
            return _BETWEEN[lang].format(figure(value.lo, kind, lang), figure(value.hi, kind, lang))
        case _:
            return _NOT_KNOWN[lang]


def plain(value: Value, kind: Type) -> Any:
    """A value as data: money and rates as decimal strings, what is not known as its bounds or None."""
    match value:
        case bool():
            return value
        case int() if kind.scaled:
            return decimal_text(value)
        case int() if kind.options:
            return kind.options[value]
        case int():
            return value
        case Interval():
            return {"min": plain(value.lo, kind), "max": plain(value.hi, kind)}
        case _:
            return None


def _unit(reading: Reading | None) -> str:
    assert reading is not None and reading.plan.base.result is not None and reading.plan.base.result.amount is not None
    return str(reading.plan.node(reading.plan.base.result.amount.text).type)


def _bounds(amount: Value, status: str, unit: str) -> dict[str, str]:
    low, high = (amount.lo, amount.hi) if isinstance(amount, Interval) else (amount, amount)
    assert isinstance(low, int) and isinstance(high, int)
    return {"min": decimal_text(low if status == "eligible" else 0), "max": decimal_text(high), "unit": unit}


# ---------------------------------------------------------------- tests, values, reasons, steps


def _tests(reading: Reading | None) -> list[Test]:
    result = reading.plan.base.result if reading is not None else None
    return (
        [reading.plan.tests[n.text] for n in result.covers + result.requires]
        if reading is not None and result is not None
        else []
    )


def _outcome(reading: Reading, test: Test) -> str:
    found = reading.value(test.outcome)
    return OUTCOMES[found] if isinstance(found, int) else "unknown"


def _test(reading: Reading | None, test: Test) -> dict[str, Any]:
    assert reading is not None
    outcome = _outcome(reading, test)
    sides = [
        plain(reading.value(n), reading.plan.node(n).type) if n and outcome != "not_applicable" else None
        for n in (test.value, test.limit)
    ]
    return {"name": test.name, "outcome": outcome, "value": sides[0], "limit": sides[1]}


def _values(reading: Reading | None) -> dict[str, Any]:
    result = reading.plan.base.result if reading is not None else None
    if reading is None or result is None:
        return {}
    found = {n.text: plain(reading.value(n.text), reading.plan.node(n.text).type) for n in result.values}
    if result.people is not None:
        counted = reading.values[result.people.text]
        found["people_counted"] = [reading.facts.people[i] for i in reading.members() if counted[i] is True]
    return found


def _reasons(found: Determination) -> Iterator[dict[str, Any]]:
    """Each test that decided, with its words and its law; then each person who does not count, and why."""
    reading = found.reading
    if reading is None:
        yield {"code": f"{found.program}.{found.status}", "text": _both(STATUS[found.status]), "citations": []}
        return
    covers = {n.text for n in reading.plan.base.result.covers} if reading.plan.base.result is not None else set()
    for test in _tests(reading):
        outcome = _outcome(reading, test)
        if test.name in covers and outcome == "pass":
            continue  # that the page covers the household explains nothing about it
        said, citations = _of_test(reading, test, outcome, reading.row)
        yield {"code": f"{found.program}.{test.name}.{outcome}", "text": said, "citations": _cite(citations)}
    result = reading.plan.base.result
    assert result is not None
    for name in result.caveats:
        test = reading.plan.tests[name.text]
        for i in reading.members():
            if reading.values[test.outcome][i] == FAIL if isinstance(reading.values[test.outcome][i], int) else False:
                said, citations = _of_test(reading, test, "fail", i)
                yield {
                    "code": f"{found.program}.{test.name}.fail",
                    "people": [reading.facts.people[i]],
                    "text": said,
                    "citations": _cite(citations),
                }


def _of_test(reading: Reading, test: Test, outcome: str, row: int) -> tuple[dict[str, str], tuple[Citation, ...]]:
    node = reading.plan.node(test.outcome)
    assert node.definition is not None
    which = reading.values[test.exception][row]
    if outcome == OUTCOMES[NOT_APPLICABLE] and isinstance(which, int) and which:
        exception = test.exceptions[which - 1]
        return _filled(reading, node, exception.say or _plainly(test.name, exception.name), row, test), exception.citations
    return _filled(reading, node, node.definition.say.get(outcome) or _plainly(test.name, outcome), row, test), node.citations


def _plainly(name: str, outcome: str) -> Wording:
    words = f"{name}: {outcome}".replace("_", " ")
    return Wording(words, words, 0)


def _steps(reading: Reading | None) -> Iterator[dict[str, Any]]:
    """The computation in the page's order: what it says of each step, with the unit's figures and the law."""
    result = reading.plan.base.result if reading is not None else None
    if reading is None or result is None:
        return
    for name in result.steps:
        node = reading.plan.node(name.text)
        wording = node.definition.say.get("") if node.definition is not None else None
        value = reading.value(name.text)
        if value == 0 if isinstance(value, int) and node.type.base == "USD" else False:
            continue  # a deduction or an income that is not there explains nothing
        yield {
            "name": name.text,
            "value": plain(value, node.type),
            "text": _filled(reading, node, wording or _plainly(name.text, "{" + name.text + "}"), reading.row, None),
            "citations": _cite(reading.plan.laws_of(node)),
        }


def _filled(reading: Reading, node: Node, wording: Wording, row: int, test: Test | None) -> dict[str, str]:
    """A wording with figures for its braces: ``value`` and ``limit`` of a test, ``person``, or any value of the unit."""

    def fill(text: str, lang: str) -> str:
        def one(match: re.Match[str]) -> str:
            name = match[1]
            if name == "person":
                return reading.facts.people[row]
            if test is not None and name in ("value", "limit"):
                name = getattr(test, name) or name
            target = reading.plan.node(name)
            at = row if target.entity == node.entity else reading.row
            return figure(reading.values[name][at], target.type, lang)

        return BRACES.sub(one, text)

    return {"en": fill(wording.en, "en"), "es": fill(wording.es, "es")}


def _both(wording: Wording, **parts: str) -> dict[str, str]:
    return {"en": wording.en.format(**parts), "es": wording.es.format(**parts)}


def _cite(citations: tuple[Citation, ...]) -> list[dict[str, str]]:
    return [{"law": c.law, "url": c.url} for c in citations]
