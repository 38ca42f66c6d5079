"""evaluate, once more: the bounds reading of facts that differ a little from those just read.

An interview and the telling apart of cases read one household some hundred times, each time with one fact
otherwise. Here a node is computed only if a fact that it reads differs, or a node that it reads came out
otherwise; everything else stays as it was. What comes out is the bounds reading's, to the byte.
"""

from __future__ import annotations

from collections.abc import Mapping

from benefits_rules.bounds import Run, Values, compiled, evaluate, groups
from benefits_rules.facts import Facts
from benefits_rules.frame import Frame
from benefits_rules.plan import Plan
from benefits_rules.values import Value


def evaluate_again(
    plan: Plan, facts: Facts, before: tuple[Facts, Frame, Values], given: Mapping[str, list[Value | None]]
) -> tuple[Frame, Values]:
    """Every node of the plan on other facts than ``before``. Raises :class:`~benefits_rules.frame.Unsettled` as bounds does.

    ``given`` stands in for nodes as in :func:`benefits_rules.bounds.evaluate`; what was given before is among it.
    """
    told, frame, values = before
    differ = difference(told, facts)
    if differ is None:
        return evaluate(plan, facts, given)
    run = Run(Frame(facts, plan.parents), {})
    grouped, moved, changed = plan.connect is None, False, set[str]()
    for (node, closure), (own, others) in zip(compiled(plan), plan.reads, strict=True):
        name, late = node.name, node.name in plan.below_unit
        if late and not grouped:
            grouped, moved = True, _group(run, plan, frame)
        if name not in given and own.isdisjoint(differ) and others.isdisjoint(changed) and not (late and moved):
            run.values[name] = values[name]
            continue
        said = given.get(name) or [None] * run.frame.size[node.entity]
        column: list[Value] = [closure(run, i) if v is None else v for i, v in enumerate(said)]
        if not (late and moved) and all(map(_same, column, values[name])):
            run.values[name] = values[name]
        else:
            run.values[name] = column
            changed.add(name)
    if not grouped:
        _group(run, plan, frame)
    return run.frame, run.values


def _group(run: Run, plan: Plan, before: Frame) -> bool:
    """The units; whether they are others than before."""
    run.frame.group(groups(run, plan))
    return run.frame.up["person"] != before.up["person"]


def difference(before: Facts, after: Facts) -> set[tuple[str, str]] | None:
    """The columns in which two views of one household differ; None where they differ in their rows."""
    found = set()
    for entity, rows in after.rows.items():
        old = before.rows[entity]
        if (old.owner, old.link, old.presence, old.why) != (rows.owner, rows.link, rows.presence, rows.why):
            return None
        for name, column in rows.columns.items():
            other = old.columns.get(name)
            if other is not column and (other is None or not all(map(_same, other, column))):
                found.add((entity, name))
    return found


def _same(a: Value, b: Value) -> bool:
    return type(a) is type(b) and a == b
