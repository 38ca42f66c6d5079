"""evaluate, the exact reading: one household, through one generated Python function a plan.

The text of the function is made from the checked plan only (never from a page's own text), with every
figure handed in as a parameter, so that plans of one shape share one compiled function. The function
keeps every node's values: the whole trace costs nothing beyond the computation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NoReturn

from benefits_rules import bounds
from benefits_rules.facts import CERTAIN, Facts
from benefits_rules.frame import Frame
from benefits_rules.plan import Const, Divide, Fact, Gather, If, Ir, Link, Lookup, Op, Open, Plan, Ref, Round, Up
from benefits_rules.units import YES_NO
from benefits_rules.values import MICRO, Unsure, Value

Values = dict[str, list[Value]]
_Function = Callable[[Frame, tuple[Any, ...], Values, Callable[[], None], Callable[[int], list[Value]]], None]


class NotExact(Exception):
    """Something that the plan reads is not known exactly."""


def is_exact(plan: Plan, facts: Facts) -> bool:
    """Whether everything that the plan reads is told exactly."""
    for entity, name in plan.facts:
        for value in facts.rows[entity].columns[name]:
            if type(value) is not int and type(value) is not bool:
                return False
    return all(p == CERTAIN for entity in {e for e, _ in plan.facts} for p in facts.rows[entity].presence)


def evaluate(plan: Plan, facts: Facts) -> tuple[Frame, Values]:
    """Every node of the plan on every row. Raises :class:`~benefits_rules.frame.Unsettled` as bounds does.

    A node that meets something unknown on the way is read by the bounds reading instead, so that the
    result is that reading's on every household, only sooner.
    """
    if plan.generated is None:
        plan.generated = generate(plan)
    function, parameters = plan.generated
    run = bounds.Run(Frame(facts, plan.parents, wary=True), {})
    function(run.frame, parameters, run.values, partial(_group, plan, run), partial(_ask_bounds, plan, run))
    run.frame.wary = False  # whoever looks at the rows afterwards may see them all
    return run.frame, run.values


def _group(plan: Plan, run: bounds.Run) -> None:
    run.frame.group(bounds.groups(run, plan))


def _ask_bounds(plan: Plan, run: bounds.Run, n: int) -> list[Value]:
    node, closure = bounds.compiled(plan)[n]
    run.frame.wary = False
    found = [closure(run, i) for i in range(run.frame.size[node.entity])]
    run.frame.wary = True
    return found


def generate(plan: Plan) -> tuple[_Function, tuple[Any, ...]]:
    """The function of a plan's shape, and this plan's parameters for it."""
    writer = _Writer(plan)
    text = writer.function()
    return _compiled(text), tuple(writer.parameters)


@lru_cache(maxsize=512)
def _compiled(text: str) -> _Function:
    space: dict[str, Any] = {}
    exec(
        compile(text, "<plan>", "exec"),
        {
            "__builtins__": {
                "range": range,
                "sum": sum,
                "min": min,
                "max": max,
                "sorted": sorted,
                "any": any,
                "all": all,
                "Unsure": Unsure,
                "unfilled": _unfilled,
            }
        },
        space,
    )
    return space["plan"]  # type: ignore[no-any-return]


def _unfilled() -> NoReturn:
    raise Unsure


class _Writer:
    """Writes a plan down as Python. ``v7[i]`` is node 7 on row i, ``f3[i]`` a fact, ``p4`` a parameter."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.number = {node.name: n for n, node in enumerate(plan.nodes)}
        self.facts = {key: n for n, key in enumerate(plan.facts)}
        self.parameters: list[Any] = []
        self.below: dict[tuple[str, str], str] = {}
        self.ups: set[str] = set()
        self.links: set[str] = set()
        self.depth = 0

    def function(self) -> str:
        plan, body = self.plan, list[str]()
        early = [n for n in plan.nodes if n.name not in plan.below_unit]
        for node in early:
            body += self.node(node.name, node.entity, node.expr)
        if plan.connect is not None:
            body.append("group()")
            early_below, self.below = self.below, {}
            early_ups, self.ups = self.ups, set()
        else:
            early_below, early_ups = {}, set()
        late = list[str]()
        for node in plan.nodes[len(early) :]:
            late += self.node(node.name, node.entity, node.expr)
        opening = [f"f{n} = rows[{e!r}].columns[{name!r}]" for (e, name), n in self.facts.items()]
        opening += [f"l_{entity} = rows[{entity!r}].link" for entity in sorted(self.links)]
        first = self.bind(early_below or ({} if plan.connect else self.below), early_ups or (set() if plan.connect else self.ups))
        second = self.bind(self.below, self.ups) if plan.connect else []
        names = [f"p{n}" for n in range(len(self.parameters))]
        unpack = [f"({', '.join(names)},) = parameters"] if names else []
        lines = ["rows = frame.facts.rows; size = frame.size", *unpack, *opening, *first, *body, *second, *late]
        return "def plan(frame, parameters, values, group, ask_bounds):\n" + "\n".join("    " + line for line in lines)

    def bind(self, below: dict[tuple[str, str], str], ups: set[str]) -> list[str]:
        lines = [f"u_{entity} = frame.above({entity!r})" for entity in sorted(ups)]
        return lines + [f"{name} = frame.below({over!r}, {scope!r})" for (over, scope), name in below.items()]

    def node(self, name: str, entity: str, expr: Ir) -> list[str]:
        n, text = self.number[name], self.expr(expr, "i")
        return [
            f"try: v{n} = [{text} for i in range(size[{entity!r}])]",
            f"except Unsure: v{n} = ask_bounds({n})",
            f"values[{name!r}] = v{n}",
        ]

    def parameter(self, value: Any) -> str:
        self.parameters.append(value)
        return f"p{len(self.parameters) - 1}"

    def expr(self, expr: Ir, i: str) -> str:
        match expr:
            case Const():
                value = bool(expr.value) if expr.type == YES_NO else expr.value
                return repr(value) if expr.fixed else self.parameter(value)
            case Open():
                return "unfilled()"
            case Fact():
                return f"f{self.facts[expr.entity, expr.name]}[{i}]"
            case Ref():
                return f"v{self.number[expr.name]}[{i}]"
            case Up() if expr.source.entity == "household":
                return self.expr(expr.source, "0")
            case Up():
                self.ups.add(expr.entity)
                return self.expr(expr.source, f"u_{expr.entity}[{i}]")
            case Link():
                self.links.add(expr.entity)
                who = self.expr(expr.source, f"l_{expr.entity}[{i}]")
                if expr.entity == "pair":
                    return who
                everybody = f"[{self.expr(expr.source, 'k0')} for k0 in frame.sure_housemates({expr.entity!r}, {i})]"
                return f"({who} if l_{expr.entity}[{i}] >= 0 else all({everybody}))"
            case If():
                return f"({self.expr(expr.then, i)} if {self.expr(expr.condition, i)} else {self.expr(expr.other, i)})"
            case Round():
                return self.rounded(expr.how, self.expr(expr.x, i), expr.unit)
            case Divide():
                return self.divided(expr.how, self.expr(expr.a, i), self.expr(expr.b, i), expr.unit)
            case Lookup():
                return self.lookup(expr, i)
            case Gather():
                return self.gather(expr, i)
            case Op():
                return self.operation(expr, i)

    def operation(self, expr: Op, i: str) -> str:
        args = [self.expr(a, i) for a in expr.args]
        match expr.op:
            case "and" | "or" | "+" | "-" | "<" | "<=" | "==":
                return f"({args[0]} {expr.op} {args[1]})"
            case "mul":
                return f"({args[0]} * {args[1]})"
            case "times":
                return f"({args[0]} * {args[1]} // {MICRO})"
            case "not":
                return f"(not {args[0]})"
            case "neg":
                return f"(-{args[0]})"
            case "in":
                return f"({args[0]} in ({', '.join(args[1:])},))"
            case _:
                return f"{expr.op}({', '.join(args)})"

    @staticmethod
    def rounded(how: str, x: str, unit: int) -> str:
        return {
            "down": f"({x} // {unit} * {unit})",
            "up": f"(-(-{x} // {unit}) * {unit})",
            "half up": f"((2 * {x} + {unit}) // {2 * unit} * {unit})",
        }[how]

    @staticmethod
    def divided(how: str, a: str, b: str, unit: int) -> str:
        by = f"({b} * {unit})"
        return {
            "down": f"({a} // {by} * {unit})",
            "up": f"(-(-{a} // {by}) * {unit})",
            "half up": f"((2 * {a} + {by}) // (2 * {by}) * {unit})",
        }[how]

    def lookup(self, expr: Lookup, i: str) -> str:
        cells = tuple(bool(c) for c in expr.cells) if expr.type == YES_NO else expr.cells
        index = ""
        for key, d in zip(expr.keys, expr.dimensions, strict=True):
            text = self.expr(key, i)
            if d.codes:
                place = f"{self.parameter({c: n for n, c in enumerate(d.codes)})}.get({text}, {d.size - 1})"
            elif key.type.names or key.type == YES_NO:
                place = text
            else:
                place = f"min(max({text} - {d.low}, 0), {d.size - 1})"
            index = f"({index}) * {d.size} + {place}" if index else place
        return f"{self.parameter(cells)}[{index}]"

    def gather(self, expr: Gather, i: str) -> str:
        self.depth += 1
        k = f"k{self.depth}"
        name = self.below.setdefault((expr.over, expr.entity), f"b_{expr.over}_{expr.entity}")
        value = self.expr(expr.value, k) if expr.value is not None else "1"
        where = f" if {self.expr(expr.where, k)}" if expr.where is not None else ""
        otherwise = self.expr(expr.otherwise, i) if expr.otherwise is not None else ""
        self.depth -= 1
        each = f"[{value} for {k} in {name}[{i}]{where}]"
        match expr.function:
            case "sum" | "count":
                return f"sum({each})"
            case "any":
                return f"any({each})"
            case "every":
                return f"all({each})"
            case "largest" | "smallest" if expr.nth == 1:
                pick = "max" if expr.function == "largest" else "min"
                return f"{pick}({each}, default={otherwise})"
        rank = f"sorted({each}{', reverse=True' if expr.function == 'largest' else ''})"
        return f"({rank} + [{otherwise}] * {expr.nth})[{expr.nth - 1}]"
