"""A determination, or a notice, in one language → a :class:`Page`: the words in their order, before any layout.

The answer and the amounts come first; then what is still needed and what the family may do; then each rule and each step with
its law; then what was assumed and could change it, what to be careful with, what to bring, and what the agency's letter must say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benefits_rules.calendar_words import month_in_words
from benefits_rules.determine import Determination
from benefits_rules.errors import RequestError
from benefits_rules.explain import STATUS, awaiting, dollars
from benefits_rules.outlook import telling
from benefits_rules.questions import assumed, question
from benefits_rules.render.words import WORDS
from benefits_rules.syntax import Citation, Wording

if TYPE_CHECKING:
    from benefits_rules.notices import Notice


@dataclass(frozen=True, slots=True)
class Law:
    """A citation as shown: its words (in English, as laws are named) and where it can be read; ``url`` may be empty."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said: its laws, the household's path that it asks for, and what stands under it."""

    text: str
    laws: tuple[Law, ...] = ()
    path: str = ""
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines. ``columns`` (heads of the text and of the law) and ``caption`` make a table of it."""

    kind: str
    heading: str
    lines: tuple[Line, ...]
    intro: str = ""
    caption: str = ""
    columns: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Page:
    """One determination or notice in one language. ``amounts`` are (when, how much)."""

    lang: str
    title: str
    answer: str
    about: tuple[str, str, str] = ("", "", "")
    amounts: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    close: str = ""


def language(lang: str) -> str:
    """``en`` or ``es``. Raises :class:`RequestError` for any other."""
    if lang not in WORDS:
        raise RequestError(f"there is no such language; known are {', '.join(WORDS)}")
    return lang


def page(found: Determination, lang: str) -> Page:
    """The words of a determination in one language (``en`` or ``es``; else :class:`RequestError`)."""
    words, data = WORDS[language(lang)], found.to_dict()
    program, month, people = _program(found, lang), month_in_words(found.month, lang), ", ".join(found.people)
    return Page(
        lang,
        words["of"].format(program=program, month=month, people=people),
        _answer(found, data, lang),
        (program, month, people),
        tuple(_amounts(found, data, lang)),
        tuple(s for s in _sections(found, data, lang) if s.lines),
        words["close"].format(law="".join(f" ({law.law})" for law in _filing(found))),
    )


def _filing(found: Determination) -> tuple[Citation, ...]:
    result = found.reading.plan.result if found.reading is not None else None
    return result.filing if result is not None else ()


def notice_page(notice: Notice, lang: str) -> Page:
    """The words of a notice in one language."""
    return Page(language(lang), notice.title[lang], "", sections=(_notice(notice.to_dict(), "", lang),))


def _program(found: Determination, lang: str) -> str:
    module = found.reading.plan.module if found.reading is not None else None
    own = module is not None and module.program == found.program  # CHIP's rules stand on Medicaid's page
    name = (module.name if module is not None and own else None) or _named(found, found.program)
    return _in(name, lang) if name is not None else found.program


def _named(found: Determination, name: str) -> Wording | None:
    return found.rules.words.get(name) if found.rules is not None else None


def _answer(found: Determination, data: dict[str, Any], lang: str) -> str:
    not_covered = found.status == "not_available" and found.reading is not None
    answer = _in(STATUS["not_covered" if not_covered else found.status], lang)
    amount = _amount(data, lang)
    answer = " ".join((answer, *_kinds(found, data, lang)))
    if amount and found.status == "eligible":
        return f"{amount} · {answer}"
    return f"{answer} {amount[0].upper()}{amount[1:]}." if amount else answer


def _kinds(found: Determination, data: dict[str, Any], lang: str) -> Iterator[str]:
    """By which group, what is covered, and who pays: what a yes alone would blur."""
    labels = found.rules.options if found.rules is not None else {}
    for kind in ("category", "coverage", "funding"):
        label = labels.get((f"result.{kind}", data[kind] or ""))
        if label is not None and data["coverage"] is not None:
            yield WORDS[lang][kind].format(_in(label, lang))


def _amount(data: dict[str, Any], lang: str) -> str:
    """The amount a month, or between what it lies; nothing where there is none."""
    words, bounds = WORDS[lang], data["amount_bounds"]
    if data["amount"] is not None:
        return words["a_month"].format(amount=dollars(data["amount"]["value"]))
    return words["may"].format(min=dollars(bounds["min"]), max=dollars(bounds["max"])) if bounds is not None else ""


def _amounts(found: Determination, data: dict[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    words, first = WORDS[lang], data["amount_first_month"]
    if first is not None:
        yield words["first_month"].format(month=month_in_words(found.month, lang)), dollars(first["value"])
    if _amount(data, lang):
        yield words["ongoing"], _amount(data, lang)
    for extra in data["supplements"]:
        amount = extra["amount"]
        if amount is not None:
            shown = dollars(amount["value"] if isinstance(amount, dict) else amount)
            yield words["state_money"] if extra["funding"] == "state" else extra["text"][lang], shown


def _sections(found: Determination, data: dict[str, Any], lang: str) -> Iterator[Section]:
    words, catalogue = WORDS[lang], found.rules.catalogue if found.rules is not None else None

    def plainly(kind: str, lines: Iterable[Line]) -> Section:
        return Section(kind, words[kind], tuple(lines))

    if catalogue is not None:
        yield plainly("needs", (Line(question(catalogue, path, lang), path=path) for path in found.needs))
    yield plainly("supplements", (_line(x, lang) for x in data["supplements"]))
    yield plainly("notes", (_line(x, lang) for x in data["notes"]))
    yield plainly("changes", (_line(x, lang) for x in data["changes"]))
    for kind in ("reasons", "steps"):
        heads = (words[f"{kind}_column"], words["law"])
        yield Section(kind, words[kind], tuple(_line(x, lang) for x in data[kind]), "", words[f"{kind}_caption"], heads)
    if catalogue is not None:
        yield plainly("assumed", (Line(assumed(catalogue, a, lang)) for a in telling(found)))
    yield plainly("cautions", (Line(c["text"][lang]) for c in data["cautions"]))
    if found.status != "not_available":
        yield plainly("bring", (Line(_in(w, lang)) for w in awaiting(found)))
    for notice in data["notices"]:
        yield _notice(notice, words["notice"], lang)


def _notice(data: dict[str, Any], heading: str, lang: str) -> Section:
    lines = tuple(
        Line(s["text"][lang], _laws(s["citations"]), under=tuple(i["text"][lang] for i in s["items"])) for s in data["sentences"]
    )
    title = data["title"][lang]
    return Section("notice", heading.format(title=title) or title, lines, WORDS[lang]["open"] if data["open"] else "")


def _line(part: dict[str, Any], lang: str) -> Line:
    return Line(part["text"][lang], _laws(part["citations"]))


def _laws(citations: list[dict[str, str]]) -> tuple[Law, ...]:
    return tuple(Law(c["law"], c["url"]) for c in citations)


def _in(wording: Wording, lang: str) -> str:
    return wording.es if lang == "es" else wording.en
