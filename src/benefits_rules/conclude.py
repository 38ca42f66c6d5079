"""conclude: what an interview has found, said at a desk: how things stand midway, and all of it at the end."""

from __future__ import annotations

from benefits_rules import render
from benefits_rules.calendar_words import month_in_words
from benefits_rules.desk import Desk
from benefits_rules.explain import STATUS, dollars
from benefits_rules.interview import Interview
from benefits_rules.outlook import Outlook
from benefits_rules.render.terminal import show
from benefits_rules.render.words import WORDS
from benefits_rules.syntax import Wording
from benefits_rules.values import Interval, decimal_text


def standing(desk: Desk, talk: Interview) -> None:
    """What is decided of each result so far, and bounds on the rest."""
    if not talk.outlooks:
        desk.tell("no_results")
    for found in talk.outlooks:
        people, month = ", ".join(found.people), month_in_words(found.month, desk.lang)
        answer = " ".join(filter(None, (_answer(desk, found), desk.word("decided" if found.decided else "undecided"))))
        desk.tell("result", program=program(desk, talk, found.program), month=month, people=people, answer=answer)


def conclude(desk: Desk, talk: Interview) -> None:
    """The determinations, and why no more was asked: what cannot matter, what the law asks all the same, what we do not know."""
    desk.say()
    desk.tell("end")
    show([render.page(found, desk.lang) for found in talk.results().screening], desk.console)
    certificate = talk.certificate()
    desk.tell("spared", count=len(certificate.irrelevant))
    if certificate.not_told:
        desk.tell("not_told", count=len(certificate.not_told))
    if certificate.required:
        desk.tell("required", count=len(certificate.required))
    for name, duty in certificate.required:
        laws = "; ".join(c.law for c in duty.citations)
        desk.say(f"{program(desk, talk, name)}: {_in(duty.say, desk)} [{laws}]", indent=2)
    desk.tell("outside", count=len(certificate.outside))
    for wording in certificate.outside.values():
        desk.say(_in(wording, desk), indent=2)


def program(desk: Desk, talk: Interview, name: str) -> str:
    """What a program is called."""
    found = talk.rules.options.get(("program", name))
    return name if found is None else _in(found, desk)


def _answer(desk: Desk, found: Outlook) -> str:
    said = _in(STATUS[found.status], desk)
    if found.amount is None or found.status in ("ineligible", "not_available"):
        return said
    words = WORDS[desk.lang]
    lo, hi = (found.amount.lo, found.amount.hi) if isinstance(found.amount, Interval) else (found.amount, found.amount)
    assert isinstance(lo, int) and isinstance(hi, int)
    least, most = dollars(decimal_text(lo if found.status == "eligible" else 0)), dollars(decimal_text(hi))
    amount = words["a_month"].format(amount=most) if least == most else words["may"].format(min=least, max=most)
    return f"{said} {amount[0].upper()}{amount[1:]}."


def _in(wording: Wording, desk: Desk) -> str:
    return wording.es if desk.lang == "es" else wording.en
