"""questions: a path of the household, or an assumption → the catalogue's question for it, in a language."""

from __future__ import annotations

from benefits_rules.factdef import Catalogue
from benefits_rules.facts import Assumption

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
_EACH = {"en": "each person", "es": "cada persona"}
_YES_NO = {"en": ("no", "yes"), "es": ("no", "sí")}


def question(catalogue: Catalogue, path: str, lang: str) -> str:
    """The catalogue's question for a path such as ``people.ana.income``; the path itself where it has none."""
    names = path.split(".")
    person = names[1] if len(names) > 1 and names[0] == "people" else ""
    tail = ".".join(names[2:]) if person else path
    entity = "person" if person else "household"
    found = next((f for f in catalogue.facts.values() if f.at and tail == f.at and f.entity == entity), None)
    if found is None and tail in _ASKED_BY:
        found = catalogue.facts[_ASKED_BY[tail]]
    if found is None:
        return path
    each = _EACH[lang]
    words = found.ask.es if lang == "es" else found.ask.en
    return words.format(person=person or each, other=each, outsider=each)


def assumed(catalogue: Catalogue, assumption: Assumption, lang: str) -> str:
    """The catalogue's question, the usual answer that stood in, and for whom."""
    fact = next(f for (_, name), f in catalogue.facts.items() if name == assumption.fact)
    value, people = assumption.value, ", ".join(assumption.people)
    shown = _YES_NO[lang][value] if isinstance(value, bool) else str(value).replace("_", " ")
    several = len(assumption.people) > 1
    person = _EACH[lang] if several else people
    asked = (fact.ask.es if lang == "es" else fact.ask.en).format(person=person, other="", outsider="")
    return f"{asked} {shown}" + (f" ({people})" if several else "")
