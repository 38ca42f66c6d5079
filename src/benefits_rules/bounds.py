"""evaluate, the bounds reading: a plan where facts may be unknown. Also the reference for the other two.

Every expression becomes one small closure over (frame, row). Exact values are plain ``int`` and ``bool``
and stay so; a bound appears only where an unknown fact reaches, and carries the paths it waits for. Sound:
whatever comes out exact holds for every completion of what is unknown. On a household that is told in full
the result is the exact reading's, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any

from benefits_rules.facts import CERTAIN, MANY, Facts
from benefits_rules.frame import Frame, Unsettled, connected
from benefits_rules.plan import Const, Dimension, Divide, Fact, Gather, If, Ir, Link, Lookup, Node, Op, Open, Plan, Ref, Round, Up
from benefits_rules.units import YES_NO, Type
from benefits_rules.values import DIVIDE, MAX_MONEY, MAX_PEOPLE, MAX_ROWS, MICRO, ROUND, AnyOf, Interval, Maybe, Value, Why, times

NOTHING: Why = frozenset()
#: A node's value on each of its entity's rows.
Values = dict[str, list[Value]]
Closure = Callable[["Run", int], Any]


def evaluate(plan: Plan, facts: Facts, given: Mapping[str, list[Value | None]] | None = None) -> tuple[Frame, Values]:
    """Every node of the plan on every row. Raises :class:`Unsettled` if the units cannot be told.

    ``given`` stands in for nodes, row by row (what the examples beside a page use); None is computed.
    """
    run = Run(Frame(facts, plan.parents), dict(given or {}))  # type: ignore[arg-type]
    read(run, plan, compiled(plan))
    return run.frame, run.values


def read(run: Run, plan: Plan, closures: Iterable[tuple[Node, Closure]]) -> None:
    """Every node's value on every row, in the plan's order; the units are told as soon as a node needs them."""
    grouped = plan.connect is None
    for node, closure in closures:
        if not grouped and node.name in plan.below_unit:
            run.frame.group(groups(run, plan))
            grouped = True
        said = run.values.get(node.name)
        if said is None:
            run.values[node.name] = [closure(run, i) for i in range(run.frame.size[node.entity])]
        else:
            run.values[node.name] = [closure(run, i) if v is None else v for i, v in enumerate(said)]
    if not grouped:
        run.frame.group(groups(run, plan))


def groups(run: Run, plan: Plan) -> list[int]:
    """The connected groups, if every uncertain tie joins people who are together anyway."""
    assert plan.connect is not None
    pairs, ties = run.frame.facts.rows["pair"], run.values[plan.connect]
    people = run.frame.size["person"]
    certain = connected(people, [(pairs.owner[k], pairs.link[k]) for k, tie in enumerate(ties) if tie is True])
    open_ties = [k for k, tie in enumerate(ties) if isinstance(tie, Maybe) and certain[pairs.owner[k]] != certain[pairs.link[k]]]
    if open_ties:
        raise Unsettled(frozenset().union(*(_why(ties[k]) for k in open_ties)))
    return certain


class Run:
    """One reading: the frame, and every node's values so far.

    ``widest`` reads for the proof: one row stands for all that a household may have, through all its people.
    """

    __slots__ = ("frame", "values", "widest")

    def __init__(self, frame: Frame, values: Values, widest: bool = False) -> None:
        self.frame, self.values, self.widest = frame, values, widest

    def most(self, over: str, scope: str) -> int:
        """How many rows a row that stands for MANY may be, seen from ``scope``."""
        if not self.widest:
            return MAX_ROWS
        each = MAX_ROWS * (MAX_PEOPLE + 1) if over == "receipt" else MAX_ROWS
        return each * MAX_PEOPLE if self.frame.parents.get(over) == "person" and scope != "person" else each


def compiled(plan: Plan) -> tuple[tuple[Node, Closure], ...]:
    """The closures of a plan, made once."""
    if plan.closures is None:
        plan.closures = tuple((node, compile_part(node.expr)) for node in plan.nodes)
    found: tuple[tuple[Node, Closure], ...] = plan.closures
    return found


# ---------------------------------------------------------------- expressions


def compile_part(expr: Ir, part: Callable[[Ir], Closure] | None = None) -> Closure:
    """One expression as a closure. ``part`` makes those of what is inside it (the proof reads each of them once)."""
    part = part or compile_part
    match expr:
        case Const():
            value: Value = bool(expr.value) if expr.type == YES_NO else expr.value
            return lambda run, i: value
        case Open():
            anything = _anything(expr)
            return lambda run, i: anything
        case Fact():
            entity, name = expr.entity, expr.name
            return lambda run, i: run.frame.facts.rows[entity].columns[name][i]
        case Ref():
            name = expr.name
            return lambda run, i: run.values[name][i]
        case Up() if expr.source.entity == "household":
            of_household = part(expr.source)
            return lambda run, i: of_household(run, 0)
        case Up():
            return _up(expr.entity, part(expr.source), expr.source.entity, expr.type.names)
        case Link():
            return _link(expr.entity, part(expr.source))
        case If():
            condition, then, otherwise = part(expr.condition), part(expr.then), part(expr.other)
            names = expr.type.names

            def choose(run: Run, i: int) -> Value:
                c = condition(run, i)
                if c is True:
                    return then(run, i)  # type: ignore[no-any-return]
                return otherwise(run, i) if c is False else join((then(run, i), otherwise(run, i)), c.why, names)

            return choose
        case Round():
            rounding, unit, x = ROUND[expr.how], expr.unit, part(expr.x)
            return lambda run, i: rise(x(run, i), lambda v: rounding(v, unit))
        case Divide():
            dividing, step, a, b = DIVIDE[expr.how], expr.unit, part(expr.a), part(expr.b)
            return lambda run, i: corners(a(run, i), b(run, i), lambda x, y: dividing(x, max(1, y), step))
        case Lookup():
            keys = tuple(part(k) for k in expr.keys)
            dimensions, cells = expr.dimensions, expr.cells
            kind = expr.type
            return lambda run, i: look([k(run, i) for k in keys], dimensions, cells, kind)
        case Gather():
            return _gather(expr, part)
        case Op():
            return _operation(expr.op, tuple(part(a) for a in expr.args))


def _anything(expr: Open) -> Value:
    """What an option that no state has filled may be: a factor up to ten, an amount up to what a row may say."""
    why = frozenset({f"the option {expr.name}"})
    if expr.type == YES_NO:
        return Maybe(why)
    if expr.type.options:
        return AnyOf(frozenset(range(len(expr.type.options))), why)
    most = {"rate": 10 * MICRO, "USD": MAX_MONEY, "hours": 168 * MICRO}.get(expr.type.base, 1_000)
    return Interval(0, most, why)


def _up(entity: str, source: Closure, above: str, names: bool) -> Closure:
    def up(run: Run, i: int) -> Value:
        at = run.frame.up[entity][i]
        if at >= 0:
            return source(run, at)  # type: ignore[no-any-return]
        return join([source(run, k) for k in range(run.frame.size[above])], run.frame.presence(entity, i)[1], names)

    return up


def _link(entity: str, other: Closure) -> Closure:
    def link(run: Run, i: int) -> Value:
        who = run.frame.facts.rows[entity].link[i]
        if who >= 0:
            return other(run, who)  # type: ignore[no-any-return]
        people = [other(run, k) for k in run.frame.housemates(entity, i)]
        presence, why = run.frame.presence(entity, i)
        if presence != CERTAIN:  # a row that is not told may be anybody's
            return join(people, why)
        return negate(some([(CERTAIN, NOTHING, negate(x)) for x in people]))

    return link


def _operation(op: str, args: tuple[Closure, ...]) -> Closure:
    if op in ("and", "or"):
        settles: bool = op == "or"

        def logic(run: Run, i: int) -> bool | Maybe:
            why: Why = NOTHING
            for arg in args:
                x = arg(run, i)
                if x is settles:
                    return op == "or"
                if isinstance(x, Maybe):
                    why |= x.why
            return Maybe(why) if why else not settles

        return logic
    if op == "in":
        first, options = args[0], args[1:]
        return lambda run, i: within(first(run, i), {o(run, i) for o in options})
    if op in ("min", "max"):
        pick = min if op == "min" else max
        return lambda run, i: extreme([a(run, i) for a in args], pick)
    if op in ("not", "neg"):
        [x] = args
        return (lambda run, i: negate(x(run, i))) if op == "not" else (lambda run, i: fall(x(run, i), lambda v: -v))
    a, b = args
    two: dict[str, Callable[[Value, Value], Value]] = {
        "+": lambda x, y: corners(x, y, lambda u, v: u + v),
        "-": lambda x, y: corners(x, y, lambda u, v: u - v),
        "mul": lambda x, y: corners(x, y, lambda u, v: u * v),
        "times": lambda x, y: corners(x, y, times),
        "<": lambda x, y: below(x, y, strictly=True),
        "<=": lambda x, y: below(x, y, strictly=False),
        "==": same,
    }
    act = two[op]
    return lambda run, i: act(a(run, i), b(run, i))


def _gather(expr: Gather, part: Callable[[Ir], Closure]) -> Closure:
    value = part(expr.value) if expr.value is not None else None
    where = part(expr.where) if expr.where is not None else None
    otherwise = part(expr.otherwise) if expr.otherwise is not None else None
    over, scope, function, nth = expr.over, expr.entity, expr.function, expr.nth

    def gather(run: Run, i: int) -> Value:
        rows: list[tuple[int, Why, Any]] = []  # (how often at least: 1 or 0; at most, as presence says; why), value
        for k in run.frame.below(over, scope)[i]:
            presence, why = run.frame.presence(over, k)
            holds = where(run, k) if where is not None else True
            if holds is False:
                continue
            if isinstance(holds, Maybe):
                presence, why = (MANY if presence == MANY else 0), why | holds.why
            rows.append((presence, why, value(run, k) if value is not None else True))
        match function:
            case "sum":
                return total(rows, run.most(over, scope))
            case "count":
                return total([(p, why, 1) for p, why, _ in rows], run.most(over, scope))
            case "any":
                return some(rows)
            case "every":
                return negate(some([(p, why, negate(v)) for p, why, v in rows]))
            case _:
                assert otherwise is not None
                return ranked(rows, nth, otherwise(run, i), largest=function == "largest")

    return gather


# ---------------------------------------------------------------- bounds and how they combine


def lo(x: Value) -> int:
    return x.lo if isinstance(x, Interval) else x  # type: ignore[return-value]


def hi(x: Value) -> int:
    return x.hi if isinstance(x, Interval) else x  # type: ignore[return-value]


def _why(x: Value) -> Why:
    return NOTHING if isinstance(x, (int, bool)) else x.why


def span(low: int, high: int, why: Why) -> Value:
    """An interval, or the number itself where both ends meet."""
    return low if low == high else Interval(low, high, why)


def corners(a: Value, b: Value, act: Callable[[int, int], int]) -> Value:
    """A function of two numbers that is monotone in each, whatever its direction."""
    if isinstance(a, int) and isinstance(b, int):
        return act(a, b)
    found = [act(x, y) for x in (lo(a), hi(a)) for y in (lo(b), hi(b))]
    return span(min(found), max(found), _why(a) | _why(b))


def rise(x: Value, act: Callable[[int], int]) -> Value:
    """A rising function of one number."""
    return act(x) if isinstance(x, int) else span(act(lo(x)), act(hi(x)), _why(x))


def fall(x: Value, act: Callable[[int], int]) -> Value:
    """A falling function of one number."""
    return act(x) if isinstance(x, int) else span(act(hi(x)), act(lo(x)), _why(x))


def extreme(xs: list[Value], pick: Callable[[Iterable[int]], int]) -> Value:
    """The least or the greatest; only what could still be it is waited for."""
    low, high = pick(lo(x) for x in xs), pick(hi(x) for x in xs)
    return span(low, high, frozenset().union(*(_why(x) for x in xs if lo(x) <= high and hi(x) >= low)))


def negate(x: bool | Maybe) -> bool | Maybe:
    return x if isinstance(x, Maybe) else not x


def below(a: Value, b: Value, strictly: bool) -> bool | Maybe:
    """``a < b`` or ``a <= b``."""
    if (hi(a) < lo(b)) if strictly else (hi(a) <= lo(b)):
        return True
    if (lo(a) >= hi(b)) if strictly else (lo(a) > hi(b)):
        return False
    return Maybe(_why(a) | _why(b))


def options(x: Value) -> Iterable[int]:
    """What an enumeration, a truth or a whole number may be."""
    match x:
        case AnyOf():
            return x.options
        case Interval():
            return range(x.lo, x.hi + 1)
        case Maybe():
            return (False, True)
        case _:
            return (x,)


def same(a: Value, b: Value) -> bool | Maybe:
    if isinstance(a, int) and isinstance(b, int):
        return a == b
    if isinstance(a, (AnyOf, Maybe)) or isinstance(b, (AnyOf, Maybe)):
        apart = not set(options(a)) & set(options(b))
    else:
        apart = hi(a) < lo(b) or hi(b) < lo(a)
    return False if apart else Maybe(_why(a) | _why(b))


def within(x: Value, members: set[int]) -> bool | Maybe:
    if isinstance(x, int):
        return x in members
    if isinstance(x, Interval):
        inside = sum(x.lo <= m <= x.hi for m in members)
        every = inside == x.hi - x.lo + 1
    else:
        may = set(options(x))
        inside, every = len(may & members), may <= members
    return True if every else Maybe(x.why) if inside else False


def join(xs: Iterable[Value], why: Why, names: bool = False) -> Value:
    """What holds if it is one of these values, and which one waits for ``why``; ``names`` are not ordered."""
    xs = list(xs)
    first = xs[0]
    if all(type(x) is type(first) and x == first for x in xs[1:]):
        return first
    why = why.union(*(_why(x) for x in xs))
    if any(isinstance(x, (bool, Maybe)) for x in xs):
        return Maybe(why)
    if names:
        return AnyOf(frozenset(o for x in xs for o in options(x)), why)
    return Interval(min(map(lo, xs)), max(map(hi, xs)), why)


def look(keys: list[Value], dimensions: tuple[Dimension, ...], cells: tuple[int, ...], kind: Type) -> Value:
    """A table's cell; where a key is not known, what its cells have between them."""
    places = [sorted({place(k, d) for k in _clipped(key, d)}) for key, d in zip(keys, dimensions, strict=True)]
    found: list[Value] = []
    for at in product(*places):
        index = 0
        for k, d in zip(at, dimensions, strict=True):
            index = index * d.size + k
        found.append(bool(cells[index]) if kind == YES_NO else cells[index])
    return found[0] if len(found) == 1 else join(found, frozenset().union(*(_why(k) for k in keys)), kind.names)


def _clipped(key: Value, d: Dimension) -> Iterable[int]:
    """The options of a key; a wide interval only as far as the table reaches."""
    if isinstance(key, Interval) and d.codes:
        return [*(c for c in d.codes if key.lo <= c <= key.hi), -1]
    if isinstance(key, Interval):
        return range(max(key.lo, d.low - 1), min(key.hi, d.low + d.size) + 1) or (key.lo,)
    return options(key)


def place(key: int, d: Dimension) -> int:
    """A key's position in its dimension."""
    if d.codes:
        return d.codes.index(key) if key in d.codes else d.size - 1
    return min(max(key - d.low, 0), d.size - 1)


def _most(presence: int) -> int:
    return MAX_ROWS if presence == MANY else 1


def total(rows: list[tuple[int, Why, Any]], many: int = MAX_ROWS) -> Value:
    """A sum: a row that may be absent adds from nothing to its value, one that stands for many up to all."""
    low = high = 0
    why: Why = NOTHING
    for presence, reason, v in rows:
        if presence == CERTAIN and isinstance(v, int):
            low, high = low + v, high + v
            continue
        n = many if presence == MANY else 1
        low += lo(v) if presence == CERTAIN else min(0, n * lo(v))
        high += hi(v) if presence == CERTAIN else max(0, n * hi(v))
        if lo(v) or hi(v):
            why |= _why(v) | (NOTHING if presence == CERTAIN else reason)
    return span(low, high, why)


def some(rows: list[tuple[int, Why, Any]]) -> bool | Maybe:
    why: Why = NOTHING
    for presence, reason, v in rows:
        if v is True and presence == CERTAIN:
            return True
        if v is not False:
            why |= _why(v) | (NOTHING if presence == CERTAIN else reason)
    return Maybe(why) if why else False


def ranked(rows: list[tuple[int, Why, Any]], nth: int, otherwise: Value, largest: bool) -> Value:
    """The n-th largest (or smallest) value, and ``otherwise`` where there are fewer rows than that."""
    sign = -1 if largest else 1
    certain = [v for p, _, v in rows if p == CERTAIN]
    # least favourable: only what is certainly there, each at its worse end; most favourable: all of it, many times
    worst = sorted(sign * (lo(v) if largest else hi(v)) for v in certain)
    best = sorted(sign * (hi(v) if largest else lo(v)) for p, _, v in rows for _ in range(_most(p)))
    if all(p == CERTAIN for p, _, _ in rows) and all(isinstance(v, int) for v in certain):
        return sign * worst[nth - 1] if len(worst) >= nth else otherwise
    why = frozenset().union(*(_why(v) | (NOTHING if p == CERTAIN else w) for p, w, v in rows))
    if len(best) < nth:
        return otherwise
    least = sign * best[nth - 1]
    if len(worst) >= nth:
        found = sign * worst[nth - 1]
        return span(min(found, least), max(found, least), why)
    # rows that may be missing: the answer may be the smallest possible row or the fallback
    ends = [sign * v for v in best] + [lo(v) for _, _, v in rows] + [hi(v) for _, _, v in rows]
    return join([span(min(ends), max(ends), why), otherwise], why)


__all__ = ["Unsettled", "evaluate"]
