"""check, the result's part: what a determination is made of is there, of its own entity, and of the right kind."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from benefits_rules.errors import RuleError, RuleProblem
from benefits_rules.plan import Node, Ref, Test, walk
from benefits_rules.syntax import BRACES, Module, Result
from benefits_rules.units import YES_NO

#: The statuses that a page may say in the place of "ineligible".
INSTEAD = ("spend_down", "waitlisted", "zero_benefit")


def check_result(base: Module, result: Result, nodes: dict[str, Node], tests: dict[str, Test]) -> None:
    """A result names what there is, of its own entity or the household's, and of the right kind. Raises :class:`RuleError`."""
    problems = list[RuleProblem]()

    def refuse(what: str, mend: str) -> None:
        problems.append(base.source.problem("result", result.at, what, mend))

    def hold(name: str, good: bool, what: str) -> None:
        if name not in nodes:
            close = get_close_matches(name, nodes, 1)
            refuse(f"`{name}` is not defined", f"did you mean `{close[0]}`?" if close else "define it")
        elif not good:
            refuse(f"`{name}` is not {what}", f"name {what}")

    own = {n.name for n in nodes.values() if n.entity in (result.of, "household")}
    people = {n.name for n in nodes.values() if n.entity == "person"}
    if (result.of, base.unit is None) not in (("unit", False), ("person", True)):
        mend = "write `of: unit` and a `unit:`, or `of: person`"
        refuse("a result is of the page's `unit:`, or of each person where it has none", mend)
    for name in (*result.covers, *result.requires):
        hold(name.text, name.text in own and name.text in tests, f"a test of the {result.of}")
    for name in result.caveats:
        hold(name.text, name.text in people and name.text in tests, "a test of people")
    relations = {n.name for n in nodes.values() if (n.entity, n.type) == ("pair", YES_NO) and result.of == "person"}
    for name in (*result.values, *result.steps):
        if name in result.values and name.text in relations:
            continue
        hold(name.text, name.text in own and name.text not in tests, f"a value of the {result.of}")
    for name in (*result.notes, *result.changes):
        yes_no = name.text in nodes and nodes[name.text].type == YES_NO and name.text not in tests
        hold(name.text, yes_no and name.text in own | people, f"a yes/no of the {result.of} or of people")
    for name in result.supplements:
        good = name.text in own and nodes[name.text].type.base == "USD"
        good = good or (name.text in people and nodes[name.text].type == YES_NO)
        hold(name.text, good, f"an amount of the {result.of}, or a yes/no of people")
    for money in (result.amount, result.first_month):
        if money is not None:
            amount = money.text
            hold(amount, amount in own and nodes[amount].type.base == "USD", f"an amount of the {result.of}")
    if result.first_month_when is not None:
        when = result.first_month_when.text
        hold(when, when in own and nodes[when].type == YES_NO, f"a yes/no of the {result.of}")
    for whose in (result.people, result.wanted_by):
        if whose is not None:
            who = whose.text
            hold(who, who in people and nodes[who].type == YES_NO, "a yes/no of people")
    for kind in (result.category, result.coverage, result.funding):
        if kind is not None:
            hold(kind.text, kind.text in own and bool(nodes[kind.text].type.options), f"an enumeration of the {result.of}")
    for proof in result.awaiting:
        if proof.unless is not None:
            spared = proof.unless.text
            hold(spared, spared in own and nodes[spared].type == YES_NO and spared not in tests, f"a yes/no of the {result.of}")
    for status, so in result.instead:
        if status not in INSTEAD:
            refuse(f"`{status}` is no status", f"write one of {', '.join(INSTEAD)}")
        hold(so.text, so.text in own and nodes[so.text].type == YES_NO and so.text not in tests, f"a yes/no of the {result.of}")
    if base.unit is not None:
        tie = base.unit.connect.text
        hold(tie, tie in nodes and nodes[tie].entity == "pair" and nodes[tie].type == YES_NO, "a yes/no of pairs")
    spoken = (result.covers, result.requires, result.caveats, result.steps, result.notes, result.changes, result.supplements)
    for said in dict.fromkeys(n.text for part in spoken for n in part):
        test, node = tests.get(said), nodes.get(said)
        for word in _shown(node, test) if node is not None else ():
            if word in ("value", "limit"):
                if test is None or getattr(test, word) is None:
                    refuse(
                        f"the wording of `{said}` shows {{{word}}}, and it has none", "take it out, or make the test a comparison"
                    )
            elif word == "person":
                if node is not None and node.entity != "person":
                    refuse(f"the wording of `{said}` shows {{person}}, and it is no person's", "take it out")
            else:
                near = word in nodes and node is not None and nodes[word].entity in (node.entity, result.of, "household")
                hold(word, near, f"a value that `{said}` can show")
    if problems:
        raise RuleError(list(dict.fromkeys(problems)))


def needed(base: Module, result: Result, nodes: dict[str, Node], tests: dict[str, Test]) -> list[Node]:
    """The nodes that the result reads, directly or through others, in their order."""
    lists = (result.covers, result.requires, result.values, result.steps, result.caveats)
    names = [n.text for part in (*lists, result.notes, result.changes, result.supplements) for n in part]
    single = [result.amount, result.people, result.first_month, result.first_month_when, base.unit.connect if base.unit else None]
    single += [result.wanted_by, result.category, result.coverage, result.funding, *(so for _, so in result.instead)]
    single += [proof.unless for proof in result.awaiting]
    names += [n.text for n in single if n is not None]
    names += [w for name in names for w in _shown(nodes[name], tests.get(name)) if w not in ("value", "limit", "person")]
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        todo += [x.name for x in walk(nodes[name].expr) if isinstance(x, Ref)]
        if name in tests:
            todo += [n for n in (tests[name].exception, tests[name].value, tests[name].limit) if n]
    return [n for n in nodes.values() if n.name in found]


def _shown(node: Node, test: Test | None) -> Iterator[str]:
    """The values that a node's wording shows in braces."""
    wordings = list(node.definition.say.values()) if node.definition is not None else []
    wordings += [x.say for x in test.exceptions if x.say is not None] if test is not None else []
    for wording in wordings:
        yield from BRACES.findall(wording.en) + BRACES.findall(wording.es)
