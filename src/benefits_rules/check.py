"""check: the definitions in force → typed nodes. Names, types, units, decimals; every fault has its caret.

What this room promises of a plan that it lets through: every name means one thing, no month meets a year
and no money a count, no value needs a seventh decimal, every division names its rounding, and nothing
refers to itself. That nothing overflows or divides by zero is for ``proof`` to show.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import cast

from benefits_rules.errors import RuleError, RuleProblem
from benefits_rules.fitting import Fault, alike, fit, refuse
from benefits_rules.formulas import Formulas
from benefits_rules.names import FactTypes, Failed, InForce, Scope
from benefits_rules.plan import Const, ExceptionRow, If, Ir, Node, Op, Open, Ref, Test
from benefits_rules.source import Text
from benefits_rules.syntax import Binary, Citation, Condition, Definition, Formula, Period, Unfilled
from benefits_rules.units import COUNT, FAIL, NOT_APPLICABLE, OUTCOME, PASS, WHOLE, YES_NO


def check(
    in_force: Mapping[str, InForce], facts: FactTypes, parents: Mapping[str, str], month: date
) -> tuple[dict[str, Node], dict[str, Test]]:
    """Type every definition in force. Raises :class:`RuleError` with all faults."""
    checker = Checker(in_force, facts, parents, month)
    return checker.run()


class Checker(Formulas):
    """Makes the node of each definition on first use, and gathers what is wrong."""

    def __init__(self, in_force: Mapping[str, InForce], facts: FactTypes, parents: Mapping[str, str], month: date) -> None:
        super().__init__(in_force, facts, parents, month)
        self.nodes: dict[str, Node] = {}
        self.tests: dict[str, Test] = {}
        self.busy: list[str] = []
        self.failed: set[str] = set()
        self.problems: list[RuleProblem] = []
        self.default = "unit" if "unit" in parents.values() else "household"

    def run(self) -> tuple[dict[str, Node], dict[str, Test]]:
        for name, found in self.in_force.items():
            if found.definition.kind in ("value", "test", "option") and found.definition.unit != "rounding":
                with suppress(Failed):
                    self.define(name)
        if self.problems:
            raise RuleError(list(dict.fromkeys(self.problems)))
        return self.nodes, self.tests

    def report(self, source: Text, fault: Fault) -> None:
        self.problems.append(source.problem(fault.code, fault.at, fault.what, fault.mend, fault.end - fault.at))

    def define(self, name: str) -> Node:
        """The node of a value or a test, made on first use. Raises :class:`Failed` once a fault is reported."""
        if name in self.nodes:
            return self.nodes[name]
        if name in self.failed:
            raise Failed
        found = self.in_force[name]
        definition, variant = found.definition, found.variant
        try:
            if name in self.busy:
                ring = " → ".join([*self.busy[self.busy.index(name) :], name])
                refuse("cycle", definition, f"`{name}` depends on itself: {ring}", "break the ring")
            self.busy.append(name)
            entity = definition.of or self.default
            if entity not in self.parents and entity != "household":
                refuse("entity", definition, f"there is no entity `{entity}`", f"known are {', '.join(sorted(self.parents))}")
            if any((e, name) in self.facts for e in self.chain(entity)):
                refuse("shadow", definition, f"`{name}` is a fact of the catalogue", "give the definition a name of its own")
            if isinstance(variant.content, Condition):
                self.condition(definition, variant.content, entity, variant.citations)
            elif isinstance(variant.content, Unfilled):
                unit = self.unit_of(definition)
                if unit is None:
                    refuse("unit", definition, "an option needs its unit", "add `unit:`")
                self.nodes[name] = Node(name, entity, Open(unit, entity, 2 if unit.scaled else 0, name), definition, ())
            else:
                expr = self.formula(cast(Formula, variant.content), entity, definition)
                self.nodes[name] = Node(name, entity, expr, definition, variant.citations)
        except Fault as fault:
            self.report(definition.source, fault)
            raise Failed from None
        finally:
            if name not in self.nodes:
                self.failed.add(name)
            if self.busy and self.busy[-1] == name:
                self.busy.pop()
        return self.nodes[name]

    def formula(self, formula: Formula, entity: str, definition: Definition) -> Ir:
        scope = Scope(entity, {})
        for name, expr in formula.names:
            scope = Scope(entity, {**scope.names, name: self.expr(expr, scope)})
        want = self.unit_of(definition)
        result: Ir | None = None
        for branch in reversed(formula.branches):
            value = self.expr(branch.value, scope, want)
            if want is not None:
                value = fit(value, want, branch.value)
            if branch.when is None:
                result = value
            else:
                when = self.truth(branch.when, scope)
                assert result is not None
                value, result = alike(value, result, branch.value)
                result = If(value.type, entity, max(value.places, result.places), when, value, result)
        assert result is not None
        if result.type == WHOLE:
            result = replace(result, type=COUNT)
        if want is None and (result.type.per == "*" or (result.type.base == "one of" and not result.type.options)):
            refuse("unit", definition, "the unit of this value cannot be told", "add `unit:`, such as `unit: USD/month`")
        return result

    def condition(self, definition: Definition, content: Condition, entity: str, citations: tuple[Citation, ...]) -> None:
        name, scope = definition.name, Scope(entity, {})
        passes = self.truth(content.pass_when, scope)
        exceptions = [x for x in content.exceptions if Period.holds(x.period, self.first, self.last)]
        which: Ir = Const(COUNT, entity, 0, 0, fixed=True)
        for i, exception in reversed(list(enumerate(exceptions, 1))):
            which = If(COUNT, entity, 0, self.truth(exception.when, scope), Const(COUNT, entity, 0, i, fixed=True), which)
        exempt = Ref(COUNT, entity, 0, f"{name}.exception")
        outcome = [Const(OUTCOME, entity, 0, code, fixed=True) for code in (PASS, FAIL, NOT_APPLICABLE)]
        judged: Ir = If(OUTCOME, entity, 0, passes, outcome[PASS], outcome[FAIL])
        if exceptions:
            none = Op(YES_NO, entity, 0, "==", (exempt, Const(COUNT, entity, 0, 0, fixed=True)))
            judged = If(OUTCOME, entity, 0, none, judged, outcome[NOT_APPLICABLE])
        if content.applies_when is not None:
            judged = If(OUTCOME, entity, 0, self.truth(content.applies_when, scope), judged, outcome[NOT_APPLICABLE])
        sides: list[str | None] = [None, None]
        if isinstance(content.pass_when, Binary) and content.pass_when.op in ("<", "<=", ">", ">="):
            a, b = alike(self.expr(content.pass_when.a, scope), self.expr(content.pass_when.b, scope), content.pass_when)
            for i, (part, side) in enumerate((("value", a), ("limit", b))):
                sides[i] = f"{name}.{part}"
                self.nodes[f"{name}.{part}"] = Node(f"{name}.{part}", entity, side, None, citations)
        self.nodes[f"{name}.exception"] = Node(f"{name}.exception", entity, which, None, citations)
        self.nodes[name] = Node(name, entity, judged, definition, citations)
        rows = tuple(ExceptionRow(x.name, x.citations, x.say) for x in exceptions)
        self.tests[name] = Test(name, name, f"{name}.exception", sides[0], sides[1], rows)
