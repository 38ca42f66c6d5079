"""check, the pay periods' part: what an amount per its own period is in a month.

Weekly and two-weekly amounts take the program's factors (7 CFR 273.10(c)(2)(i) and its like). What is paid by the
hour or the day first becomes a week's pay, rounded to the cent. Two half months are exact; a quarter's third and a
year's twelfth are rounded half up to the cent. What is paid ``once`` counts in its month.
"""

from __future__ import annotations

from dataclasses import replace

from benefits_rules.plan import Const, Divide, If, Ir, Op, Round
from benefits_rules.units import COUNT, YES_NO, Type
from benefits_rules.values import MAX_MONEY, MICRO

_MONTH = Type("USD", "month")
_CENT = MICRO // 100


def per_month(entity: str, amount: Ir, every: Ir, weekly: Ir, two_weekly: Ir, hours_and_days: tuple[Ir, ...]) -> Ir:
    """The expression of a month's amount; ``hours_and_days`` a week are empty where the row has none."""
    whole = (
        ("quarter", _part(entity, amount, 3)),
        ("half_month", _double(entity, amount)),
        ("two_weeks", _times(entity, amount, two_weekly)),
        ("week", _times(entity, amount, weekly)),
    )
    found = _when(entity, every, "year", _part(entity, amount, 12), replace(amount, type=_MONTH))
    if hours_and_days:
        hours, days = hours_and_days
        by_hours = Round(_MONTH, entity, 2, "half up", _times(entity, amount, hours), _CENT)
        for word, week in (("hour", by_hours), ("day", Op(_MONTH, entity, 2, "mul", (days, amount)))):
            # a week's pay is a row's amount too: no more than a row may say
            most = Op(_MONTH, entity, 2, "min", (week, Const(_MONTH, entity, 2, MAX_MONEY, fixed=True)))
            found = _when(entity, every, word, _times(entity, most, weekly), found)
    for word, then in whole:
        found = _when(entity, every, word, then, found)
    return found


def _when(entity: str, every: Ir, word: str, then: Ir, other: Ir) -> Ir:
    option = Const(every.type, entity, 0, every.type.options.index(word), fixed=True)
    return If(_MONTH, entity, max(then.places, other.places), Op(YES_NO, entity, 0, "==", (every, option)), then, other)


def _times(entity: str, x: Ir, rate: Ir) -> Ir:
    return Op(_MONTH, entity, x.places + rate.places, "times", (x, rate))


def _double(entity: str, x: Ir) -> Ir:
    return Op(_MONTH, entity, x.places, "mul", (Const(COUNT, entity, 0, 2, fixed=True), x))


def _part(entity: str, x: Ir, n: int) -> Ir:
    return Divide(_MONTH, entity, 2, "half up", x, Const(COUNT, entity, 0, n, fixed=True), _CENT)
