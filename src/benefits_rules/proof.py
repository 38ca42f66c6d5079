"""check, the last step: what the bounds reading proves of a plan over everything a household may tell.

The widest household has MANY of every row, and every fact anywhere in the catalogue's range. Reading the plan
on it shows the largest figure that any node can reach, and the least that anything is divided by: so the
columns reading's ``int64`` cannot overflow, and no division meets a zero.
"""

from __future__ import annotations

from benefits_rules.bounds import compile_part, hi, lo, reading
from benefits_rules.errors import RuleError, RuleProblem
from benefits_rules.facts import CERTAIN, MANY, Catalogue, Facts, Rows
from benefits_rules.plan import Divide, Node, Op, Plan, Round, walk
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
    facts = widest_facts(catalogue)
    run = reading(plan, facts, widest=True)
    problems = []
    for node in plan.nodes:
        for part in walk(node.expr):
            value = compile_part(part)(run, 0)
            reach = 0 if isinstance(value, (bool, Maybe, AnyOf)) else max(abs(lo(value)), abs(hi(value)))
            if isinstance(part, Divide):
                least = lo(compile_part(part.b)(run, 0))
                if least < 1:
                    problems.append(_fault(node, "zero", f"`{node.name}` may divide by {least}", "divide by max(1, …)"))
                a = compile_part(part.a)(run, 0)
                reach = 2 * max(abs(lo(a)), abs(hi(a))) + part.unit * hi(compile_part(part.b)(run, 0))
            elif isinstance(part, Round):
                x = compile_part(part.x)(run, 0)
                reach = 2 * max(abs(lo(x)), abs(hi(x))) + part.unit
            elif isinstance(part, Op) and part.op == "times":
                reach += abs(hi(compile_part(part.args[1])(run, 0))) * MICRO
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


def _fault(node: Node, code: str, what: str, mend: str) -> RuleProblem:
    if node.definition is None:
        return RuleProblem(code, "", 1, 1, what, mend)
    return node.definition.source.problem(code, node.definition.at, what, mend)
