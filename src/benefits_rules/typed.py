"""typed: what somebody types → an answer as the interview takes it. Pure: a function for each kind of input.

    yes/no   y, n · s, n in Spanish          date     2026-03-31 · 03/31/2026
    money    $1,234.50 · 1234.5              age      34 · a birth date
    choice   2 · a word of the list          numbers  1 3 · 1,3 · 0 is none · 3? is not sure
    900-1200, 900..1200 and 900 to 1200 (a, in Spanish) are a range; of days only the last two.

Each raises :class:`Mistyped`, which names a sentence of ``render/spoken.py`` and never what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from benefits_rules.leaves import is_id
from benefits_rules.render.spoken import COMMANDS
from benefits_rules.values import MAX_MONEY, MICRO

#: The most characters that an answer may have.
LONGEST = 400
_YES_NO = {
    "en": {"y": True, "yes": True, "n": False, "no": False},
    "es": {"s": True, "si": True, "sí": True, "n": False, "no": False},
}
_MONEY = re.compile(r"\$?\s*(\d{1,3}(?:,\d{3})+|\d{1,15})(\.\d{1,2})?", re.ASCII)
_HOURS = re.compile(r"(\d{1,3})(\.\d{1,2})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_APART = re.compile(r"[\s,;]+")
_TO = r"\s*\.\.\s*|\s+(?:to|a)\s+"
_RANGE, _DAYS = re.compile(rf"\s*[-–]\s*|{_TO}"), re.compile(rf"\s+[-–]\s+|{_TO}")
_EVERYBODY = frozenset({"all", "todos", "todas"})


class Mistyped(Exception):
    """What was typed is no answer: the name of the sentence that says so, and figures that it shows (never the typed text)."""

    def __init__(self, key: str, **figures: int) -> None:
        self.key, self.figures = key, figures
        super().__init__(key)


def command(text: str) -> tuple[str, str] | None:
    """A word that steers, and what stands behind it (only ``save`` may have something); ``None`` for an answer."""
    found = COMMANDS.get(" ".join(text.casefold().strip("¿?").split())) if text.strip("¿?") else None
    if found is not None:
        return found, ""
    word, _, rest = text.partition(" ")
    return ("save", rest.strip()) if COMMANDS.get(word.casefold()) == "save" else None


def word(text: str) -> str | None:
    """``?`` → unknown, ``-`` → declined; ``None`` for anything else."""
    return {"?": "unknown", "-": "declined", "–": "declined"}.get(text)


def yes_no(text: str, lang: str) -> bool:
    """Yes or no in a language."""
    found = _YES_NO[lang].get(text.casefold())
    if found is None:
        raise Mistyped("bad_yes/no")
    return found


def choice(text: str, offered: Sequence[tuple[str, str]]) -> str:
    """One of (option, label): by its number, its word, or a beginning of its label that fits no other."""
    if _WHOLE.fullmatch(text):
        if not 1 <= int(text) <= len(offered):
            raise Mistyped("bad_choice")
        return offered[int(text) - 1][0]
    said = text.casefold()
    found = [o for o, label in offered if said in (o, o.replace("_", " "), label.casefold())]
    found = found or [o for o, label in offered if said and label.casefold().startswith(said)]
    if len(found) != 1:
        raise Mistyped("bad_word" if found else "bad_choice")
    return found[0]


def whole(text: str, lo: int, hi: int) -> int | dict[str, int]:
    """A whole number from ``lo`` to ``hi``, or a range of them."""

    def one(part: str) -> int:
        if not _WHOLE.fullmatch(part) or not lo <= int(part) <= hi:
            raise Mistyped("bad_whole", lo=lo, hi=hi)
        return int(part)

    return _ranged(text, _RANGE, one, int)  # type: ignore[no-any-return]


def money(text: str) -> str | dict[str, str]:
    """Dollars as text with at most two decimals, or a range of them."""

    def one(part: str) -> str:
        found = _MONEY.fullmatch(part)
        told = f"{int(found[1].replace(',', ''))}{found[2] or ''}" if found else ""
        if not told or Decimal(told) > Decimal(MAX_MONEY) / MICRO:
            raise Mistyped("bad_money")
        return told

    return _ranged(text, _RANGE, one, Decimal)  # type: ignore[no-any-return]


def hours(text: str) -> str | dict[str, str]:
    """Hours a week as text with at most two decimals, or a range of them."""

    def one(part: str) -> str:
        found = _HOURS.fullmatch(part)
        if not found or Decimal(part) > 168:
            raise Mistyped("bad_hours")
        return f"{int(found[1])}{found[2] or ''}"

    return _ranged(text, _RANGE, one, Decimal)  # type: ignore[no-any-return]


def day(text: str) -> str | dict[str, str]:
    """A day as YYYY-MM-DD, from 1900 to 2100, or a range of days. With strokes the month comes first, in Spanish too."""

    def one(part: str) -> str:
        iso, slashed = _ISO.fullmatch(part), _SLASHED.fullmatch(part)
        year, month, of_month = iso.groups() if iso else (slashed[3], slashed[1], slashed[2]) if slashed else ("0", "0", "0")
        try:
            found = date(int(year), int(month), int(of_month))
        except ValueError:
            raise Mistyped("bad_date") from None
        if not 1900 <= found.year <= 2100:
            raise Mistyped("bad_date")
        return found.isoformat()

    return _ranged(text, _DAYS, one, str)  # type: ignore[no-any-return]


def county(text: str) -> str:
    """The five digits of a county."""
    if not re.fullmatch(r"\d{5}", text, re.ASCII):
        raise Mistyped("bad_county")
    return text


def age(text: str) -> int | str | dict[str, Any]:
    """Years, or a birth date; or a range of either."""
    try:
        return day(text) if "/" in text or re.search(r"\d{4}-", text) else whole(text, 0, 130)
    except Mistyped as error:
        raise Mistyped("bad_range" if error.key == "bad_range" else "bad_age") from None


def marks(text: str, count: int) -> list[tuple[int, bool]]:
    """Numbers of a list of so many: (place, whether it is sure), in the order typed. ``0`` is none."""
    if text == "0":
        return []
    found = []
    for part in filter(None, _APART.split(text)):
        number = part.removesuffix("?")
        if not _WHOLE.fullmatch(number) or not 1 <= int(number) <= count:
            raise Mistyped("bad_numbers", hi=count)
        found.append((int(number) - 1, not part.endswith("?")))
    if not found:
        raise Mistyped("bad_numbers", hi=count)
    return found


def kinds(text: str, options: Sequence[str]) -> Any:
    """Kinds of a list, one as often as it was typed; with those that are not sure apart: ``{rows, unknown}``."""
    told = marks(text, len(options))
    rows = [options[i] for i, sure in told if sure]
    unsure = list(dict.fromkeys(options[i] for i, sure in told if not sure))
    return {"rows": rows, "unknown": unsure} if unsure else rows


def people(text: str, here: Sequence[str]) -> list[str]:
    """People by number or tag, each once; ``all`` is everybody."""
    if text.casefold() in _EVERYBODY and text not in here:
        return list(here)
    if text == "0":
        return []
    found = []
    for part in filter(None, _APART.split(text)):
        if part in here:
            found.append(part)
        elif _WHOLE.fullmatch(part) and 1 <= int(part) <= len(here):
            found.append(here[int(part) - 1])
        else:
            raise Mistyped("bad_numbers", hi=len(here))
    return list(dict.fromkeys(found))


def person(text: str, here: Sequence[str]) -> str:
    """One person, by number or tag."""
    found = people(text, here)
    if len(found) != 1:
        raise Mistyped("bad_choice")
    return found[0]


def tag(text: str, taken: Sequence[str]) -> str:
    """A tag that nobody has yet."""
    if not is_id(text):
        raise Mistyped("bad_tag")
    if text in taken:
        raise Mistyped("tag_taken")
    return text


def groups(labels: Mapping[str, str]) -> list[list[str]]:
    """Person → the group that was typed for them ↦ the groups, in the order in which they were first named."""
    found: dict[str, list[str]] = {}
    for who, label in labels.items():
        found.setdefault(label.casefold(), []).append(who)
    return list(found.values())


def _ranged(text: str, between: re.Pattern[str], one: Callable[[str], Any], measure: Callable[[Any], Any]) -> Any:
    """One value, or ``{min, max}`` of the two ends that stand in the text."""
    ends = between.split(text, maxsplit=1)
    if len(ends) == 1 or not all(ends):
        return one(text)
    lo, hi = one(ends[0]), one(ends[1])
    if measure(hi) < measure(lo):
        raise Mistyped("bad_range")
    return lo if lo == hi else {"min": lo, "max": hi}
