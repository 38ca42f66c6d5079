"""Exact values: money, rates and hours as whole millionths, and what an unknown may still be.

Money is an ``int`` of micro-dollars ($1 = 1,000,000), a rate or an hour an ``int`` of millionths; counts,
ages and dates (``date.toordinal()``) are plain ``int``, yes/no is ``bool``, one-of is the index of the option.
A value that is not known exactly is one of three frozen bounds, each carrying the household paths it
waits for (``why``):

    Interval(lo, hi, why)    a number from lo to hi, both included
    Maybe(why)               yes or no
    AnyOf(options, why)      one of these options (indices of a one-of, or whole numbers such as a county)

The arithmetic below uses only ``+ - * // %`` and comparisons, so that Python's ``int`` and NumPy's
``int64`` give the same bytes; Python and NumPy both floor ``//``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

MICRO = 1_000_000
#: The most that one row of a household may say, in micro-dollars ("under $10 million a row").
MAX_MONEY = 10_000_000 * MICRO - 10_000
#: How many people a household, and how many rows a list, may have.
MAX_PEOPLE = 40
MAX_ROWS = 40

Why = frozenset[str]


class Unsure(Exception):
    """A value that is not known exactly was used as if it were."""


class _Unknown:
    """What is not known refuses to be computed with: only the bounds reading knows how."""

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def _refuse(self, *_: object) -> NoReturn:
        raise Unsure

    __bool__ = __index__ = __hash__ = __neg__ = __iter__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse

    def __eq__(self, other: object) -> bool:
        """Equal to the same bound; comparing with something exact is a use."""
        if not isinstance(other, _Unknown):
            raise Unsure
        return type(self) is type(other) and all(getattr(self, f) == getattr(other, f) for f in self.__match_args__)


@dataclass(frozen=True, slots=True, eq=False)
class Interval(_Unknown):
    """A number that lies between ``lo`` and ``hi``, both possible as far as is known."""

    lo: int
    hi: int
    why: Why


@dataclass(frozen=True, slots=True, eq=False)
class Maybe(_Unknown):
    """A yes/no that is not known."""

    why: Why


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf(_Unknown):
    """One of several options; which is not known."""

    options: frozenset[int]
    why: Why


Bound = Interval | Maybe | AnyOf
#: What a node of a plan may hold in the bounds reading: exact, or a bound.
Known = int | bool
Value = Known | Bound

_DECIMAL = re.compile(r"(-?)(\d+)(?:\.(\d+))?\Z")


def micros(text: str) -> int:
    """``"12.34"`` → 12,340,000. At most six decimals; ``ValueError`` otherwise."""
    found = _DECIMAL.match(text)
    if not found or len(found[3] or "") > 6:
        raise ValueError(text)
    whole = int(found[2]) * MICRO + int((found[3] or "").ljust(6, "0"))
    return -whole if found[1] else whole


def decimals(text: str) -> int:
    """How many decimals a literal is written with, trailing zeros left out."""
    return len(text.partition(".")[2].rstrip("0"))


def decimal_text(value: int, places: int = 2) -> str:
    """Micro-units as a decimal string with at least ``places`` decimals; never loses a digit."""
    sign, rest = ("-" if value < 0 else ""), abs(value)
    fraction = f"{rest % MICRO:06d}".rstrip("0").ljust(places, "0")
    return f"{sign}{rest // MICRO}" + (f".{fraction}" if fraction else "")


def times(amount: Any, rate: Any) -> Any:
    """``amount × rate``, both in millionths; exact, and in ``int64`` no larger midway than its result.

    The checker has proved that the product needs at most six decimals, so nothing is cut off.
    """
    return amount // MICRO * rate + amount % MICRO * rate // MICRO


def round_down(value: Any, unit: int) -> Any:
    """To the next lower multiple of ``unit`` (7 CFR 273.10(e)(1)(ii) calls it dropping cents)."""
    return value // unit * unit


def round_up(value: Any, unit: int) -> Any:
    """To the next higher multiple of ``unit``."""
    return -(-value // unit) * unit


def round_half_up(value: Any, unit: int) -> Any:
    """To the nearest multiple of ``unit``; exactly half goes up (towards plus infinity)."""
    return (2 * value + unit) // (2 * unit) * unit


ROUND = {"down": round_down, "up": round_up, "half up": round_half_up}


def divide_down(value: Any, by: Any, unit: int) -> Any:
    """``value ÷ by``, by a whole number, rounded down to a multiple of ``unit`` in one step."""
    return value // (by * unit) * unit


def divide_up(value: Any, by: Any, unit: int) -> Any:
    """``value ÷ by`` rounded up to a multiple of ``unit`` in one step."""
    return -(-value // (by * unit)) * unit


def divide_half_up(value: Any, by: Any, unit: int) -> Any:
    """``value ÷ by`` rounded to the nearest multiple of ``unit`` in one step, exactly half going up."""
    return (2 * value + by * unit) // (2 * by * unit) * unit


DIVIDE = {"down": divide_down, "up": divide_up, "half up": divide_half_up}
