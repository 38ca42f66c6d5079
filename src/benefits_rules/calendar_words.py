"""Days and months as people write them, in English and in Spanish; no locale of the machine is asked."""

from __future__ import annotations

from datetime import date

_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
}  # fmt: skip


def month_in_words(month: date, lang: str) -> str:
    """``March 2026``, ``marzo de 2026``."""
    return f"{_MONTHS[lang][month.month - 1]}{' de' if lang == 'es' else ''} {month.year}"


def day_in_words(day: date, lang: str) -> str:
    """``March 12, 2026``, ``12 de marzo de 2026``."""
    name = _MONTHS[lang][day.month - 1]
    return f"{day.day} de {name} de {day.year}" if lang == "es" else f"{name} {day.day}, {day.year}"
