"""explain, laid out: determinations as text or for a terminal, in English or Spanish.

The answer and the amount come first; then each step with its own figures and its law; then what was
assumed, what to be careful with, and what to bring. Both layouts are made from the same :class:`Page`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from benefits_rules.determine import Determination
from benefits_rules.explain import STATUS, awaiting, determination_dict, figure
from benefits_rules.facts import Assumption, Catalogue
from benefits_rules.syntax import Wording

_WORDS = {
    "en": {
        "steps": "How it was worked out",
        "reasons": "Why",
        "assumed": "What we assumed because it was not told",
        "cautions": "Be careful with",
        "needs": "To be certain, tell us",
        "bring": "The agency will ask for",
        "of": "{program}, {month}, for {people}",
        "a_month": "{amount} a month",
        "may": "between {min} and {max} a month",
        "each": "each person",
        "yes": "yes",
        "no": "no",
        "close": "This is an estimate; the agency decides. Anyone may apply today, which keeps the filing date (7 CFR 273.2(c)).",
    },
    "es": {
        "steps": "Cómo se calculó",
        "reasons": "Por qué",
        "assumed": "Lo que supusimos porque no nos lo dijo",
        "cautions": "Tenga cuidado con",
        "needs": "Para estar seguros, díganos",
        "bring": "La agencia le pedirá",
        "of": "{program}, {month}, para {people}",
        "a_month": "{amount} al mes",
        "may": "entre {min} y {max} al mes",
        "each": "cada persona",
        "yes": "sí",
        "no": "no",
        "close": "Es una estimación; la agencia decide. Cualquiera puede solicitar hoy, y eso guarda la fecha (7 CFR 273.2(c)).",
    },
}


@dataclass(frozen=True, slots=True)
class Page:
    """One determination in one language, ready to be laid out. ``steps`` and ``reasons`` are (text, law)."""

    title: str
    status: str
    answer: str
    steps: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    close: str


def page(found: Determination, catalogue: Catalogue, lang: str) -> Page:
    """The words of a determination in one language."""
    words, data = _WORDS[lang], determination_dict(found)
    name = found.reading.plan.module.name if found.reading is not None else None
    program = _in(name, lang) if name is not None else found.program
    not_covered = found.status == "not_available" and found.reading is not None
    answer = _in(STATUS["not_covered" if not_covered else found.status], lang)
    if data["amount"] is not None:
        assert isinstance(found.amount, int) and found.reading is not None
        answer = f"{_amount(found, lang)} · {answer}"
    elif data["amount_bounds"] is not None:
        answer = f"{answer} {_amount(found, lang)}"
    lists = (
        (words["needs"], tuple(_question(catalogue, path, lang) for path in found.needs)),
        (words["assumed"], tuple(_assumed(catalogue, a, lang) for a in found.assumptions)),
        (words["cautions"], tuple(c["text"][lang] for c in data["cautions"])),
        (words["bring"], tuple(_in(w, lang) for w in awaiting(found)) if found.status != "not_available" else ()),
    )
    return Page(
        words["of"].format(program=program, month=f"{found.month:%Y-%m}", people=", ".join(found.people)),
        found.status,
        answer,
        tuple((s["text"][lang], _laws(s)) for s in data["steps"]),
        tuple((r["text"][lang], _laws(r)) for r in data["reasons"]),
        tuple((title, items) for title, items in lists if items),
        words["close"],
    )


def as_text(pages: list[Page], lang: str) -> str:
    """Plain text, a line each."""
    out: list[str] = []
    for each in pages:
        out += [each.title, f"  {each.answer}", ""]
        for title, rows in ((_WORDS[lang]["reasons"], each.reasons), (_WORDS[lang]["steps"], each.steps)):
            if rows:
                out += [title, *(f"  - {text}" + (f" [{law}]" if law else "") for text, law in rows), ""]
        for title, items in each.lists:
            out += [title, *(f"  - {item}" for item in items), ""]
        out += [each.close, ""]
    return "\n".join(out)


def show(pages: list[Page], lang: str, console: Console) -> None:
    """For a terminal. Nothing is said by colour alone."""
    for each in pages:
        parts: list[Any] = [Text(each.answer, style="bold"), Text()]
        for title, rows in ((_WORDS[lang]["reasons"], each.reasons), (_WORDS[lang]["steps"], each.steps)):
            if rows:
                table = Table(
                    title=title,
                    title_justify="left",
                    title_style="bold",
                    box=box.SIMPLE_HEAD,
                    show_header=False,
                    expand=True,
                    pad_edge=False,
                )
                table.add_column(ratio=5)
                table.add_column(ratio=2, style="dim", overflow="fold")
                for text, law in rows:
                    table.add_row(Text(text), Text(law))
                parts.append(table)
        for title, items in each.lists:
            parts += [Text(title, style="bold"), *(Text(f"  • {item}") for item in items), Text()]
        parts.append(Text(each.close, style="italic"))
        style = {"eligible": "green", "ineligible": "red", "undetermined": "yellow"}.get(each.status, "dim")
        console.print(Panel(Group(*parts), title=Text(each.title), title_align="left", border_style=style))


def _amount(found: Determination, lang: str) -> str:
    reading, amount = found.reading, found.amount
    assert (
        reading is not None
        and reading.plan.base.result is not None
        and reading.plan.base.result.amount is not None
        and amount is not None
    )
    kind, words = reading.plan.node(reading.plan.base.result.amount.text).type, _WORDS[lang]
    if isinstance(amount, int) and found.status == "eligible":
        return words["a_month"].format(amount=figure(amount, kind, lang))
    low = getattr(amount, "lo", amount) if found.status == "eligible" else 0
    return words["may"].format(min=figure(low, kind, lang), max=figure(getattr(amount, "hi", amount), kind, lang))


def _in(wording: Wording, lang: str) -> str:
    return wording.es if lang == "es" else wording.en


def _laws(part: dict[str, Any]) -> str:
    return "; ".join(c["law"] for c in part["citations"])


#: Paths that the catalogue's facts are derived from, and the fact that asks for each; a list is asked for by its first fact.
_ASKED_BY = {
    "birth_date": ("person", "age"),
    "age": ("person", "age"),
    "citizenship.status": ("person", "citizenship_status"),
    "income": ("income", "source"),
    "medical_expenses": ("medical_expense", "amount"),
    "activities": ("activity", "kind"),
    "expenses": ("expense", "kind"),
    "assets": ("asset", "kind"),
    "receives": ("receipt", "program"),
    "food_groups": ("pair", "buys_food_with"),
    "tax_returns": ("person", "files_taxes"),
    "child_care.hours_per_week": ("person", "in_child_care"),
}


def _question(catalogue: Catalogue, path: str, lang: str) -> str:
    """The catalogue's question for a path, and the path."""
    names = path.split(".")
    person = names[1] if len(names) > 1 and names[0] == "people" else ""
    tail = ".".join(names[2:]) if person else path
    entity = "person" if person else "household"
    found = next((f for f in catalogue.facts.values() if f.at and tail == f.at and f.entity == entity), None)
    if found is None and tail in _ASKED_BY:
        found = catalogue.facts[_ASKED_BY[tail]]
    if found is None:
        return path
    each = _WORDS[lang]["each"]
    words = found.ask.es if lang == "es" else found.ask.en
    return f"{words.format(person=person or each, other=each, outsider=each)} ({path})"


def _assumed(catalogue: Catalogue, assumption: Assumption, lang: str) -> str:
    """The catalogue's question, the usual answer that stood in, and for whom."""
    fact = next(f for (_, name), f in catalogue.facts.items() if name == assumption.fact)
    value, people = assumption.value, ", ".join(assumption.people)
    shown = _WORDS[lang]["yes" if value else "no"] if isinstance(value, bool) else str(value).replace("_", " ")
    several = len(assumption.people) > 1
    person = _WORDS[lang]["each"] if several else people
    question = (fact.ask.es if lang == "es" else fact.ask.en).format(person=person, other="", outsider="")
    return f"{question} {shown}" + (f" ({people})" if several else "")
