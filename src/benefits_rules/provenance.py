"""explain: where a value came from, and so under which laws.

A formula may choose among rules of which one applies. What is cited is the branch that was taken on the row, and
the figure that the value is, rounded or scaled at most: a child's limit cites children's rules, not their parents'.
"""

from __future__ import annotations

from collections.abc import Iterator

from benefits_rules.bounds import Run, compile_part
from benefits_rules.judge import Reading
from benefits_rules.plan import Gather, If, Ir, Link, Node, Op, Ref, Round, Up, children, walk
from benefits_rules.syntax import Citation


def laws(reading: Reading, node: Node, row: int) -> tuple[Citation, ...]:
    """The laws of a value on a row: of a choice those of the branch that was taken, and of the figure that it is or scales.

    Of the figures behind it the tables are left out: a table of every year would name the laws of every year.
    """
    run, plan = Run(reading.frame, reading.values), reading.plan
    found = [plan.laws_of(node, taken(run, node.expr, row))]
    for behind, at in _behind(run, reading, node.expr, row):
        found.append(plan.laws_of(behind, (x for x in taken(run, behind.expr, at) if isinstance(x, Ref))))
    return tuple({law.law: law for each in reversed(found) for law in reversed(each)}.values())[::-1]


def _behind(run: Run, reading: Reading, expr: Ir, row: int) -> Iterator[tuple[Node, int]]:
    """The nodes whose figure an expression's value is, rounded or scaled at most; what is said by itself has its laws there."""
    match expr:
        case If():
            chosen = compile_part(expr.condition)(run, row)
            if isinstance(chosen, bool):
                yield from _behind(run, reading, expr.then if chosen else expr.other, row)
        case Up() if expr.source.entity == "household":
            yield from _behind(run, reading, expr.source, 0)
        case Round():
            yield from _behind(run, reading, expr.x, row)
        case Op() if expr.op in ("times", "mul"):
            for factor in expr.args:
                yield from _behind(run, reading, factor, row)
        case Ref():
            node = reading.plan.node(expr.name)
            if node.definition is None or not node.definition.say:
                yield node, row
                yield from _behind(run, reading, node.expr, row)


def taken(run: Run, expr: Ir, i: int) -> Iterator[Ir]:
    """What an expression's value on a row came from: of a choice only the branch that was taken, where that is certain."""
    match expr:
        case If():
            chosen = compile_part(expr.condition)(run, i)
            yield from taken(run, expr.condition, i)
            if chosen is not False:
                yield from taken(run, expr.then, i)
            if chosen is not True:
                yield from taken(run, expr.other, i)
        case Up() if expr.source.entity == "household":
            yield from taken(run, expr.source, 0)
        case Up() | Link() | Gather():  # of other rows: any of it
            yield from walk(expr)
        case _:
            yield expr
            for inner in children(expr):
                yield from taken(run, inner, i)
