"""The layouts' own words, in both languages. What the rules say stands in the rules.

They are kept to a reading level of grade 6, as ``tests/test_reading_level.py`` measures.
"""

from __future__ import annotations

from typing import Literal

Lang = Literal["en", "es"]

#: The law by which an application may be filed at once.
FILING = {"snap": "7 CFR 273.2(c)", "medicaid": "42 CFR 435.906", "chip": "42 CFR 457.340(a)"}

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "What you can get",
        "summary": "The answer for each program",
        "program": "Program",
        "month": "Month",
        "people": "For",
        "answer": "Answer",
        "of": "{program}, {month}, for {people}",
        "ongoing": "Each month",
        "first_month": "The first month, {month}",
        "category": "The group is: {}.",
        "coverage": "What is covered: {}.",
        "funding": "Who pays: {}.",
        "a_month": "{amount} a month",
        "may": "between {min} and {max} a month",
        "supplements": "Money from the state",
        "state_money": "State money",
        "needs": "To be sure, tell us",
        "notes": "What you should know",
        "changes": "What you may do",
        "reasons": "Why",
        "reasons_caption": "Each rule we looked at, and its law",
        "reasons_column": "What we found",
        "steps": "How we worked it out",
        "steps_caption": "Each step with its amount, and its law",
        "steps_column": "Step",
        "law": "Law",
        "amounts_caption": "How much, and when",
        "assumed": "What we took to be so, since you did not tell us",
        "cautions": "Be careful with this",
        "bring": "What the agency will ask for",
        "notice": "What a letter from the agency must say: {title}",
        "open": "Only the agency knows the parts in [brackets].",
        "each": "each person",
        "yes": "yes",
        "no": "no",
        "close": "This is our best guess. The agency decides. You may apply today, and that day counts{law}.",
    },
    "es": {
        "title": "Lo que puede recibir",
        "summary": "La respuesta de cada programa",
        "program": "Programa",
        "month": "Mes",
        "people": "Para",
        "answer": "Respuesta",
        "of": "{program}, {month}, para {people}",
        "ongoing": "Cada mes",
        "first_month": "El primer mes, {month}",
        "category": "El grupo es: {}.",
        "coverage": "Qué se cubre: {}.",
        "funding": "Quién paga: {}.",
        "a_month": "{amount} al mes",
        "may": "entre {min} y {max} al mes",
        "supplements": "Dinero del estado",
        "state_money": "Dinero del estado",
        "needs": "Para estar seguros, díganos",
        "notes": "Lo que debe saber",
        "changes": "Lo que puede hacer",
        "reasons": "Por qué",
        "reasons_caption": "Cada regla que miramos, y su ley",
        "reasons_column": "Lo que vimos",
        "steps": "Cómo lo calculamos",
        "steps_caption": "Cada paso con su cantidad, y su ley",
        "steps_column": "Paso",
        "law": "Ley",
        "amounts_caption": "Cuánto y cuándo",
        "assumed": "Lo que dimos por cierto, porque no nos lo dijo",
        "cautions": "Tenga cuidado con esto",
        "bring": "Lo que la agencia le va a pedir",
        "notice": "Lo que debe decir una carta de la agencia: {title}",
        "open": "Solo la agencia sabe lo que va entre [corchetes].",
        "each": "cada persona",
        "yes": "sí",
        "no": "no",
        "close": "Es un cálculo nuestro. La agencia decide. Puede hacer su solicitud hoy, y ese día cuenta{law}.",
    },
}
