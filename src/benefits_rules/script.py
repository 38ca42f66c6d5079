"""script: ``rules/common/interview.yaml`` → the screens of the interview, their questions, and what no answer needs.

    screens:    NAME: {opens, several, each, checklist, renew, title, why, counts, ask: [ENTITY.FACT …]}
    questions:  ENTITY.NAME: {at, input, optional, beside, only, when: [LEAF …], reads: [ENTITY.FACT …], ask, note}
    renewal:    {title, why, ask, topics: {TOPIC: WORDING}}
    safety:     {say, cite}
    spared:     {say, cite}
    required:   PROGRAM: {NAME: {say, cite}}
    outside:    {NAME: WORDING}

A question of the catalogue needs no more than its name; ``questions`` says what has no fact of its own, or is told otherwise.
What is asked once for all people stands on one screen; ``each: person`` makes a screen a person, ``each: income`` one a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from benefits_rules.errors import RuleError
from benefits_rules.factdef import ENTITIES, Catalogue, FactDef
from benefits_rules.leaves import WORDS
from benefits_rules.parse import Reader
from benefits_rules.source import Node, fail
from benefits_rules.syntax import Citation, Wording

Input = Literal[
    "yes/no", "choice", "whole", "money", "hours", "date", "county",
    "age", "people", "person", "parents", "members", "groups", "outside", "help", "kinds", "rows",
]  # fmt: skip
INPUTS: tuple[str, ...] = Input.__args__  # type: ignore[attr-defined]
#: Where the rows of an entity stand, below the household or the person that tells them.
LISTS = {
    "income": "income", "medical_expense": "medical_expenses", "activity": "activities", "expense": "expenses", "asset": "assets",
    "receipt": "receives",
}  # fmt: skip
#: Help that is told as income, since it is money (see the contract), and what nobody is asked to choose.
_NEVER_OFFERED = {"receipt.program": ("ssi", "tanf", "general_assistance"), "person.citizenship_status": ("undisclosed",)}
_BY_UNIT: dict[str, Input] = {
    "yes/no": "yes/no", "one of": "choice", "USD": "money", "USD/period": "money", "USD/month": "money", "hours/week": "hours",
    "date": "date", "county": "county",
}  # fmt: skip


#: In place of the values that open a question: any amount above nothing.
ABOVE_0 = "above 0"


def opens(held: Any, values: frozenset[bool | str]) -> bool | None:
    """Whether an answer opens the questions that hang on it; ``None`` where it was not given, or not known."""
    if held is None or (isinstance(held, str) and held in WORDS) or isinstance(held, (dict, list)):
        return None
    if ABOVE_0 in values:
        return str(held).strip("0.") != ""
    return held in values


@dataclass(frozen=True, slots=True)
class Question:
    """What may be asked: of which entity, at which leaf below its row, and what an answer may be.

    ``gate`` is the leaf that must have one of some values for the question to have a meaning; ``usual`` stands where a
    checklist is not ticked; ``reads`` are the facts that the answer tells; ``when`` are leaves of which one must be yes.
    """

    name: str
    entity: str
    leaf: str
    input: Input
    ask: Wording
    note: Wording | None
    options: tuple[str, ...] = ()
    span: tuple[int, int] | None = None
    optional: bool = False
    beside: bool = False
    gate: tuple[str, frozenset[bool | str]] | None = None
    usual: bool | str | None = None
    reads: frozenset[tuple[str, str]] = frozenset()
    when: tuple[str, ...] = ()
    #: The list in ``options.yaml`` that names the options.
    words: str = ""


@dataclass(frozen=True, slots=True)
class ScreenPlan:
    """One kind of screen: what it may ask, and of whom."""

    name: str
    opens: bool
    several: bool
    each: str
    checklist: bool
    renew: str
    title: Wording
    why: Wording
    counts: Wording | None
    ask: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """What the law requires of an application whatever the answer."""

    name: str
    say: Wording
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Renewal:
    """The first screen of a renewal: which topics have changed."""

    title: Wording
    why: Wording
    ask: Wording
    topics: dict[str, Wording]

    def screen(self, topics: tuple[str, ...]) -> ScreenPlan:
        """The screen that offers these topics."""
        question = Question("changed", "household", "changed", "kinds", self.ask, None, topics, words="topics")
        return ScreenPlan("changed", True, False, "", False, "always", self.title, self.why, None, (question,))


@dataclass(frozen=True, slots=True)
class Script:
    """The whole interview as data."""

    screens: tuple[ScreenPlan, ...]
    questions: dict[tuple[str, str], Question]
    renewal: Renewal
    safety: Duty
    spared: Duty
    required: dict[str, tuple[Duty, ...]]
    outside: dict[str, Wording]
    #: Facts of people that are closed elsewhere, yet asked for here: until then they are open.
    opened: frozenset[str] = field(default=frozenset())

    def question(self, key: str) -> Question | None:
        """The question that an id such as ``people.ana.income.wages.amount`` belongs to; ``None`` where there is none."""
        if key == "changed":
            return self.renewal.screen(tuple(self.renewal.topics)).ask[0]
        names = key.split(".")
        entity, leaf = ("person", names[2:]) if names[0] == "people" and len(names) > 2 else ("household", names)
        row = next((e for e, at in LISTS.items() if at == leaf[0]), None)
        if row is not None and len(leaf) > 2:
            return self.questions.get((row, ".".join(leaf[2:])))
        return self.questions.get((entity, ".".join(leaf)))

    def row(self, key: str) -> str:
        """The row that the question of an id is about, such as ``people.ana.income.wages``; empty where it is about none."""
        question = self.question(key)
        return key.removesuffix(f".{question.leaf}") if question is not None and question.entity in LISTS else ""

    def of(self, entity: str) -> Iterator[Question]:
        """The questions of an entity's rows, in the order written."""
        return (q for (e, _), q in self.questions.items() if e == entity)


def read_script(root: Node, catalogue: Catalogue) -> Script:
    """The file's root → the script. Raises :class:`RuleError` with every fault found."""
    return _ScriptReader(catalogue).script(root)


class _ScriptReader(Reader):
    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__("common/interview", {})
        self.catalogue = catalogue
        self.special: dict[str, Question] = {}

    def script(self, root: Node) -> Script:
        parts = self.mapping(
            root,
            ("screens", "renewal", "questions", "safety", "spared", "required", "outside"),
            "the interview",
            ("screens", "renewal", "safety", "spared"),
        )
        for name, node in self.items(parts.get("questions")):
            with self.gather():
                self.special[name] = self.question(name, node)
        renewal = safety = spared = None
        with self.gather():
            renewal = self.renewal(parts["renewal"])
        screens: list[ScreenPlan] = []
        for name, node in self.items(parts["screens"]):
            with self.gather():
                screens.append(self.screen(name, node, renewal))
        with self.gather():
            safety, spared = self.duty("safety", parts["safety"]), self.duty("spared", parts["spared"])
        required = {
            program: tuple(self.duty(name, part) for name, part in self.items(node))
            for program, node in self.items(parts.get("required"))
        }
        outside = {name: self.wording(node) for name, node in self.items(parts.get("outside"))}
        if self.problems or safety is None or spared is None or renewal is None:
            raise RuleError(self.problems)
        asked = {(q.entity, q.leaf): q for screen in screens for q in screen.ask}
        questions = {**asked, **{(q.entity, q.leaf): q for q in self.special.values()}}
        opened = frozenset(
            fact.name
            for screen in screens
            if screen.checklist
            for q in screen.ask
            if (fact := self.catalogue.facts[q.entity, q.name.partition(".")[2]]).kind == "closed"
        )
        return Script(tuple(screens), questions, renewal, safety, spared, required, outside, opened)

    def renewal(self, node: Node) -> Renewal:
        parts = self.mapping(node, ("title", "why", "ask", "topics"), "the renewal", ("title", "why", "ask", "topics"))
        topics = {name: self.wording(part) for name, part in self.items(parts["topics"])}
        return Renewal(self.wording(parts["title"]), self.wording(parts["why"]), self.wording(parts["ask"]), topics)

    def screen(self, name: str, node: Node, renewal: Renewal | None) -> ScreenPlan:
        known = ("opens", "several", "each", "checklist", "renew", "title", "why", "counts", "ask")
        parts = self.mapping(node, known, "a screen", ("title", "why", "renew", "ask"))
        each = self.text(parts["each"]) if "each" in parts else ""
        if each and each not in ENTITIES:
            raise fail("each", parts["each"], "there is no such entity", "write person, or the entity of a row")
        renew = self.text(parts["renew"])
        topics = renewal.topics if renewal is not None else {}
        if renew not in ("always", *topics):
            raise fail(
                "renew", parts["renew"], "a screen is asked again always, or with a topic", "one of always, " + ", ".join(topics)
            )
        return ScreenPlan(
            name,
            "opens" in parts and self.flag(parts["opens"]),
            "several" in parts and self.flag(parts["several"]),
            each,
            "checklist" in parts and self.flag(parts["checklist"]),
            renew,
            self.wording(parts["title"]),
            self.wording(parts["why"]),
            self.wording(parts["counts"]) if "counts" in parts else None,
            tuple(self.asked(n) for n in self.sequence(parts["ask"])),
        )

    def asked(self, node: Node) -> Question:
        name = self.text(node)
        if name in self.special:
            return self.special[name]
        fact = self.catalogue.facts.get(self.key(name))
        if fact is None or not fact.at:
            raise fail(
                "question",
                node,
                f"there is no question `{name}`",
                "name a fact of the catalogue that is told, or add it under `questions`",
            )
        return self.of_fact(name, fact)

    def question(self, name: str, node: Node) -> Question:
        parts = self.mapping(
            node, ("at", "input", "optional", "beside", "only", "reads", "when", "ask", "note"), "a question", ("at", "input")
        )
        fact = self.catalogue.facts.get(self.key(name))
        how = self.text(parts["input"])
        if how not in INPUTS:
            raise fail("input", parts["input"], "there is no such input", "one of " + ", ".join(INPUTS))
        if "ask" not in parts and fact is None:
            raise fail("question", node, "this question has no words", "add `ask`")
        reads = frozenset(self.key(self.text(n)) for n in self.sequence(parts["reads"])) if "reads" in parts else frozenset()
        for key in reads:
            if key not in self.catalogue.facts:
                raise fail("reads", parts["reads"], f"there is no fact `{'.'.join(key)}`", "name facts of the catalogue")
        entity, _ = self.key(name)
        leaf = self.text(parts["at"])
        options: tuple[str, ...] = ()
        words = ""
        if how in ("kinds", "help", "choice"):
            kind = next(((e, ENTITIES[e].type_) for e, at in LISTS.items() if at == leaf), self.key(name))
            options, words = self.offered(self.catalogue.facts[kind]), ".".join(kind)
        return Question(
            name, entity, leaf, how,  # type: ignore[arg-type]
            ask=self.wording(parts["ask"]) if "ask" in parts else _words(fact),
            note=self.wording(parts["note"]) if "note" in parts else _note(fact),
            options=options,
            span=(fact.lo, fact.hi) if fact is not None and fact.unit == "years" else None,
            optional="optional" in parts and self.flag(parts["optional"]),
            beside="beside" in parts and self.flag(parts["beside"]),
            gate=self.only(parts["only"]) if "only" in parts else self.gate(fact) if fact is not None else None,
            reads=reads | ({(fact.entity, fact.name)} if fact is not None else frozenset()),
            when=tuple(self.text(n) for n in self.sequence(parts["when"])) if "when" in parts else (),
            words=words,
        )  # fmt: skip

    def of_fact(self, name: str, fact: FactDef) -> Question:
        usual: bool | str | None = None
        if fact.usual is not None:
            usual = fact.options[fact.usual] if fact.options else bool(fact.usual)
        return Question(
            name, fact.entity, fact.at, _BY_UNIT.get(fact.unit, "whole"), _words(fact), _note(fact), self.offered(fact),
            span=(fact.lo, fact.hi) if fact.unit in ("count", "years", "months") else None,
            optional=fact.kind == "closed",
            gate=self.gate(fact),
            usual=usual,
            reads=frozenset({(fact.entity, fact.name)}),
            words="every" if fact.name.endswith("every") else f"{fact.entity}.{fact.name}" if fact.options else "",
        )  # fmt: skip

    def only(self, node: Node) -> tuple[str, frozenset[bool | str]]:
        [(leaf, values), *more] = self.items(node)
        if more:
            raise fail("only", node, "one leaf of the row stands here", "write `only: {every: once}`")
        return leaf, frozenset(self.text(n) for n in self.sequence(values))

    def offered(self, fact: FactDef) -> tuple[str, ...]:
        return tuple(o for o in fact.options if o not in _NEVER_OFFERED.get(f"{fact.entity}.{fact.name}", ()))

    def gate(self, fact: FactDef) -> tuple[str, frozenset[bool | str]] | None:
        """The leaf on which a fact hangs, and its values there; none where that is derived."""
        if fact.gate is None:
            return None
        held = self.catalogue.facts[fact.entity, fact.gate.fact]
        if held.name == "in_child_care":  # which the hours themselves tell
            return None if fact.at == "child_care.hours_per_week" else ("child_care.hours_per_week", frozenset({ABOVE_0}))
        leaf = held.at or {"citizenship_status": "citizenship.status"}.get(held.name, "")
        values = frozenset(held.options[c] if held.options else bool(c) for c in fact.gate.codes)
        return (leaf, values) if leaf else None

    def duty(self, name: str, node: Node) -> Duty:
        parts = self.mapping(node, ("say", "cite"), "a duty", ("say", "cite"))
        return Duty(name, self.wording(parts["say"]), self.cited(parts["cite"], self.citations(parts["cite"])))

    @staticmethod
    def key(name: str) -> tuple[str, str]:
        entity, _, fact = name.partition(".")
        return entity, fact


def _words(fact: FactDef | None) -> Wording:
    assert fact is not None
    return Wording(fact.ask.en, fact.ask.es, 0)


def _note(fact: FactDef | None) -> Wording | None:
    return Wording(fact.note.en, fact.note.es, 0) if fact is not None and fact.note is not None else None
