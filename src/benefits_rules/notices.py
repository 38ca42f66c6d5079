"""notices: a determination → what an adequate notice of it must say, and the notice itself once the agency has filled it in.

Which notice follows from the status: eligible, a notice of eligibility; ineligible, of denial; undetermined, of pending status
(7 CFR 273.10(g)(1)). A notice of adverse action (273.13(a)) is made on request, since the household's benefits before are the
agency's to know. The words stand in ``rules/common/notices.yaml``, each sentence with the law that asks for it; a program that
has none there has no notice.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from benefits_rules.agency import Agency, Both
from benefits_rules.calendar_words import day_in_words, month_in_words
from benefits_rules.determine import Determination
from benefits_rules.errors import RequestError
from benefits_rules.explain import awaiting, dollars
from benefits_rules.questions import question
from benefits_rules.syntax import BRACES, Wording
from benefits_rules.wordings import KINDS, Notices, Sentence

LANGS = ("en", "es")
#: Which notice a status brings.
FOLLOWS = {"eligible": "eligibility", "ineligible": "denial", "undetermined": "pending"}
#: Days from filing until an application that waits for the household is denied (7 CFR 273.10(g)(1)(iii)).
PENDING_DAYS = 60
#: Days of advance notice, at the least, before an adverse action (7 CFR 273.13(a)(1)).
ADVANCE_DAYS = 10

_Both = dict[str, str]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice with nothing left open. ``sentences`` are plain data: code, text, items under it, citations."""

    program: str
    kind: str
    title: _Both
    sentences: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, in the shape that stands in a determination's ``notices``; ``open`` is empty."""
        return {"kind": self.kind, "title": self.title, "sentences": list(self.sentences), "open": []}

    def to_text(self, lang: str = "en") -> str:
        """Plain text in ``en`` or ``es``; :class:`RequestError` for any other language, here and below."""
        from benefits_rules import render

        return render.as_text([render.notice_page(self, lang)])

    def to_markdown(self, lang: str = "en") -> str:
        """Markdown."""
        from benefits_rules import render

        return render.as_markdown([render.notice_page(self, lang)])

    def to_html(self, lang: str = "en") -> str:
        """A whole page of the web in one file, without script."""
        from benefits_rules import render

        return render.document([render.notice_page(self, lang)])

    def _repr_html_(self) -> str:
        from benefits_rules import render

        return render.fragment([render.notice_page(self, "en")])


def notice(determination: Determination, agency: Agency | Mapping[str, Any], kind: str | None = None) -> Notice:
    """The notice that follows from a determination (or of the ``kind`` asked for), with what the agency knows filled in.

    Raises :class:`RequestError` where a slot is open, naming all that are; where there is no such notice of this program or
    status; and where dates or amounts break the notice's law (an adverse action within ten days, one that lowers nothing).
    """
    agency = agency if isinstance(agency, Agency) else Agency.model_validate(agency)
    kind = kind or FOLLOWS.get(determination.status, "")
    notices = _notices(determination)
    if kind not in KINDS:
        raise RequestError(f"there is no such notice; known are {', '.join(KINDS)}")
    if (determination.program, kind) not in notices.words:
        raise RequestError(f"there are no words for a notice of this kind ({kind}) of {determination.program}")
    certain = determination.status in ("eligible", "ineligible")
    if kind != FOLLOWS.get(determination.status) and not (kind == "adverse_action" and certain):
        raise RequestError(f"this determination brings no notice of this kind ({kind})")
    data = _Making(determination, _plain(determination), notices, agency).make(kind)
    if data["open"]:
        raise RequestError(f"this notice needs of the agency: {', '.join(data['open'])}")
    _lawful(determination, agency, kind)
    return Notice(determination.program, kind, data["title"], tuple(data["sentences"]))


def drafts(found: Determination, data: dict[str, Any]) -> list[dict[str, Any]]:
    """What an adequate notice of a determination must say, as plain data; what only the agency knows stands under ``open``."""
    notices, kind = _notices(found), FOLLOWS.get(found.status, "")
    return [_Making(found, data, notices, None).make(kind)] if (found.program, kind) in notices.words else []


def _notices(found: Determination) -> Notices:
    return found.rules.notices if found.rules is not None else Notices()


def _plain(found: Determination) -> dict[str, Any]:
    from benefits_rules.explain import determination_dict

    return determination_dict(found)


def _lawful(found: Determination, agency: Agency, kind: str) -> None:
    """What the law asks of the agency's own dates and amounts. Raises :class:`RequestError`."""
    faults = []
    if agency.certified_from and agency.certified_to and agency.certified_to < agency.certified_from:
        faults.append("agency.certified_to: this day lies before agency.certified_from")
    if kind == "adverse_action":
        faults += _adverse(found, agency)
    if faults:
        raise RequestError("\n".join(faults))


def _adverse(found: Determination, agency: Agency) -> Iterator[str]:
    mailed, effective, before = agency.mailed_on, agency.effective_on, agency.current_amount
    if mailed is None or effective is None or (effective - mailed).days < ADVANCE_DAYS:
        yield f"agency.effective_on: at least {ADVANCE_DAYS} days must lie after agency.mailed_on (7 CFR 273.13(a)(1))"
    if found.status == "eligible" and (before is None or not isinstance(found.amount, int) or before * 1_000_000 <= found.amount):
        yield "agency.current_amount: the benefit does not go down, so there is no adverse action to tell of"


class _Making:
    """One notice in the making: what is known, what there is none of, and what is still open."""

    def __init__(self, found: Determination, data: dict[str, Any], notices: Notices, agency: Agency | None) -> None:
        self.found, self.data, self.notices, self.agency = found, data, notices, agency
        self.open: dict[str, None] = {}
        self.known: dict[str, _Both | None] = dict(self._told())

    def make(self, kind: str) -> dict[str, Any]:
        words = self.notices.words[self.found.program, kind]
        title = self._filled(words.title)
        sentences = [s for s in map(self._sentence, words.sentences) if s is not None]
        return {"kind": kind, "title": title, "sentences": sentences, "open": list(self.open)}

    def _sentence(self, sentence: Sentence) -> dict[str, Any] | None:
        """A sentence as plain data; None where it is not for this status, or there is none of what it tells."""
        items = list(self._items(sentence.list)) if sentence.list else []
        if (sentence.when and sentence.when != self.found.status) or (sentence.list and not items):
            return None
        names = dict.fromkeys(BRACES.findall(sentence.say.en))
        if any(self._value(name) is None for name in names):
            return None
        citations = [{"law": c.law, "url": c.url} for c in sentence.citations]
        return {"code": sentence.code, "text": self._filled(sentence.say), "items": items, "citations": citations}

    def _filled(self, wording: Wording) -> _Both:
        def fill(lang: str) -> str:
            return BRACES.sub(lambda m: (self._value(m[1]) or {})[lang], getattr(wording, lang))

        return {lang: fill(lang) for lang in LANGS}

    def _value(self, name: str) -> _Both | None:
        """What stands in for a brace; None where there is none of it; an open slot shows its label in brackets."""
        if name not in self.known:
            self.known[name] = self._of_agency(name)
        return self.known[name]

    def _of_agency(self, name: str) -> _Both | None:
        if name == "denied_after":
            return self._denied_after()
        slot = self.notices.slots.get(name)
        told = name in self.agency.model_fields_set if self.agency is not None else False
        value = getattr(self.agency, name) if told else None
        if slot is None or (value is None and told and slot.may_be_none):
            return None
        if value is None:
            self.open[name] = None
            return {lang: f"[{getattr(slot.label, lang)}]" for lang in LANGS}
        return {lang: _shown(value, lang) for lang in LANGS}

    def _denied_after(self) -> _Both:
        day = self._filed_on()
        if day is None:
            self._value("filed_on")  # which opens it
            label = self.notices.slots["filed_on"].label
            return {"en": f"[{PENDING_DAYS} days after: {label.en}]", "es": f"[{PENDING_DAYS} días después: {label.es}]"}
        return _both_days(day + datetime.timedelta(days=PENDING_DAYS))

    def _filed_on(self) -> datetime.date | None:
        """The day of the application, as the household told it where the rules read it; else as the agency has it."""
        reading = self.found.reading
        column = reading.facts.rows["household"].columns.get("applied_on", []) if reading is not None else []
        told = column[0] if column else None
        if isinstance(told, int):
            return datetime.date.fromordinal(told)
        return self.agency.filed_on if self.agency is not None else None

    def _told(self) -> Iterator[tuple[str, _Both | None]]:
        """What the determination itself tells. What is left out here, the agency may tell."""
        found, data = self.found, self.data
        yield "program", self._program()
        yield "month", {lang: month_in_words(found.month, lang) for lang in LANGS}
        yield "people", _same(", ".join(found.people))
        yield "amount", _same(dollars(data["amount"]["value"])) if data["amount"] is not None else None
        first = data["amount_first_month"]
        if first is not None:  # the first month is told where it differs (7 CFR 273.10(g)(1)(i)(A))
            yield "first_amount", None if first == data["amount"] else _same(dollars(first["value"]))
        filed = self._filed_on()
        if filed is not None:
            yield "filed_on", _both_days(filed)

    def _program(self) -> _Both:
        reading, rules = self.found.reading, self.found.rules
        name = reading.plan.module.name if reading is not None else None
        name = name or (rules.words.get(self.found.program) if rules is not None else None)
        return {"en": name.en, "es": name.es} if name is not None else _same(self.found.program)

    def _items(self, name: str) -> Iterator[dict[str, Any]]:
        """What is named under a sentence: text in both languages, and citations where there are."""
        catalogue = self.found.rules.catalogue if self.found.rules is not None else None
        if name == "needs" and catalogue is not None:
            for path in self.found.needs:
                yield {"text": {lang: question(catalogue, path, lang) for lang in LANGS}, "citations": []}
        elif name == "awaiting":
            for w in awaiting(self.found):
                yield {"text": {"en": w.en, "es": w.es}, "citations": []}
        elif name in ("unmet", "steps", "changes"):
            for part in self.data["reasons" if name == "unmet" else name]:
                if name != "unmet" or part["code"].endswith(".fail"):
                    yield {"text": part["text"], "citations": part["citations"]}


def _same(text: str) -> _Both:
    return {"en": text, "es": text}


def _both_days(day: datetime.date) -> _Both:
    return {lang: day_in_words(day, lang) for lang in LANGS}


def _shown(value: str | Both | datetime.date | Decimal, lang: str) -> str:
    if isinstance(value, Both):
        return str(getattr(value, lang))
    if isinstance(value, datetime.date):
        return day_in_words(value, lang)
    return dollars(f"{value:.2f}") if isinstance(value, Decimal) else value
