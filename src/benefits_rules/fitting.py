"""check, the types' part: which values may meet, and how a literal adapts to its neighbour.

A literal amount takes its neighbour's period and a whole number its neighbour's kind; nothing else changes its
type. A refusal is a :class:`Fault` that knows its place; who reads a definition turns it into a report.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

from benefits_rules.plan import Const, If, Ir, Op
from benefits_rules.units import COUNT, WHOLE, Type
from benefits_rules.values import MICRO


class Fault(Exception):
    """What is wrong with a formula, and where in its file."""

    def __init__(self, code: str, at: int, end: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.code, self.at, self.end, self.what, self.mend = code, at, end, what, mend


def refuse(code: str, node: Any, what: str, mend: str) -> NoReturn:
    """Raise the fault of a syntax node."""
    raise Fault(code, node.at, getattr(node, "end", node.at + 1), what, mend)


def number_like(value: Ir, expr: Any) -> Ir:
    if value.type.per == "period":
        refuse("period", expr, "this amount is per its own pay period", "bring it to a month: per_month(amount, every, …)")
    if value.type.base in ("yes/no", "one of", "date", "code"):
        refuse("number", expr, f"expected a number or an amount, not {value.type}", "use a value that can be counted")
    return value


def alike(a: Ir, b: Ir, expr: Any) -> tuple[Ir, Ir]:
    """The two in one type, or a refusal."""
    if a.type == b.type:
        return a, b
    if a.type == WHOLE or a.type.per == "*":
        return fit(a, b.type, expr), b
    return a, fit(b, a.type, expr)


def fit(value: Ir, want: Type, expr: Any) -> Ir:
    """A value as the type wanted: literals adapt; nothing else does."""
    if value.type == want:
        return value
    if value.type.base == "USD" and want.base == "USD" and value.type.per == "*":
        return retype(value, want)
    if value.type == WHOLE and isinstance(value, Const):
        if want.base in ("count", "years", "months", "code"):
            return replace(value, type=want)
        if want.base in ("rate", "hours"):
            return replace(value, type=want, value=value.value * MICRO)
    if value.type in (WHOLE, COUNT) and want in (WHOLE, COUNT):
        return retype(value, COUNT)
    hint = "write $ before an amount" if value.type == WHOLE and want.base == "USD" else "bring both to one unit"
    refuse("unit", expr, f"{value.type} meets {want}", hint)


def retype(value: Ir, want: Type) -> Ir:
    """A literal, or an expression of literals, takes its neighbour's period."""
    match value:
        case Op():
            return replace(value, type=want, args=tuple(retype(a, want) if a.type == value.type else a for a in value.args))
        case If():
            return replace(value, type=want, then=retype(value.then, want), other=retype(value.other, want))
        case _:
            return replace(value, type=want)
