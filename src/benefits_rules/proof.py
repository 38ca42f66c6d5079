"""check, the last step: what the bounds reading proves of a plan over everything a household may tell.

The widest household has MANY of every row, and every fact anywhere in the catalogue's range. Reading the plan
on it shows the largest figure that any node can reach, and the least that anything is divided by: so the
columns reading's ``int64`` cannot overflow, and no division meets a zero.
"""

from __future__ import annotations

from benefits_rules.bounds import Closure, Run, compile_part, hi, lo, read
from benefits_rules.errors import RuleError, RuleProblem
from benefits_rules.facts import CERTAIN, MANY, Catalogue, Facts, Rows
from benefits_rules.frame import Frame
from benefits_rules.plan import Divide, Ir, Node, Op, Plan, Round, walk
from benefits_rules.values import MICRO, AnyOf, Maybe, Value

#: The largest int64. Every part of every formula is held against it, so nothing lies between two checks.
LIMIT = 2**63 - 1


_ANY = frozenset({"anything"})


def widest_facts(catalogue: Catalogue) -> Facts:
    """One row of each entity that stands for as many as there may be, about whom nothing is known."""
    rows = {}
    for entity in catalogue.entities:
        columns: dict[str, list[Value]] = {
            name: [fact.anything(_ANY)] for (e, name), fact in catalogue.facts.items() if e == entity
        }
        presence = CERTAIN if entity == "household" else MANY
        rows[entity] = Rows((0,), (0,), (presence,), (_ANY,), columns)
    return Facts(("anybody",), (), rows, ())


def prove(plan: Plan, catalogue: Catalogue) -> None:
    """No overflow, no division by zero. Raises :class:`RuleError` naming the definition."""
    run = Run(Frame(widest_facts(catalogue), plan.parents), {}, widest=True)
    parts = _Parts(run)
    read(run, plan, ((node, parts.closure(node.expr)) for node in plan.nodes))
    problems = []
    for node in plan.nodes:
        for part in walk(node.expr):
            reach = parts.reach(part)
            if isinstance(part, Divide):
                least = lo(parts.value(part.b))
                if least < 1:
                    problems.append(_fault(node, "zero", f"`{node.name}` may divide by {least}", "divide by max(1, …)"))
                reach = 2 * parts.reach(part.a) + part.unit * hi(parts.value(part.b))
            elif isinstance(part, Round):
                reach = 2 * parts.reach(part.x) + part.unit
            elif isinstance(part, Op) and part.op == "times":
                reach += abs(hi(parts.value(part.args[1]))) * MICRO
            if reach > LIMIT:
                problems.append(
                    _fault(
                        node,
                        "overflow",
                        f"`{node.name}` may reach {reach // MICRO:,}, beyond what 64 bits hold",
                        "limit it, or round before multiplying",
                    )
                )
                break
    if problems:
        raise RuleError(list(dict.fromkeys(problems)))


class _Parts:
    """What each part of a formula comes to on the widest household; read once, for it has one row of everything."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.known: dict[int, Value] = {}

    def value(self, part: Ir) -> Value:
        if id(part) not in self.known:
            self.known[id(part)] = compile_part(part, self.closure)(self.run, 0)
        return self.known[id(part)]

    def closure(self, part: Ir) -> Closure:
        return lambda run, i: self.value(part)

    def reach(self, part: Ir) -> int:
        """The farthest from nothing that a number may be."""
        value = self.value(part)
        return 0 if isinstance(value, (bool, Maybe, AnyOf)) else max(abs(lo(value)), abs(hi(value)))


def _fault(node: Node, code: str, what: str, mend: str) -> RuleProblem:
    if node.definition is None:
        return RuleProblem(code, "", 1, 1, what, mend)
    return node.definition.source.problem(code, node.definition.at, what, mend)
