"""parse, the large half: YAML nodes → one :class:`~benefits_rules.syntax.Module` a file.

A page is a mapping:

    program: snap                     the base page of a program says its name …
    extends: snap/us                  … a state's page says what it extends, and
    state: GA                         for which state
    uses: [common/poverty]            pages whose tables are shared
    since: 2023-10-01                 the first day it speaks of
    name: {en: …, es: …}
    sources: {key: {title: …, url: …}}
    unit: {name: {en, es}, connect: VALUE, cite: …}
    options: {NAME: OPTION}           what the law leaves to a state: declared in the base page, filled in the state's
    sets: {NAME: SET}
    tables: {NAME: TABLE}
    values: {NAME: VALUE}
    tests: {NAME: TEST}
    result: {of, covers, requires, amount, first_month, first_month_when, values, people, steps, caveats, notes,
             changes, supplements, awaiting: [{en, es, unless: VALUE}], wanted_by, category, coverage, funding,
             instead: {STATUS: VALUE}, filing: a citation}
    also: {PROGRAM: a result}         programs whose rules stand on this page too (CHIP with Medicaid)

A definition gives its content once, or under dates: ``from 2025-10-01 to 2026-09-30: CONTENT``. Every
content stands under a citation, its own or the definition's.

    OPTION   {unit, of, doc, cite} and, where the law has a rule for who chooses nothing, ``otherwise: FORMULA``
    SET      a list of words
    TABLE    {unit, by: KEY or [KEY, KEY], of} with rows {1: 235, 2: 356, each_more: 54, at_most: 900}
    VALUE    {is: FORMULA} or {choose: [{when, is} …, {otherwise}]}, with {name: FORMULA …} for local names
    TEST     {applies_when, pass_when, exceptions: [{name, when, from, to, cite, say}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from typing import Literal, cast

from benefits_rules.errors import RuleError, RuleProblem
from benefits_rules.expressions import parse_expression
from benefits_rules.source import Mapping, Node, Scalar, Sequence, fail
from benefits_rules.syntax import (
    Branch,
    Citation,
    Condition,
    Content,
    Definition,
    Exemption,
    Expr,
    Formula,
    Module,
    Name,
    Number,
    Options,
    Period,
    Proof,
    Result,
    Rows,
    Unit,
    Variant,
    Wording,
    YesNo,
)

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_PERIOD = re.compile(r"(?:from (\d{4}-\d\d-\d\d))?(?: ?to (\d{4}-\d\d-\d\d))?\Z")
_CFR = re.compile(r"(\d+) CFR (\d+)\.(\d+)((?:\([0-9A-Za-z]+\))*)")
_USC = re.compile(r"(\d+) USC (\d+[a-zA-Z]*(?:-\d+[a-z]*)?)((?:\([0-9A-Za-z]+\))*)")
_PLAW = re.compile(r"P\.L\. (\d+)-(\d+)( s\.[0-9A-Za-z().]+)?")
_FR = re.compile(r"(\d+) FR (\d+)")

Kind = Literal["value", "test", "table", "set", "option"]


def parse_module(root: Node, path: str, inherited: dict[str, Citation] | None = None) -> Module:
    """One file's node → its module. Raises :class:`RuleError` with every fault found in it."""
    return Reader(path, inherited or {}).module(root)


class Reader:
    """The state of reading one file: its citations, and the faults so far."""

    def __init__(self, path: str, inherited: dict[str, Citation]) -> None:
        self.path, self.sources, self.problems = path, dict(inherited), list[RuleProblem]()
        self.is_base = True

    # ------------------------------------------------------------ the page

    def module(self, root: Node) -> Module:
        known = (
            "program",
            "extends",
            "state",
            "uses",
            "since",
            "name",
            "sources",
            "unit",
            "options",
            "sets",
            "tables",
            "values",
            "tests",
            "result",
            "also",
        )
        page = self.mapping(root, known, "a page")
        self.is_base = "state" not in page
        own = {}
        for key, node in self.items(page.get("sources")):
            with self.gather():
                own[key] = self.read_source(key, node)
        self.sources |= own
        definitions: dict[str, Definition] = {}
        for section, kind in (
            ("options", "option"),
            ("sets", "set"),
            ("tables", "table"),
            ("values", "value"),
            ("tests", "test"),
        ):
            for key, node in self.items(page.get(section)):
                with self.gather():
                    if not _NAME.match(key) or key in definitions:
                        what = (
                            "this name is defined twice on the page"
                            if key in definitions
                            else "a name has small letters, digits and _"
                        )
                        raise fail("name", node, f"`{key}`: {what}", "give it a name of its own")
                    definitions[key] = self.definition(key, cast(Kind, kind), node)
        unit = result = None
        with self.gather():
            unit = self.unit(page["unit"]) if "unit" in page else None
        with self.gather():
            result = self.result(page["result"]) if "result" in page else None
        also = {}
        for key, node in self.items(page.get("also")):
            with self.gather():
                also[key] = self.result(node)
        name = since = None
        with self.gather():
            name = self.wording(page["name"]) if "name" in page else None
            since = self.day(page["since"]) if "since" in page else None
        words = {key: self.text(page[key]) for key in ("program", "extends", "state") if key in page}
        program = words.get("program") or words.get("extends", "").partition("/")[0]
        uses = tuple(self.text(n) for n in self.sequence(page["uses"])) if "uses" in page else ()
        if self.problems:
            raise RuleError(self.problems)
        source = root.source
        return Module(
            self.path,
            program,
            words.get("state"),
            words.get("extends"),
            uses,
            since,
            name,
            unit,
            result,
            also,
            definitions,
            own,
            source,
        )

    def unit(self, node: Node) -> Unit:
        parts = self.mapping(node, ("name", "connect", "cite"), "a unit", required=("name", "connect", "cite"))
        return Unit(self.wording(parts["name"]), self.word(parts["connect"]), self.citations(parts["cite"]), node.start)

    def result(self, node: Node) -> Result:
        lists = ("covers", "requires", "values", "steps", "caveats", "notes", "changes", "supplements")
        single = ("amount", "people", "first_month", "first_month_when", "wanted_by", "category", "coverage", "funding")
        known = ("of", *lists, *single, "awaiting", "instead", "filing")
        parts = self.mapping(node, known, "a result", required=("of", "requires"))
        names = {k: tuple(self.word(n) for n in self.sequence(parts[k])) if k in parts else () for k in lists}
        one = {k: self.word(parts[k]) if k in parts else None for k in single}
        awaiting = tuple(map(self.proof, self.sequence(parts["awaiting"]))) if "awaiting" in parts else ()
        return Result(
            self.text(parts["of"]),
            names["covers"],
            names["requires"],
            one["amount"],
            names["values"],
            one["people"],
            names["steps"],
            names["caveats"],
            awaiting,
            node.start,
            one["first_month"],
            one["first_month_when"],
            names["notes"],
            names["changes"],
            names["supplements"],
            one["wanted_by"],
            one["category"],
            one["coverage"],
            one["funding"],
            tuple((status, self.word(n)) for status, n in self.items(parts.get("instead"))),
            self.citations(parts["filing"]) if "filing" in parts else (),
        )

    def proof(self, node: Node) -> Proof:
        parts = self.mapping(node, ("en", "es", "unless"), "a proof", required=("en", "es"))
        unless = self.word(parts["unless"]) if "unless" in parts else None
        return Proof(Wording(self.text(parts["en"]), self.text(parts["es"]), node.start), unless)

    # ------------------------------------------------------------ definitions

    def definition(self, name: str, kind: Kind, node: Node) -> Definition:
        if kind == "set" and isinstance(node, Sequence):
            only = (Variant(Period(), self.options(node), (), False, node.start),)
            return Definition(name, kind, None, None, (), only, {}, source=node.source, at=node.start)
        content = {
            "value": ("is", "choose", "with"),
            "option": ("is", "choose", "with", "otherwise"),
            "test": ("applies_when", "pass_when", "exceptions"),
            "table": ("rows",),
            "set": ("is",),
        }[kind]
        known = ("of", "unit", "by", "cite", "say", "replaceable", "doc", "verify", *content)
        parts = self.mapping(node, known, f"a {kind}", dated=True)
        outer = self.citations(parts["cite"]) if "cite" in parts else ()
        dated = [(key, value) for key, value in parts.items() if _PERIOD.match(key)]
        plain = {k: parts[k] for k in (*content, "verify") if k in parts}
        if dated and any(k in parts for k in content):
            raise fail("dated", node, "content stands both with and without dates", "put all of it under `from …`")
        if dated:
            variants: tuple[Variant, ...] = tuple(
                self.variant(kind, value, outer, self.period(value, key)) for key, value in dated
            )
        elif any(k in parts for k in content):
            variants = (self.content(kind, node, plain, outer, Period()),)
        elif kind == "option" and self.is_base:
            variants = ()
        else:
            raise fail("empty", node, f"`{name}` says nothing", f"add one of {', '.join(content)}, or `from DATE:`")
        return Definition(
            name,
            kind,
            self.text(parts["of"]) if "of" in parts else None,
            self.text(parts["unit"]) if "unit" in parts else None,
            tuple(parse_expression(self.scalar(n)) for n in self.sequence(parts["by"])) if "by" in parts else (),
            variants,
            self.sayings(parts["say"]) if "say" in parts else {},
            "replaceable" in parts and self.flag(parts["replaceable"]),
            self.text(parts["doc"]) if "doc" in parts else "",
            node.source,
            node.start,
        )

    def variant(self, kind: Kind, node: Node, outer: tuple[Citation, ...], period: Period) -> Variant:
        if kind == "table" and isinstance(node, Mapping):
            cited = self.citations(node.entries["cite"][1]) if "cite" in node.entries else outer
            verify = "verify" in node.entries and self.flag(node.entries["verify"][1])
            return Variant(period, self.rows(node, ("cite", "verify")), self.cited(node, cited), verify, node.start)
        if kind == "set" and isinstance(node, Sequence):
            return Variant(period, self.options(node), self.cited(node, outer), False, node.start)
        if kind in ("value", "option") and isinstance(node, Scalar):
            formula = Formula((Branch(None, parse_expression(node)),))
            return Variant(period, formula, self.cited(node, outer), False, node.start)
        known = {
            "value": ("is", "choose", "with"),
            "option": ("is", "choose", "with"),
            "test": ("applies_when", "pass_when", "exceptions"),
        }
        parts = self.mapping(node, (*known.get(kind, ()), "cite", "verify"), f"a {kind} under a date")
        cited = self.citations(parts["cite"]) if "cite" in parts else outer
        return self.content(kind, node, parts, cited, period)

    def content(self, kind: Kind, node: Node, parts: dict[str, Node], cited: tuple[Citation, ...], period: Period) -> Variant:
        verify = "verify" in parts and self.flag(parts["verify"])
        found: Content
        match kind:
            case "test":
                if "pass_when" not in parts:
                    raise fail("missing-key", node, "a test needs `pass_when`", "add the condition under which it passes")
                applies = self.expression(parts["applies_when"]) if "applies_when" in parts else None
                exceptions = tuple(self.exemption(n) for n in self.sequence(parts["exceptions"])) if "exceptions" in parts else ()
                found = Condition(applies, self.expression(parts["pass_when"]), exceptions)
            case "table":
                found = self.rows(parts["rows"], ())
            case "set":
                found = self.options(parts["is"])
            case _:
                found = self.formula(node, parts)
        return Variant(period, found, self.cited(node, cited), verify, node.start)

    def formula(self, node: Node, parts: dict[str, Node]) -> Formula:
        names = tuple((key, self.expression(n)) for key, n in self.items(parts.get("with")))
        given = [k for k in ("is", "choose", "otherwise") if k in parts]
        if len(given) != 1:
            raise fail("missing-key", node, "expected one of `is` and `choose`", "write `is:` and a formula")
        if given[0] != "choose":
            return Formula((Branch(None, self.expression(parts[given[0]])),), names)
        branches, lines = [], self.sequence(parts["choose"])
        if not lines:
            raise fail("empty", parts["choose"], "a table of choices has no line", "write `- {otherwise: …}`")
        for i, line in enumerate(lines):
            last = i == len(lines) - 1
            keys = ("otherwise",) if last else ("when", "is")
            part = self.mapping(line, keys, "the last line of a table of choices" if last else "a line of choices", required=keys)
            branches.append(Branch(None if last else self.expression(part["when"]), self.expression(part[keys[-1]])))
        return Formula(tuple(branches), names)

    def exemption(self, node: Node) -> Exemption:
        parts = self.mapping(
            node, ("name", "when", "from", "to", "cite", "say"), "an exception", required=("name", "when", "cite")
        )
        period = Period(self.day(parts["from"]) if "from" in parts else None, self.day(parts["to"]) if "to" in parts else None)
        say = self.wording(parts["say"]) if "say" in parts else None
        return Exemption(
            self.text(parts["name"]), self.expression(parts["when"]), period, self.citations(parts["cite"]), say, node.start
        )

    def rows(self, node: Node, other: tuple[str, ...]) -> Rows:
        if not isinstance(node, Mapping):
            raise fail("rows", node, "a table's rows are a mapping", "write {1: 235, 2: 356}")
        cells: list[tuple[str, Number | Name | YesNo | Rows, int]] = []
        more: dict[str, Number] = {}
        for key, (key_node, value) in node.entries.items():
            if key in other:
                continue
            if isinstance(value, Mapping):
                cells.append((key, self.rows(value, ()), key_node.start))
                continue
            cell = parse_expression(self.scalar(value))
            if not isinstance(cell, (Number, Name, YesNo)):
                raise fail("cell", value, "a cell holds one figure or word", "write the figure itself")
            if key in ("each_more", "at_most"):
                if not isinstance(cell, Number):
                    raise fail("cell", value, f"`{key}` holds a figure", "write the figure itself")
                more[key] = cell
            else:
                cells.append((key, cell, key_node.start))
        return Rows(tuple(cells), more.get("each_more"), more.get("at_most"), node.start)

    def options(self, node: Node) -> Options:
        items = []
        for n in self.sequence(node):
            item = parse_expression(self.scalar(n))
            if not isinstance(item, (Name, Number)):
                raise fail("set", n, "a set holds words or whole numbers", "write [wages, tips]")
            items.append(item)
        return Options(tuple(items))

    # ------------------------------------------------------------ small parts

    def read_source(self, key: str, node: Node) -> Citation:
        parts = self.mapping(node, ("title", "url"), "a source", required=("title", "url"))
        return Citation(key, self.text(parts["title"]), self.text(parts["url"]), node.start)

    def citations(self, node: Node) -> tuple[Citation, ...]:
        nodes = node.items if isinstance(node, Sequence) else (node,)
        return tuple(self.citation(self.scalar(n)) for n in nodes)

    def citation(self, node: Scalar) -> Citation:
        text = node.text.strip()
        if found := _CFR.fullmatch(text):
            return Citation(
                text, text, f"https://www.ecfr.gov/current/title-{found[1]}/section-{found[2]}.{found[3]}", node.start
            )
        if found := _USC.fullmatch(text):
            return Citation(text, text, f"https://www.law.cornell.edu/uscode/text/{found[1]}/{found[2]}", node.start)
        if found := _PLAW.fullmatch(text):
            return Citation(text, text, f"https://www.congress.gov/public-laws/{found[1]}th-congress#{found[2]}", node.start)
        if found := _FR.fullmatch(text):
            return Citation(text, text, f"https://www.federalregister.gov/citation/{found[1]}-FR-{found[2]}", node.start)
        key, _, place = text.partition(" ")
        if key in self.sources:
            source = self.sources[key]
            return Citation(text, f"{source.law}{', ' if place else ''}{place}", source.url, node.start)
        close = get_close_matches(key, self.sources, 1)
        mend = f"did you mean `{close[0]}`?" if close else "write `7 CFR 273.9(a)`, or a key of `sources` and the place in it"
        raise fail("citation", node, "this citation is neither a law nor a source of the page", mend)

    def cited(self, node: Node, found: tuple[Citation, ...]) -> tuple[Citation, ...]:
        if not found:
            raise fail("no-citation", node, "this rule has no citation", "add `cite:` with the law it comes from")
        return found

    def sayings(self, node: Node) -> dict[str, Wording]:
        if isinstance(node, Mapping) and "en" in node.entries:
            return {"": self.wording(node)}
        parts = self.mapping(node, ("pass", "fail", "not_applicable"), "what is said of a test")
        return {key: self.wording(value) for key, value in parts.items()}

    def wording(self, node: Node) -> Wording:
        parts = self.mapping(node, ("en", "es"), "a wording", required=("en", "es"))
        return Wording(" ".join(self.text(parts["en"]).split()), " ".join(self.text(parts["es"]).split()), node.start)

    def period(self, node: Node, text: str) -> Period:
        found = _PERIOD.match(text)
        assert found
        try:
            start, end = (date.fromisoformat(t) if t else None for t in found.groups())
        except ValueError:
            raise fail("date", node, f"`{text}` names a day that does not exist", "write real dates as YYYY-MM-DD") from None
        if start and end and end < start:
            raise fail("date", node, f"`{text}` ends before it begins", "put the earlier day first")
        return Period(start, end)

    def day(self, node: Node) -> date:
        try:
            return date.fromisoformat(self.text(node))
        except ValueError:
            raise fail("date", node, "there is no such day", "write a real date as YYYY-MM-DD") from None

    def expression(self, node: Node) -> Expr:
        return parse_expression(self.scalar(node))

    def word(self, node: Node) -> Name:
        scalar = self.scalar(node)
        if not _NAME.match(scalar.text):
            raise fail("name", node, "expected the name of a value or test", "a name has small letters, digits and _")
        return Name(scalar.text, node.start, node.end)

    def flag(self, node: Node) -> bool:
        if self.text(node) not in ("yes", "no", "true", "false"):
            raise fail("flag", node, "expected yes or no", "write yes or no")
        return self.text(node) in ("yes", "true")

    def text(self, node: Node) -> str:
        return self.scalar(node).text

    def scalar(self, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            raise fail("scalar", node, "expected one word or text here", "write it on one line")
        return node

    def sequence(self, node: Node) -> tuple[Node, ...]:
        return node.items if isinstance(node, Sequence) else (node,)

    def items(self, node: Node | None) -> Iterator[tuple[str, Node]]:
        """The entries of a section; one that is absent or empty has none."""
        if isinstance(node, Mapping):
            yield from ((key, value) for key, (_, value) in node.entries.items())
        elif node is not None and not (isinstance(node, Scalar) and not node.text):
            raise fail("section", node, "expected a mapping of names", "write `name: …` lines under it")

    def mapping(
        self, node: Node, known: tuple[str, ...], what: str, required: tuple[str, ...] = (), dated: bool = False
    ) -> dict[str, Node]:
        if not isinstance(node, Mapping):
            raise fail("mapping", node, f"{what} is a mapping", f"write keys such as `{known[0]}:`")
        for key, (key_node, _) in node.entries.items():
            if key in known or (dated and _PERIOD.match(key)):
                continue
            close = get_close_matches(key, known, 1)
            raise fail(
                "unknown-key",
                key_node,
                f"`{key}` is not a key of {what}",
                f"did you mean `{close[0]}`?" if close else f"known are {', '.join(known)}",
            )
        for key in required:
            if key not in node.entries:
                raise fail("missing-key", node, f"{what} needs `{key}`", f"add `{key}:`")
        return {key: value for key, (_, value) in node.entries.items()}

    @contextmanager
    def gather(self) -> Iterator[None]:
        """Keep a fault and go on with the next definition."""
        try:
            yield
        except RuleError as error:
            self.problems.extend(error.problems)
