"""resolve: checked pages × program × state × month → Plan.

A :class:`Rules` is a set of rule files, read once. ``plan`` puts together what is in force: the pages
that the program uses, its base page, and over it the state's page, which may fill an option, replace
what the base marks replaceable, or add. What is past the last period it is known for is used and said so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from benefits_rules.check import check
from benefits_rules.errors import RequestError, RuleError, RuleProblem
from benefits_rules.facts import Catalogue, load_catalogue
from benefits_rules.names import InForce
from benefits_rules.parse import parse_module
from benefits_rules.plan import Caution, Fact, Gather, Ir, Link, Node, Plan, Ref, Up, walk
from benefits_rules.proof import prove
from benefits_rules.resulting import check_result, needed
from benefits_rules.rulefiles import CATALOGUE, INTERVIEW, NOTICES, OPTIONS, WORDS, RuleFiles, gather
from benefits_rules.script import Script, read_script
from benefits_rules.source import Node as SourceNode, read_bytes
from benefits_rules.syntax import Citation, Condition, Definition, Module, Period, Result, Unfilled, Variant, Wording
from benefits_rules.units import Type, parents, parse_type
from benefits_rules.wordings import Notices, read_notices, read_options, read_words

#: How many plans stay ready: those used last. A plan takes up to 2 MB, and a twentieth of a second to make.
KEPT = 256


class Rules:
    """A set of rule files. Everything is read once; what is made of it is kept while it is used, and nothing is ever changed."""

    def __init__(self, rules: RuleFiles | Path) -> None:
        self.files = rules if isinstance(rules, RuleFiles) else gather(rules)
        self.catalogue: Catalogue = load_catalogue(self._root(CATALOGUE))
        self._modules: dict[str, Module] = {}
        self._plan = lru_cache(KEPT)(self._make)
        self._pages: list[str] | None = None
        self._homes: dict[str, str] | None = None
        self._words: dict[str, Wording] | None = None
        self._notices: Notices | None = None
        self._script: Script | None = None
        self._options: dict[tuple[str, str], Wording] | None = None

    def __repr__(self) -> str:
        return f"Rules({len(self.pages())} pages)"

    def __reduce__(self) -> tuple[type[Rules], tuple[RuleFiles]]:
        return Rules, (self.files,)

    @property
    def digest(self) -> str:
        """SHA-256 over every file's path and bytes."""
        return self.files.digest

    @property
    def version(self) -> str:
        """What the rules go by: the version that their manifest names, or the library's, with ``+local`` where changed."""
        return self.files.version

    def pages(self) -> list[str]:
        """Every page, such as ``snap/ga``; examples and the catalogue left out."""
        if self._pages is None:
            self._pages = self.files.pages()
        return self._pages

    def _root(self, path: str) -> SourceNode:
        """The root of one file. Raises :class:`RuleError`."""
        return read_bytes(self.files.files[path], self.files.label(path))

    def examples(self, page: str) -> SourceNode | None:
        """The root of the examples beside a page; None where there are none. Raises :class:`RuleError`."""
        path = f"{page}.examples.yaml"
        return self._root(path) if path in self.files else None

    @property
    def words(self) -> dict[str, Wording]:
        """What rules and programs are called (``common/words.yaml``), in both languages. Raises :class:`RuleError`."""
        if self._words is None:
            self._words = read_words(self._root(WORDS)) if WORDS in self.files else {}
        return self._words

    @property
    def notices(self) -> Notices:
        """What notices must say (``common/notices.yaml``). Raises :class:`RuleError`."""
        if self._notices is None:
            self._notices = read_notices(self._root(NOTICES)) if NOTICES in self.files else Notices()
        return self._notices

    @property
    def script(self) -> Script:
        """What an interview asks, and in which order (``common/interview.yaml``). Raises :class:`RuleError`."""
        if self._script is None:
            if INTERVIEW not in self.files:
                raise RuleError([RuleProblem("no-page", INTERVIEW, 1, 1, "these rules have no interview", "add the file")])
            self._script = read_script(self._root(INTERVIEW), self.catalogue)
        return self._script

    @property
    def opened_by_interview(self) -> frozenset[str]:
        """Closed facts of people that an interview asks for all the same; none where these rules have no interview."""
        return self.script.opened if INTERVIEW in self.files else frozenset()

    @property
    def options(self) -> dict[tuple[str, str], Wording]:
        """What a family reads for each option of a choice (``common/options.yaml``). Raises :class:`RuleError`."""
        if self._options is None:
            self._options = read_options(self._root(OPTIONS)) if OPTIONS in self.files else {}
        return self._options

    def programs(self) -> list[str]:
        return sorted(p.partition("/")[0] for p in self.pages() if p.endswith("/us"))

    def states(self, program: str) -> list[str]:
        """The states that have a page of the program."""
        return [p.partition("/")[2].upper() for p in self.pages() if p.startswith(f"{program}/") and not p.endswith("/us")]

    def module(self, page: str) -> Module:
        """One parsed page. Raises :class:`RuleError`."""
        if page not in self._modules:
            if f"{page}.yaml" not in self.files:
                close = get_close_matches(page, self.pages(), 1)
                mend = f"did you mean `{close[0]}`?" if close else "add the file"
                raise RuleError([RuleProblem("no-page", f"{page}.yaml", 1, 1, f"there is no page `{page}`", mend)])
            root = self._root(f"{page}.yaml")
            inherited = dict[str, Citation]()
            if page.partition("/")[2] != "us" and not page.startswith("common/"):
                inherited = self.module(f"{page.partition('/')[0]}/us").sources
            module = parse_module(root, page, inherited)
            _check_place(module, page)
            self._modules[page] = module
        return self._modules[page]

    def available(self, program: str, state: str, month: date) -> bool:
        """Whether there is a page that can determine the program in the state and month."""
        home = self.home(program)
        if home not in self.programs() or f"{home}/{state.lower()}.yaml" not in self.files:
            return False
        base, page = self.module(f"{home}/us"), self.module(f"{home}/{state.lower()}")
        return _result(base, program) is not None and all(m.since is None or m.since <= month for m in (base, page))

    def home(self, program: str) -> str:
        """The program on whose pages the rules of this one stand: as a rule its own (CHIP's stand on Medicaid's)."""
        if self._homes is None:
            own = self.programs()
            self._homes = {also: p for p in own for also in self.module(f"{p}/us").also} | {p: p for p in own}
        return self._homes.get(program, program)

    def plan(self, program: str, state: str | None, month: date, whole: bool = False) -> Plan:
        """The plan of a program in a state for the month that begins on ``month``.

        ``whole`` keeps what the result does not read (for examples and for showing a page). Raises
        :class:`RequestError` for a program that does not exist, :class:`RuleError` for faulty pages.
        """
        if self.home(program) not in self.programs():
            close = get_close_matches(program, self.programs(), 1)
            raise RequestError(
                f"there is no program `{program}`"
                + (f": did you mean `{close[0]}`?" if close else f"; known are {', '.join(self.programs())}")
            )
        return self._plan(program, state, month, whole)

    def definitions(self, program: str, state: str | None) -> dict[str, Definition]:
        """All definitions of a program in a state, the state's over the base's. Raises :class:`RuleError`."""
        program = self.home(program)
        base = self.module(f"{program}/us")
        found: dict[str, Definition] = {}
        for page in base.uses:
            found |= self.module(page).definitions
        found |= base.definitions
        if state is None:
            return found
        problems = []
        own = self.module(f"{program}/{state.lower()}")
        for name, definition in own.definitions.items():
            under = found.get(name)
            if under is None and definition.kind == "option":
                close = get_close_matches(name, [n for n, d in found.items() if d.kind == "option"], 1)
                mend = f"did you mean `{close[0]}`?" if close else "put it under `values`, or declare the option in the base page"
                problems.append(
                    definition.source.problem("no-option", definition.at, f"the base page has no option `{name}`", mend)
                )
            elif under is not None and under.kind != "option" and not under.replaceable:
                problems.append(
                    definition.source.problem(
                        "not-replaceable", definition.at, f"`{name}` is federal and not replaceable", "give it another name"
                    )
                )
            elif under is not None:
                definition = replace(
                    definition, unit=definition.unit or under.unit, of=definition.of or under.of, say=definition.say or under.say
                )
            found[name] = definition
        if problems:
            raise RuleError(problems)
        return found

    def plan_with(self, program: str, state: str | None, month: date, changed: Definition) -> Plan:
        """The whole plan as it would be with one definition changed; neither kept nor proved. For mutants."""
        return self._make(program, state, month, whole=True, changed=changed)

    def _make(self, program: str, state: str | None, month: date, whole: bool, changed: Definition | None = None) -> Plan:
        home = self.home(program)
        base = self.module(f"{home}/us")
        module = self.module(f"{home}/{state.lower()}") if state else base
        result = _result(base, program)
        for page in (module, base):
            if page.since and month < page.since:
                raise RequestError(f"the page {page.path} begins with {page.since:%Y-%m}; there is no rule for {month:%Y-%m}")
        below = parents(base.unit is not None)
        definitions = self.definitions(program, state)
        if changed is not None:
            definitions[changed.name] = changed
        in_force, cautions = in_month(definitions, month, state is not None)
        nodes, tests = check(in_force, self._types(), below, month)
        if changed is None:
            for each in filter(None, (base.result, *base.also.values())):
                check_result(base, each, nodes, tests)
        kept = list(nodes.values()) if whole or result is None else needed(base, result, nodes, tests)
        late = _below_unit(kept)
        if base.unit is not None and base.unit.connect.text in late:
            what = f"`{base.unit.connect.text}` reads something of the unit, which is not known before it"
            raise RuleError([base.source.problem("unit", base.unit.at, what, "read only facts, people, pairs and the household")])
        ordered = tuple([n for n in kept if n.name not in late] + [n for n in kept if n.name in late])
        facts = sorted({(x.entity, x.name) for n in ordered for x in walk(n.expr) if isinstance(x, Fact)})
        plan = Plan(
            program,
            state,
            month,
            module,
            base,
            result,
            below,
            ordered,
            {t: tests[t] for t in tests if t in {n.name for n in kept}},
            base.unit.connect.text if base.unit else None,
            late,
            tuple(facts),
            tuple(cautions),
            {name: found.variant.citations for name, found in in_force.items()},
            self.digest,
        )
        if changed is None:
            prove(plan, self.catalogue)
        return plan

    def _types(self) -> dict[tuple[str, str], Type]:
        found = {}
        for key, fact in self.catalogue.facts.items():
            kind = Type("one of", options=fact.options) if fact.options else parse_type(fact.unit)
            assert kind is not None, key
            found[key] = kind
        return found


def _check_place(module: Module, page: str) -> None:
    """A page says what it is where it stands. Raises :class:`RuleError`."""
    folder, _, word = page.partition("/")
    is_base, is_common = word == "us", folder == "common"
    faults = []
    if is_base and (module.program != folder or module.extends is not None or module.state is not None):
        faults.append((f"this is the base page of `{folder}`", f"write `program: {folder}`, and neither `extends` nor `state`"))
    if not is_base and not is_common:
        if module.extends != f"{folder}/us" or module.state != word.upper():
            faults.append((f"this is the page of {word.upper()}", f"write `extends: {folder}/us` and `state: {word.upper()}`"))
        if module.result is not None or module.also or module.unit is not None or module.uses:
            faults.append(("a state's page has no `result`, `unit` or `uses`", "the base page has them"))
    if faults:
        raise RuleError([module.source.problem("place", 0, what, mend) for what, mend in faults])


def in_month(definitions: dict[str, Definition], month: date, complete: bool) -> tuple[dict[str, InForce], list[Caution]]:
    """What each definition says in a month. Raises :class:`RuleError` for gaps, overlaps, unfilled options."""
    found, cautions, problems = dict[str, InForce](), [], []
    for name, definition in definitions.items():
        if not definition.variants:
            if complete:
                problems.append(
                    definition.source.problem(
                        "unfilled",
                        definition.at,
                        f"the option `{name}` is not filled by the state's page",
                        f"add `{name}:` under `options`",
                    )
                )
            else:
                found[name] = InForce(definition, Variant(Period(), Unfilled(), (), False, definition.at))
            continue
        holding = [v for v in definition.variants if v.period.holds(month, month)]
        if len(holding) > 1:
            problems.append(
                definition.source.problem(
                    "overlap", holding[1].at, f"two periods of `{name}` hold in {month:%Y-%m}", "end one before the other begins"
                )
            )
            continue
        variant = holding[0] if holding else _last_known(definition, month)
        if variant is None:
            problems.append(
                definition.source.problem(
                    "gap", definition.at, f"`{name}` says nothing for {month:%Y-%m}", "add a period that reaches it"
                )
            )
            continue
        if not holding:
            cautions.append(Caution("table_past_its_period", name, f"{variant.period.end:%Y-%m-%d}"))
        if variant.verify:
            cautions.append(Caution("figure_to_verify", name, ""))
        found[name] = InForce(definition, variant)
    if problems:
        raise RuleError(problems)
    return found, cautions


def _last_known(definition: Definition, month: date) -> Variant | None:
    """The variant that ended last, if the month lies past everything that the definition says."""
    if any(v.period.end is None or v.period.end >= month for v in definition.variants):
        return None
    return max(definition.variants, key=lambda v: v.period.end or date.max)


def _result(base: Module, program: str) -> Result | None:
    return base.result if base.program == program else base.also.get(program)


def _below_unit(nodes: Iterable[Node]) -> frozenset[str]:
    """The nodes that can be read only once the units are known."""
    late: set[str] = set()
    for node in nodes:
        for x in walk(node.expr):
            if (
                x.entity == "unit"
                or (isinstance(x, Ref) and x.name in late)
                or (isinstance(x, (Up, Gather, Link)) and _crosses(x))
            ):
                late.add(node.name)
                break
    return frozenset(late)


def _crosses(x: Ir) -> bool:
    """Whether an expression passes through the unit: up to it or beyond, or to everybody in it where no payer is told."""
    if isinstance(x, Gather):
        return x.entity in ("unit", "household")
    if isinstance(x, Link):
        return x.entity in ("expense", "asset")
    return isinstance(x, Up) and x.source.entity == "unit"


def change_dates(definitions: Iterable[Definition]) -> list[date]:
    """Every first of a month on which some definition begins to say, or stops saying, something."""
    days: set[date] = set()
    for definition in definitions:
        for variant in definition.variants:
            periods = [variant.period]
            if isinstance(variant.content, Condition):
                periods += [x.period for x in variant.content.exceptions]
            for period in periods:
                if period.start and period.start.year < 9999:
                    days.add(_month_from(period.start))
                if period.end and period.end.year < 9999:
                    days.add(_month_from(date.fromordinal(period.end.toordinal() + 1)))
    return sorted(days)


def _month_from(day: date) -> date:
    """The first month that begins on or after a day."""
    if day.day == 1:
        return day
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
