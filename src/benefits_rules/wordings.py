"""wordings: ``words.yaml``, ``options.yaml`` and ``notices.yaml`` of ``rules/common/`` → what is said, as data.

    words.yaml      NAME: {en, es}                        what a rule or a program is called
    options.yaml    LIST: {OPTION: {en, es}}              what a family reads for an option of a choice
    notices.yaml    slots:    SLOT: {en, es, may_be_none}   what only the agency knows, and how an open slot is shown
                    notices:  PROGRAM: KIND: {title, sentences: SENTENCE: {say: {en, es}, cite, when, list}}

``{…}`` in a title or sentence is a slot, or what the determination itself tells (:data:`TOLD`). ``when`` limits a sentence to a
status, ``list`` (:data:`LISTS`) puts what the determination names under it. Faults name file, line, column and the mend.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches

from benefits_rules.agency import Agency
from benefits_rules.errors import RuleError
from benefits_rules.parse import Reader
from benefits_rules.source import Mapping, Node, fail
from benefits_rules.syntax import BRACES, Citation, Wording

#: What a determination itself can tell a notice.
TOLD = ("program", "month", "people", "amount", "first_amount", "filed_on", "denied_after")
#: What every determination tells, and a title may name.
ALWAYS = ("program", "month", "people")
LISTS = ("unmet", "steps", "needs", "awaiting", "changes")
KINDS = ("eligibility", "denial", "pending", "adverse_action")
STATUSES = ("eligible", "ineligible", "undetermined")


@dataclass(frozen=True, slots=True)
class Slot:
    """What only the agency knows. Where ``may_be_none``, the law asks for it only if there is one."""

    name: str
    label: Wording
    may_be_none: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a notice, with the law that asks for it."""

    code: str
    say: Wording
    citations: tuple[Citation, ...]
    when: str
    list: str


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """The wording of one kind of notice of one program."""

    title: Wording
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Notices:
    """All wordings of notices, by (program, kind), and the slots that they name."""

    slots: dict[str, Slot] = field(default_factory=dict)
    words: dict[tuple[str, str], NoticeWords] = field(default_factory=dict)


def read_words(root: Node) -> dict[str, Wording]:
    """What rules and programs are called. Raises :class:`RuleError`."""
    reader = Reader("common/words", {})
    found = {}
    for name, node in reader.items(root):
        with reader.gather():
            found[name] = reader.wording(node)
    _sound(reader)
    return found


def read_options(root: Node) -> dict[tuple[str, str], Wording]:
    """What a family reads for each option, by list and option. Raises :class:`RuleError`."""
    reader = Reader("common/options", {})
    found = {}
    for name, options in reader.items(root):
        for option, node in reader.items(options):
            with reader.gather():
                found[name, option] = reader.wording(node)
    _sound(reader)
    return found


def read_notices(root: Node) -> Notices:
    """The wording of notices. Raises :class:`RuleError` with every fault found."""
    reader = Reader("common/notices", {})
    page = reader.mapping(root, ("slots", "notices"), "the file of notices", ("slots", "notices"))
    slots: dict[str, Slot] = {}
    for name, node in reader.items(page["slots"]):
        with reader.gather():
            slots[name] = _slot(reader, name, node)
    words: dict[tuple[str, str], NoticeWords] = {}
    for program, kinds in reader.items(page["notices"]):
        for kind, node in reader.items(kinds):
            with reader.gather():
                if kind not in KINDS:
                    raise fail("notice", node, f"there is no kind of notice `{kind}`", f"one of {', '.join(KINDS)}")
                words[program, kind] = _words(reader, node, {*slots, *TOLD})
    _sound(reader)
    return Notices(slots, words)


def _sound(reader: Reader) -> None:
    if reader.problems:
        raise RuleError(reader.problems)


def _slot(reader: Reader, name: str, node: Node) -> Slot:
    if name not in Agency.model_fields:
        close = get_close_matches(name, Agency.model_fields, 1)
        known = ", ".join(Agency.model_fields)
        raise fail("slot", node, f"an agency has no `{name}`", f"did you mean `{close[0]}`?" if close else f"one of {known}")
    parts = reader.mapping(node, ("en", "es", "may_be_none"), "a slot", ("en", "es"))
    label = Wording(reader.text(parts["en"]), reader.text(parts["es"]), node.start)
    return Slot(name, label, "may_be_none" in parts and reader.flag(parts["may_be_none"]))


def _words(reader: Reader, node: Node, names: set[str]) -> NoticeWords:
    parts = reader.mapping(node, ("title", "sentences"), "a notice", ("title", "sentences"))
    sentences = []
    for code, part in reader.items(parts["sentences"]):
        with reader.gather():
            sentences.append(_sentence(reader, code, part, names))
    return NoticeWords(_say(reader, parts["title"], set(ALWAYS)), tuple(sentences))


def _sentence(reader: Reader, code: str, node: Node, names: set[str]) -> Sentence:
    parts = reader.mapping(node, ("say", "cite", "when", "list"), "a sentence", ("say", "cite"))
    when = reader.text(parts["when"]) if "when" in parts else ""
    items = reader.text(parts["list"]) if "list" in parts else ""
    if when and when not in STATUSES:
        raise fail("when", parts["when"], f"there is no status `{when}`", f"one of {', '.join(STATUSES)}")
    if items and items not in LISTS:
        raise fail("list", parts["list"], f"there is no list `{items}`", f"one of {', '.join(LISTS)}")
    citations = reader.cited(parts["cite"], reader.citations(parts["cite"]))
    return Sentence(code, _say(reader, parts["say"], names), citations, when, items)


def _say(reader: Reader, node: Node, names: set[str]) -> Wording:
    """A wording whose braces are all known, and the same in both languages."""
    said = reader.wording(node)
    assert isinstance(node, Mapping)
    used = {lang: set(BRACES.findall(getattr(said, lang))) for lang in ("en", "es")}
    for lang in ("en", "es"):
        for name in sorted(used[lang] - names):
            close = get_close_matches(name, names, 1)
            mend = f"did you mean `{close[0]}`?" if close else f"one of {', '.join(sorted(names))}"
            raise fail("slot", node.entries[lang][1], f"there is no slot `{name}`", mend)
    if used["en"] != used["es"]:
        raise fail("slot", node, "the two languages do not name the same slots", "name the same slots in both")
    return said
