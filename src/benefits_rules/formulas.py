"""check, the formulas' part: expression nodes → typed expressions of a plan.

Every operator says what it takes, in which units, and with how many decimals.
"""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import cast

from benefits_rules.fitting import Fault, alike, fit, number_like, refuse
from benefits_rules.names import Failed, Names, Scope
from benefits_rules.payperiods import per_month
from benefits_rules.plan import Const, Divide, Gather, If, Ir, Lookup, Op, Ref, Round
from benefits_rules.syntax import (
    Aggregate,
    Binary,
    Call,
    Day,
    Expr,
    Formula,
    IfElse,
    Keyed,
    Name,
    Number,
    Options,
    Rounded,
    Rows,
    Unary,
    Words,
    YesNo,
)
from benefits_rules.tables import compile_table
from benefits_rules.units import COUNT, DATE, FAIL, OUTCOME, RATE, SETS, WHOLE, YES_NO, Type
from benefits_rules.values import MICRO, decimal_text, decimals, micros

#: The kinds of rounding that an option may choose (`unit: rounding`), each with its unit in millionths.
ROUNDINGS: dict[str, tuple[str, int] | None] = {
    "exact": None,
    "half_up_dollar": ("half up", MICRO),
    "down_dollar": ("down", MICRO),
    "up_dollar": ("up", MICRO),
    # Of a yearly standard: so that a twelfth of it is in whole dollars.
    "half_up_dollar_a_month": ("half up", 12 * MICRO),
    "down_dollar_a_month": ("down", 12 * MICRO),
    "up_dollar_a_month": ("up", 12 * MICRO),
    "half_up_cent": ("half up", MICRO // 100),
    "down_cent": ("down", MICRO // 100),
}


class Formulas(Names):
    """Types expressions against the definitions in force."""

    # ------------------------------------------------------------ expressions

    def expr(self, expr: Expr, scope: Scope, want: Type | None = None) -> Ir:
        e = scope.entity
        match expr:
            case Number():
                return self.number(expr, e)
            case Day():
                return Const(DATE, e, 0, expr.day.toordinal())
            case YesNo():
                return Const(YES_NO, e, 0, int(expr.value))
            case Name():
                return self.name(expr, scope, want)
            case Unary("not", x):
                return Op(YES_NO, e, 0, "not", (self.truth(x, scope),))
            case Unary(_, x):
                value = number_like(self.expr(x, scope), x)
                return Op(value.type, e, value.places, "neg", (value,))
            case Binary():
                return self.binary(expr, scope)
            case IfElse(condition, then, other):
                when = self.truth(condition, scope)
                a, b = alike(self.expr(then, scope, want), self.expr(other, scope, want), expr)
                return If(a.type, e, max(a.places, b.places), when, a, b)
            case Call():
                return self.call(expr, scope)
            case Aggregate():
                return self.aggregate(expr, scope)
            case Rounded():
                return self.rounded(expr, scope)
            case Keyed(table, keys):
                return self.lookup(table, keys, scope)
            case Words():
                refuse("list", expr, "a list can only stand after `in`", "write `name in [a, b]`")

    def number(self, expr: Number, entity: str) -> Const:
        if len(expr.text) > 20 or decimals(expr.text) > 6:
            refuse("decimals", expr, "a figure has at most six decimals", "name the rounding that the law uses")
        match expr.kind:
            case "money":
                return Const(Type("USD", "*"), entity, decimals(expr.text), micros(expr.text))
            case "percent":
                if decimals(expr.text) > 4:
                    refuse("decimals", expr, "a percentage has at most four decimals", "name the rounding that the law uses")
                rate = micros(expr.text) // 100
                return Const(RATE, entity, decimals(decimal_text(rate)), rate)
            case "decimal":
                return Const(RATE, entity, decimals(expr.text), micros(expr.text))
            case "whole":
                return Const(WHOLE, entity, 0, int(expr.text))
            case "years":
                return Const(Type("years"), entity, 0, int(expr.text))
            case "months":
                return Const(Type("months"), entity, 0, int(expr.text))
            case "days":
                return Const(Type("days"), entity, 0, int(expr.text))

    def binary(self, expr: Binary, scope: Scope) -> Ir:
        e, op = scope.entity, expr.op
        if op in ("and", "or"):
            return Op(YES_NO, e, 0, op, (self.truth(expr.a, scope), self.truth(expr.b, scope)))
        if op in ("in", "not in"):
            return self.membership(expr, scope)
        if op in ("is", "is not"):
            a = self.expr(expr.a, scope)
            a, b = alike(a, self.expr(expr.b, scope, a.type), expr)
            if a.type.base not in ("one of", "count", "code", "yes/no", "years", "whole"):
                refuse("is", expr, f"`is` cannot compare {a.type}", "use <= or >=")
            same = Op(YES_NO, e, 0, "==", (a, b))
            return same if op == "is" else Op(YES_NO, e, 0, "not", (same,))
        a, b = self.expr(expr.a, scope), self.expr(expr.b, scope)
        if a.type == DATE and b.type.base in ("years", "months", "days") and op in ("+", "-"):
            return self.shift(expr, a, b)
        if a.type == b.type == DATE and op == "-":
            return Op(COUNT, e, 0, "-", (a, b))
        if op in ("*", "of"):
            return self.product(expr, number_like(a, expr.a), number_like(b, expr.b), e)
        if op == "/":
            refuse("division", expr, "a division must name its rounding", "write `… / … rounded half up to $0.01`")
        a, b = alike(a, b, expr)
        if op in ("+", "-"):
            number_like(a, expr.a)
            return Op(a.type, e, max(a.places, b.places), op, (a, b))
        if a.type.base not in ("USD", "rate", "hours", "count", "years", "months", "date", "whole"):
            refuse("comparison", expr, f"{a.type} has no order", "compare with `is`")
        flipped = {">": "<", ">=": "<="}
        return Op(YES_NO, e, 0, flipped.get(op, op), (b, a) if op in flipped else (a, b))

    def membership(self, expr: Binary, scope: Scope) -> Ir:
        a = self.expr(expr.a, scope)
        items: tuple[Name | Number, ...]
        if isinstance(expr.b, Words):
            items = expr.b.items
        elif isinstance(expr.b, Name) and expr.b.text in self.in_force and self.in_force[expr.b.text].definition.kind == "set":
            items = cast(Options, self.in_force[expr.b.text].variant.content).items
        else:
            refuse("list", expr.b, "expected a list or the name of a set", "write `in [a, b]`")
        members = []
        for item in items:
            if isinstance(item, Name):
                if item.text not in a.type.options:
                    close = get_close_matches(item.text, a.type.options, 1)
                    refuse(
                        "option",
                        expr.b,
                        f"`{item.text}` is not an option of {a.type}",
                        f"did you mean `{close[0]}`?" if close else "use one of its options",
                    )
                members.append(Const(a.type, scope.entity, 0, a.type.options.index(item.text), fixed=True))
            else:
                if a.type.base not in ("count", "code", "years") or item.kind != "whole":
                    refuse("list", expr.b, f"a number cannot be one of {a.type}", "write its options")
                members.append(Const(a.type, scope.entity, 0, int(item.text), fixed=True))
        if not members:
            refuse("list", expr.b, "this set is empty", "put a word in it")
        inside = Op(YES_NO, scope.entity, 0, "in", (a, *sorted(members, key=lambda c: c.value)))
        return inside if expr.op == "in" else Op(YES_NO, scope.entity, 0, "not", (inside,))

    def shift(self, expr: Binary, day: Ir, length: Ir) -> Const:
        """Calendar arithmetic on a fixed day: `month_start - 5 years`."""
        if not isinstance(day, Const) or not isinstance(length, Const):
            refuse("date", expr, "only a fixed day can be moved", "compare the fact with `month_start - 5 years`")
        sign = 1 if expr.op == "+" else -1
        try:
            return replace(day, value=_moved(date.fromordinal(day.value), length, sign).toordinal())
        except (ValueError, OverflowError):
            refuse("date", expr, "this leads to a day that no calendar has", "move the day by less")

    def product(self, expr: Binary, a: Ir, b: Ir, entity: str) -> Ir:
        if b.type == RATE and a.type != RATE:
            a, b = b, a
        if a.type == RATE and b.type.scaled:
            places = a.places + b.places
            if places > 6:
                refuse(
                    "decimals",
                    expr,
                    f"this product needs {places} decimals, more than six",
                    "round one of the two as the law does",
                )
            return Op(b.type, entity, places, "times", (b, a))
        whole = ("count", "whole", "years", "months")
        if a.type.base in whole and b.type.base in (*whole, "USD", "rate", "hours"):
            return Op(COUNT if b.type.base in whole else b.type, entity, b.places, "mul", (a, b))
        if b.type.base in whole and a.type.base in ("USD", "rate", "hours"):
            return Op(a.type, entity, a.places, "mul", (b, a))
        if {a.type.base, b.type.base} == {"USD", "hours"}:
            money, hours = (a, b) if a.type.base == "USD" else (b, a)
            if money.type.per == "hour" and a.places + b.places <= 6:
                return Op(Type("USD", hours.type.per), entity, a.places + b.places, "times", (money, hours))
        refuse("product", expr, f"{a.type} and {b.type} cannot be multiplied", "multiply an amount by a rate or a count")

    def rounding_option(self, expr: Rounded) -> tuple[str, int] | None:
        """The kind of rounding that an option chose; None where it keeps every digit."""
        if not isinstance(expr.unit, Name) or expr.unit.text not in self.in_force:
            refuse("rounding", expr.unit, "expected the name of an option", "declare it with `unit: rounding`")
        found = self.in_force[expr.unit.text]
        content = found.variant.content
        branches = content.branches if isinstance(content, Formula) else ()
        word = branches[0].value if len(branches) == 1 else None
        if found.definition.unit != "rounding" or not isinstance(word, Name) or word.text not in ROUNDINGS:
            refuse("rounding", expr.unit, f"`{expr.unit.text}` does not say how to round", f"write one of {', '.join(ROUNDINGS)}")
        return ROUNDINGS[word.text]

    def rounded(self, expr: Rounded, scope: Scope) -> Ir:
        if expr.how == "by":
            chosen = self.rounding_option(expr)
            x = number_like(self.expr(expr.x, scope), expr.x)
            return (
                x if chosen is None else Round(x.type, scope.entity, decimals(decimal_text(chosen[1])), chosen[0], x, chosen[1])
            )
        unit_expr = self.expr(expr.unit, scope)
        if not isinstance(unit_expr, Const) or unit_expr.value <= 0:
            refuse("rounding", expr.unit, "round to a fixed amount", "write $1, $0.01, $10, 0.1%")
        division = expr.x if isinstance(expr.x, Binary) and expr.x.op == "/" else None
        if division is None:
            x = number_like(self.expr(expr.x, scope), expr.x)
            unit = fit(unit_expr, x.type, expr.unit)
            assert isinstance(unit, Const)
            return Round(x.type, scope.entity, unit.places, expr.how, x, unit.value)
        a, b = number_like(self.expr(division.a, scope), division.a), number_like(self.expr(division.b, scope), division.b)
        if b.type.base in ("count", "whole"):
            kind = a.type
            if kind.base == "USD" and kind.per == "year" and isinstance(b, Const) and b.value == 12:
                kind = Type("USD", "month")
            unit = fit(unit_expr, a.type, expr.unit)
            assert isinstance(unit, Const)
            return Divide(kind, scope.entity, unit.places, expr.how, a, b, unit.value)
        if a.type.base == b.type.base and a.type.scaled:
            a, b = alike(a, b, division)
            unit = fit(unit_expr, RATE, expr.unit)
            assert isinstance(unit, Const)
            if MICRO % unit.value:
                refuse("rounding", expr.unit, "a ratio rounds to a decimal step", "write 0.1% or 1%")
            scaled = Op(
                a.type, scope.entity, a.places, "mul", (Const(COUNT, scope.entity, 0, MICRO // unit.value, fixed=True), a)
            )
            steps = Divide(RATE, scope.entity, 0, expr.how, scaled, b, 1)
            return Op(RATE, scope.entity, unit.places, "mul", (Const(COUNT, scope.entity, 0, unit.value, fixed=True), steps))
        refuse("division", division, f"{a.type} cannot be divided by {b.type}", "divide by a count, or by a like amount")

    def call(self, expr: Call, scope: Scope) -> Ir:
        e, arguments = scope.entity, expr.arguments
        match expr.function:
            case "min" | "max":
                if len(arguments) < 2:
                    refuse("arguments", expr, f"`{expr.function}` needs two or more values", "add one")
                values = [number_like(self.expr(a, scope), a) for a in arguments]
                first = values[0]
                for i in range(1, len(values)):
                    first, values[i] = alike(first, values[i], arguments[i])
                values = [fit(v, first.type, a) for v, a in zip(values, arguments, strict=True)]
                return Op(first.type, e, max(v.places for v in values), expr.function, tuple(values))
            case "meets" | "fails" | "exempt":
                return self.outcome(expr, scope)
            case "yearly":
                value = self.expr(arguments[0], scope)
                if value.type != Type("USD", "month"):
                    refuse("unit", expr, f"`yearly` takes USD/month, not {value.type}", "give it a monthly amount")
                return Op(Type("USD", "year"), e, value.places, "mul", (Const(COUNT, e, 0, 12, fixed=True), value))
            case "this_month":
                value = self.expr(arguments[0], scope)
                if value.type != Type("USD"):
                    refuse("unit", expr, f"`this_month` takes USD, not {value.type}", "give it what is on hand, such as savings")
                return Op(Type("USD", "month"), e, value.places, "mul", (Const(COUNT, e, 0, 1, fixed=True), value))
            case "per_month":
                return self.per_month(expr, scope)
        refuse(
            "function",
            expr,
            f"there is no function `{expr.function}`",
            "known are min, max, meets, fails, exempt, yearly, this_month, per_month",
        )

    def outcome(self, expr: Call, scope: Scope) -> Ir:
        [test] = expr.arguments if len(expr.arguments) == 1 else [expr]
        if not isinstance(test, Name) or test.text not in self.in_force or self.in_force[test.text].definition.kind != "test":
            refuse("test", test, f"`{expr.function}` takes the name of a test", "name one of the page's tests")
        node = self.define(test.text)
        if expr.function == "exempt":
            which = self.bring(Ref(COUNT, node.entity, 0, f"{test.text}.exception"), test, scope)
            none = Op(YES_NO, scope.entity, 0, "==", (which, Const(COUNT, scope.entity, 0, 0, fixed=True)))
            return Op(YES_NO, scope.entity, 0, "not", (none,))
        outcome = self.bring(Ref(OUTCOME, node.entity, 0, test.text), test, scope)
        failed = Op(YES_NO, scope.entity, 0, "==", (outcome, Const(OUTCOME, scope.entity, 0, FAIL, fixed=True)))
        return failed if expr.function == "fails" else Op(YES_NO, scope.entity, 0, "not", (failed,))

    def per_month(self, expr: Call, scope: Scope) -> Ir:
        """``per_month(amount, every, weekly, two_weekly)``, and the hours and days of the row where it has them."""
        if len(expr.arguments) != 4:
            refuse("arguments", expr, "`per_month` takes amount, every, weekly factor, two-weekly factor", "give all four")
        amount, every, weekly, two_weekly = (self.expr(a, scope) for a in expr.arguments)
        if (
            amount.type != Type("USD", "period")
            or "half_month" not in every.type.options
            or {weekly.type, two_weekly.type} != {RATE}
        ):
            refuse(
                "unit",
                expr,
                "`per_month` takes an amount per its own period, and its period",
                "give it `amount, every, weekly, two_weekly`",
            )
        if 2 + max(weekly.places, two_weekly.places) > 6:
            refuse("decimals", expr, "this factor has too many decimals", "a factor has at most four")
        parts = ("hours", "days") if (scope.entity, "hours") in self.facts else ()
        hours_and_days = tuple(self.name(Name(n, expr.at, expr.end), scope) for n in parts)
        return per_month(scope.entity, amount, every, weekly, two_weekly, hours_and_days)

    def aggregate(self, expr: Aggregate, scope: Scope) -> Ir:
        if expr.over.text not in SETS:
            close = get_close_matches(expr.over.text, SETS, 1)
            refuse(
                "set",
                expr.over,
                f"there is no set `{expr.over.text}`",
                f"did you mean `{close[0]}`?" if close else f"known are {', '.join(SETS)}",
            )
        over = SETS[expr.over.text]
        if scope.entity not in list(self.chain(over))[1:]:
            refuse("scope", expr.over, f"a {scope.entity} has no {expr.over.text}", "gather from the entity that has them")
        inner = Scope(over, {k: self.down(v, over) for k, v in scope.names.items()})
        where = self.truth(expr.where, inner) if expr.where is not None else None
        value = self.expr(expr.value, inner) if expr.value is not None else None
        otherwise = self.expr(expr.otherwise, scope) if expr.otherwise is not None else None
        kind, places = COUNT, 0
        match expr.function:
            case "count":
                if value is not None:
                    refuse("syntax", expr, "`count` takes a set and a condition only", "write count(members where …)")
            case "any" | "every":
                if expr.value is None:
                    refuse("syntax", expr, f"`{expr.function}` needs a condition", f"write {expr.function}(… of members)")
                value, kind = self.truth(expr.value, inner), YES_NO
            case _:
                if value is None:
                    refuse("syntax", expr, f"`{expr.function}` needs a value", f"write {expr.function}(… of members)")
                kind, places = number_like(value, expr.value).type, value.places
                if expr.function != "sum":
                    if otherwise is None or not 1 <= expr.nth <= 9:
                        refuse("syntax", expr, f"`{expr.function}` must say what holds where there is none", "add `otherwise …`")
                    value, otherwise = alike(value, otherwise, expr)
                    kind, places = value.type, max(places, otherwise.places)
        return Gather(kind, scope.entity, places, expr.function, expr.nth, over, value, where, otherwise)

    def lookup(self, name: Name, keys: tuple[Expr, ...], scope: Scope) -> Ir:
        found = self.in_force.get(name.text)
        if found is None or found.definition.kind != "table":
            refuse("table", name, f"`{name.text}` is not a table", "name a table of the page")
        unit = self.unit_of(found.definition)
        if unit is None or not keys:
            refuse("table", found.definition, "a table needs `unit` and `by`", "add them")
        typed = tuple(k if k.type != WHOLE else replace(k, type=COUNT) for k in (self.expr(k, scope) for k in keys))
        own = found.definition.by
        if len(own) != len(typed):
            refuse(
                "table", name, f"`{name.text}` is read by {len(own)} keys, not {len(typed)}", "give one key for each of its `by`"
            )
        cells = self.tables.get(name.text)
        if cells is None:
            table = compile_table(cast(Rows, found.variant.content), tuple(k.type for k in typed), unit)
            if isinstance(table, tuple):
                self.report(found.definition.source, Fault("cell", table[0], table[0] + 1, table[1], table[2]))
                raise Failed
            self.tables[name.text] = cells = table
            self.keyed[name.text] = tuple(k.type for k in typed)
        for key, kind, place in zip(typed, self.keyed[name.text], keys, strict=True):
            if key.type != kind and {key.type.base, kind.base} - {"count", "whole"}:
                refuse("table", place, f"a key of `{name.text}` is {kind}, not {key.type}", "give a key of that kind")
        return Lookup(unit, scope.entity, cells.places, name.text, cells.dimensions, cells.cells, typed)

    def truth(self, expr: Expr, scope: Scope) -> Ir:
        value = self.expr(expr, scope)
        if value.type != YES_NO:
            refuse("yes-no", expr, f"expected a yes or no here, not {value.type}", "compare it with something")
        return value


def _moved(start: date, length: Const, sign: int) -> date:
    """A day moved by days, months or years; the 31st becomes the last day of a shorter month."""
    if length.type.base == "days":
        return start + timedelta(days=sign * length.value)
    months = start.year * 12 + start.month - 1 + sign * length.value * (12 if length.type.base == "years" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
