"""rules show: a resolved program as a person reads it, each rule with its text, its law, and its period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from benefits_rules.resolve import Rules, in_month
from benefits_rules.syntax import Condition, Definition, Expr, Formula, Options, Rows, Variant

_KINDS = (("option", "What the state chose"), ("value", "Values"), ("test", "Tests"), ("table", "Tables"), ("set", "Lists"))


def show_program(rules: Rules, program: str, state: str, month: date) -> Iterator[str]:
    """The program's rules in force in a state and month, a line each. Raises as :meth:`Rules.plan` does."""
    plan = rules.plan(program, state, month)
    read = {n.name for n in plan.nodes} | {p.definition for p in plan.cautions}
    in_force, cautions = in_month(rules.definitions(program, state), month, True)
    warned = {c.definition: c for c in cautions}
    title = plan.module.name or plan.base.name
    yield f"{title.en if title else program}, {month:%Y-%m}"
    for kind, heading in _KINDS:
        found = [
            f
            for f in in_force.values()
            if f.definition.kind == kind and (kind in ("table", "set", "option") or f.definition.name in read)
        ]
        if found:
            yield ""
            yield heading
        for each in found:
            yield from _definition(each.definition, each.variant)
            if each.definition.name in warned:
                caution = warned[each.definition.name]
                yield f"      caution: {caution.code.replace('_', ' ')}{f' ({caution.detail})' if caution.detail else ''}"


def _definition(definition: Definition, variant: Variant) -> Iterator[str]:
    of = f" of each {definition.of.replace('_', ' ')}" if definition.of else ""
    unit = f" ({definition.unit})" if definition.unit else ""
    laws = "; ".join(c.law for c in variant.citations)
    period = variant.period
    dates = (f" from {period.start}" if period.start else "") + (f" to {period.end}" if period.end else "")
    yield f"  {definition.name}{of}{unit}{dates}" + (f"   [{laws}]" if laws else "")
    for line in _content(definition, variant):
        yield f"      {line}"


def _content(definition: Definition, variant: Variant) -> Iterator[str]:
    def text(expr: Expr) -> str:
        return " ".join(definition.source.text[expr.at : expr.end].split())

    match variant.content:
        case Formula(branches, names):
            for name, expr in names:
                yield f"with {name} = {text(expr)}"
            for branch in branches:
                when = "" if len(branches) == 1 else "otherwise: " if branch.when is None else f"when {text(branch.when)}: "
                yield when + text(branch.value)
        case Condition(applies, passes, exceptions):
            if applies is not None:
                yield f"applies when {text(applies)}"
            yield f"passes when {text(passes)}"
            for x in exceptions:
                dates = (f" from {x.period.start}" if x.period.start else "") + (f" to {x.period.end}" if x.period.end else "")
                yield f"exempt: {x.name}, when {text(x.when)}{dates} [{'; '.join(c.law for c in x.citations)}]"
        case Rows():
            yield from _rows(variant.content)
        case Options(items):
            yield ", ".join(i.text for i in items)


def _rows(rows: Rows) -> Iterator[str]:
    flat = [
        f"{key}: {getattr(cell, 'text', None) or ('yes' if getattr(cell, 'value', False) else 'no')}"
        for key, cell, _ in rows.cells
        if not isinstance(cell, Rows)
    ]
    if rows.each_more is not None:
        flat.append(f"each more: {rows.each_more.text}")
    if rows.at_most is not None:
        flat.append(f"at most: {rows.at_most.text}")
    if flat:
        yield ", ".join(flat)
    for key, cell, _ in rows.cells:
        if isinstance(cell, Rows):
            for line in _rows(cell):
                yield f"{key}: {line}"
