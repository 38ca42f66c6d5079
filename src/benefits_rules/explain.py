"""explain: a determination → words. The contract's plain data here; how it is laid out is for ``render``.

Everything said comes from the pages: the wording beside a value or a test, with the unit's own figures in
its braces, and the citations it stands under. Nothing is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from benefits_rules.calendar_words import day_in_words
from benefits_rules.plan import Node, Test
from benefits_rules.provenance import laws
from benefits_rules.syntax import BRACES, Citation, Wording
from benefits_rules.units import FAIL, NOT_APPLICABLE, YES_NO, Type
from benefits_rules.values import Interval, Value, decimal_text

if TYPE_CHECKING:
    from benefits_rules.determine import Determination
    from benefits_rules.judge import Reading

OUTCOMES = ("pass", "fail", "not_applicable")
_NOT_KNOWN = {"en": "not known", "es": "no se sabe"}
_BETWEEN = {"en": "between {} and {}", "es": "entre {} y {}"}

STATUS = {
    "eligible": Wording("From what you told us, you can get this.", "Según lo que nos dijo, puede recibir esto.", 0),
    "ineligible": Wording("From what you told us, you cannot get this.", "Según lo que nos dijo, no puede recibir esto.", 0),
    "spend_down": Wording(
        "Your income is too high now. Medical bills can bring it down.",
        "Ahora su ingreso es muy alto. Los gastos médicos pueden bajarlo.",
        0,
    ),
    "waitlisted": Wording("You fit, but there is a waiting list.", "Cumple las reglas, pero hay una lista de espera.", 0),
    "zero_benefit": Wording("You fit, but the amount is zero now.", "Cumple las reglas, pero ahora el monto es cero.", 0),
    "undetermined": Wording("We are not sure yet. We still need to know more.", "Aún no es seguro. Nos falta saber algo más.", 0),
    "not_available": Wording(
        "We cannot say. We do not have the rules for this here yet.",
        "No podemos decirlo. Aún no tenemos las reglas de aquí.",
        0,
    ),
    "not_covered": Wording(
        "We cannot say. Our rules do not fit a home like yours. Please ask the agency.",
        "No podemos decirlo. Nuestras reglas no sirven para un hogar como el suyo. Pregunte a la agencia.",
        0,
    ),
}
CAUTIONS = {
    "table_past_its_period": Wording(
        "The last figure we have was good until {detail}, and there may be a new one: {name}.",
        "La última cifra que tenemos valía hasta el {detail}, y puede haber una nueva: {name}.",
        0,
    ),
    "figure_to_verify": Wording(
        "We could not check this figure yet: {name}.",
        "Aún no pudimos revisar esta cifra: {name}.",
        0,
    ),
}
#: What is said of a rule that has no words of its own for how it came out, and what stands in where it has no name either.
OUTCOME = {
    "pass": Wording("Met: {name}.", "Se cumple: {name}.", 0),
    "fail": Wording("Not met: {name}.", "No se cumple: {name}.", 0),
    "not_applicable": Wording("This does not apply to you: {name}.", "Esto no se aplica a usted: {name}.", 0),
    "unknown": Wording("We cannot check this yet: {name}.", "Aún no podemos revisar esto: {name}.", 0),
}
NAMELESS = Wording("a rule of this program", "una regla de este programa", 0)


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
        "amount_first_month": _first_month(found),
        "amount_bounds": None if amount is None or certain else _bounds(amount, found.status, _unit(reading)),
        "category": _kind(found, "category"),
        "coverage": _kind(found, "coverage"),
        "funding": _kind(found, "funding") if _names_funding(reading) else "federal" if reading is not None else None,
        "supplements": list(_supplements(found)),
        "tests": [_test(reading, t) for t in _tests(reading)],
        "values": _values(reading),
        "reasons": list(_reasons(found)),
        "steps": list(_steps(found)),
        "needs": list(found.needs),
        "awaiting": [w.en for w in awaiting(found)],
        "assumptions": [{"fact": a.fact, "people": list(a.people), "value": a.value} for a in found.assumptions],
        "cautions": list(_cautions(found)),
        "notes": list(_said(found, "notes")),
        "notices": [],
        "changes": list(_said(found, "changes")),
    }


def awaiting(found: Determination) -> tuple[Wording, ...]:
    """The proofs that the law requires whatever the answer."""
    result = found.reading.plan.result if found.reading is not None else None
    if result is None or found.reading is None:
        return ()
    reading = found.reading
    return tuple(p.words for p in result.awaiting if p.unless is None or reading.value(p.unless.text) is not True)


# ---------------------------------------------------------------- figures


def figure(value: Value, kind: Type, lang: str) -> str:
    """A value as a person reads it: $1,234.50, 20 %, yes, 3."""
    match value:
        case bool():
            return {"en": "yes" if value else "no", "es": "sí" if value else "no"}[lang]
        case int() if kind.base == "USD":
            return dollars(decimal_text(value))
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


def dollars(text: str) -> str:
    """A decimal string as people write money: ``1234.50`` → $1,234.50, ``917.00`` → $917."""
    whole, _, rest = text.partition(".")
    return f"{'-' if whole.startswith('-') else ''}${int(whole.lstrip('-')):,}" + ("" if rest.strip("0") == "" else f".{rest}")


def _names_funding(reading: Reading | None) -> bool:
    return reading is not None and reading.plan.result is not None and reading.plan.result.funding is not None


def _kind(found: Determination, which: Literal["category", "coverage", "funding"]) -> str | None:
    """The category, the coverage or who pays, in the page's word; None where there is none, or it is not certain."""
    reading = found.reading
    name = getattr(reading.plan.result, which) if reading is not None else None
    if reading is None or name is None or found.status not in ("eligible", "spend_down"):
        return None
    word = plain(reading.value(name.text), reading.plan.node(name.text).type)
    return None if word == "none" else word


def _unit(reading: Reading | None) -> str:
    assert reading is not None and reading.plan.result is not None and reading.plan.result.amount is not None
    return str(reading.plan.node(reading.plan.result.amount.text).type)


def _bounds(amount: Value, status: str, unit: str) -> dict[str, str]:
    low, high = (amount.lo, amount.hi) if isinstance(amount, Interval) else (amount, amount)
    assert isinstance(low, int) and isinstance(high, int)
    return {"min": decimal_text(low if status == "eligible" else 0), "max": decimal_text(high), "unit": unit}


def _first_month(found: Determination) -> dict[str, str] | None:
    """The amount of the month of application, where that is this month and both are known."""
    reading, result = found.reading, found.reading.plan.result if found.reading is not None else None
    if reading is None or result is None or result.first_month is None or found.status != "eligible":
        return None
    when = result.first_month_when
    value = reading.value(result.first_month.text)
    if not isinstance(value, int) or (when is not None and reading.value(when.text) is not True):
        return None
    return {"value": decimal_text(value), "unit": _unit(reading)}


def _said(found: Determination, which: Literal["notes", "changes"]) -> Iterator[dict[str, Any]]:
    """What the page says of the unit, or of a member, where it is certainly so."""
    reading, result = found.reading, found.reading.plan.result if found.reading is not None else None
    if reading is None or result is None or found.status == "not_available":
        return
    for name in getattr(result, which):
        for row, people in _so(reading, name.text):
            yield _spoken(found, reading, name.text, row) | people


def _supplements(found: Determination) -> Iterator[dict[str, Any]]:
    """What the state pays of its own money: an amount to the unit, or a program that serves a person."""
    reading, result = found.reading, found.reading.plan.result if found.reading is not None else None
    if reading is None or result is None:
        return
    for name in result.supplements:
        node = reading.plan.node(name.text)
        if node.type != YES_NO:
            value = reading.value(name.text)
            least = value.lo if isinstance(value, Interval) else value
            if found.status == "eligible" and isinstance(least, int) and least > 0:
                amount = {"value": decimal_text(value), "unit": str(node.type)} if isinstance(value, int) else None
                yield _spoken(found, reading, name.text, reading.row) | {"amount": amount, "funding": "state"}
            continue
        for row, people in _so(reading, name.text):
            yield _spoken(found, reading, name.text, row) | people | {"amount": None, "funding": "state"}


def _so(reading: Reading, name: str) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The rows on which a yes/no value is certainly so: the unit's own, or those of its members."""
    if reading.plan.node(name).entity != "person":
        if reading.value(name) is True:
            yield reading.row, {}
        return
    for i in reading.members():
        if reading.values[name][i] is True:
            yield i, {"people": [reading.facts.people[i]]}


def _spoken(found: Determination, reading: Reading, name: str, row: int) -> dict[str, Any]:
    node = reading.plan.node(name)
    wording = node.definition.say.get("") if node.definition is not None else None
    text = _filled(reading, node, wording or _name(found, name), row, None)
    return {"code": f"{found.program}.{name}", "text": text, "citations": _cite(laws(reading, node, row))}


# ---------------------------------------------------------------- tests, values, reasons, steps


def _tests(reading: Reading | None) -> list[Test]:
    result = reading.plan.result if reading is not None else None
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
    result = reading.plan.result if reading is not None else None
    if reading is None or result is None:
        return {}
    found = {n.text: _value(reading, n.text) for n in result.values}
    if result.people is not None:
        counted = reading.values[result.people.text]
        found["people_counted"] = [reading.facts.people[i] for i in reading.members() if counted[i] is True]
    return found


def _value(reading: Reading, name: str) -> Any:
    """A value of the unit or person; of a relation the people it holds for, her who is asked about first; None if not certain."""
    node = reading.plan.node(name)
    if node.entity != "pair":
        return plain(reading.value(name), node.type)
    rows = reading.frame.below("pair", "person")[reading.row]
    held = [reading.values[name][k] for k in rows]
    if not all(isinstance(x, bool) for x in held):
        return None
    others = {reading.facts.rows["pair"].link[k] for k, so in zip(rows, held, strict=True) if so}
    return [person for i, person in enumerate(reading.facts.people) if i == reading.row or i in others]


def _reasons(found: Determination) -> Iterator[dict[str, Any]]:
    """Each test that decided, with its words and its law; then each person who does not count, and why."""
    reading = found.reading
    if reading is None:
        status = STATUS[found.status]
        yield {"code": f"{found.program}.{found.status}", "text": {"en": status.en, "es": status.es}, "citations": []}
        return
    covers = {n.text for n in reading.plan.result.covers} if reading.plan.result is not None else set()
    for test in _tests(reading):
        outcome = _outcome(reading, test)
        if (outcome == "pass" and test.name in covers) or (outcome in ("pass", "not_applicable") and test.value is None):
            continue  # that a page covers the household, or that a bar without a figure does not hold, explains nothing
        if found.status == "not_available" and test.name not in covers:
            continue  # and where it does not, its other rules would mislead
        said, citations = _of_test(found, reading, test, outcome, reading.row)
        yield {"code": f"{found.program}.{test.name}.{outcome}", "text": said, "citations": _cite(citations)}
    result = reading.plan.result
    assert result is not None
    if result.of == "person" and _kind(found, "coverage") == "full":
        return  # who gets all that there is needs no word on what else she would not fit
    for name in result.caveats:
        test = reading.plan.tests[name.text]
        for i in reading.members():
            if reading.values[test.outcome][i] == FAIL if isinstance(reading.values[test.outcome][i], int) else False:
                said, citations = _of_test(found, reading, test, "fail", i)
                yield {
                    "code": f"{found.program}.{test.name}.fail",
                    "people": [reading.facts.people[i]],
                    "text": said,
                    "citations": _cite(citations),
                }


def _of_test(
    found: Determination, reading: Reading, test: Test, outcome: str, row: int
) -> tuple[dict[str, str], tuple[Citation, ...]]:
    node = reading.plan.node(test.outcome)
    assert node.definition is not None
    which = reading.values[test.exception][row]
    if outcome == OUTCOMES[NOT_APPLICABLE] and isinstance(which, int) and which:
        exception = test.exceptions[which - 1]
        if exception.say is not None:
            return _filled(reading, node, exception.say, row, test), exception.citations
        return _both(OUTCOME[outcome], found, test.name), exception.citations
    wording = node.definition.say.get(outcome)
    if wording is not None:
        return _filled(reading, node, wording, row, test), node.citations
    return _both(OUTCOME[outcome], found, test.name), node.citations


def _name(found: Determination, name: str) -> Wording:
    """What a definition is called (``rules/common/words.yaml``); a name that is not there is not shown, being English."""
    known = found.rules.words.get(name) if found.rules is not None else None
    return known or NAMELESS


def _cautions(found: Determination) -> Iterator[dict[str, Any]]:
    """What is not settled about the figures; two figures that go by one name (of one person, of two) are one caution."""
    said: list[dict[str, Any]] = []
    for caution in found.cautions:
        until = date.fromisoformat(caution.detail) if caution.detail else None
        one = {"code": caution.code, "text": _both(CAUTIONS[caution.code], found, caution.definition, until)}
        if one not in said:
            said.append(one)
            yield one


def _steps(found: Determination) -> Iterator[dict[str, Any]]:
    """The computation in the page's order: what it says of each step, with the unit's figures and the law."""
    reading = found.reading
    result = reading.plan.result if reading is not None else None
    if reading is None or result is None or found.status == "not_available":
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
            "text": _step_text(found, reading, node, wording),
            "citations": _cite(laws(reading, node, reading.row if node.entity == result.of else 0)),
        }


def _step_text(found: Determination, reading: Reading, node: Node, wording: Wording | None) -> dict[str, str]:
    if wording is not None:
        return _filled(reading, node, wording, reading.row, None)
    called, value = _name(found, node.name), reading.value(node.name)
    return {lang: f"{getattr(called, lang)}: {figure(value, node.type, lang)}." for lang in ("en", "es")}


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
            value = reading.values[name][row] if target.entity == node.entity else reading.value(name)
            return figure(value, target.type, lang)

        return BRACES.sub(one, text)

    return {"en": fill(wording.en, "en"), "es": fill(wording.es, "es")}


def _both(wording: Wording, found: Determination, name: str, until: date | None = None) -> dict[str, str]:
    called = _name(found, name)
    detail = {lang: day_in_words(until, lang) if until is not None else "" for lang in ("en", "es")}
    return {
        "en": wording.en.format(name=called.en, detail=detail["en"]),
        "es": wording.es.format(name=called.es, detail=detail["es"]),
    }


def _cite(citations: tuple[Citation, ...]) -> list[dict[str, str]]:
    return [{"law": c.law, "url": c.url} for c in citations]
