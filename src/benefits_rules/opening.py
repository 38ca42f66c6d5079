"""opening: how a conversation in a terminal begins: the words of safety, the state, or an interview that was saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benefits_rules.converse import converse
from benefits_rules.desk import Desk, Quit
from benefits_rules.errors import RequestError
from benefits_rules.interview import Interview
from benefits_rules.leaves import STATES
from benefits_rules.resolve import Rules
from benefits_rules.shelf import take
from benefits_rules.typed import Mistyped


def begin(
    desk: Desk, rules: Rules, state: str | None, programs: Sequence[str] | None, month: str | None, resume: str | None
) -> int:
    """Say the words of safety, ask for the state where nobody named it, and hold the interview; returns the exit status.

    ``resume`` is the path of a saved interview. Raises :class:`RequestError` for a state, program, month or file that does not
    exist, :class:`SessionError` for a file that is no interview.
    """
    if resume is not None and (state or programs or month):
        raise RequestError("a saved interview has its own state, programs and month: give --resume alone")
    if resume is not None:
        talk = Interview.from_json(take(resume), rules=rules)
    else:  # where the state is asked, any will do to find a fault of the other arguments first
        talk = Interview("GA" if state is None else state.upper(), programs, month=month, rules=rules)
    desk.obey = _early
    try:
        comfort(desk, rules)
        if resume is None and state is None:
            desk.tell("state")
            talk = Interview(desk.read(_state, desk.word("hint_state")), programs, month=month, rules=rules)
    except Quit:
        return 0
    except (EOFError, KeyboardInterrupt):
        desk.say()
        desk.tell("ended_kept")
        return 1
    return converse(desk, talk, None if resume is None else Path(resume))


def comfort(desk: Desk, rules: Rules) -> None:
    """The words of safety, until Enter is pressed. What is typed is not read, and in a terminal the words are gone afterwards."""
    apart = desk.console.set_alt_screen(True)
    try:
        desk.say(rules.script.safety.say.es if desk.lang == "es" else rules.script.safety.say.en)
        desk.tell("skip")
        desk.line()
    finally:
        if apart:
            desk.console.set_alt_screen(False)


def _early(word: str, _rest: str) -> None:
    """What steers before there is a conversation: only to leave it."""
    if word == "quit":
        raise Quit


def _state(text: str) -> str:
    if text.upper() not in STATES:
        raise Mistyped("bad_state")
    return text.upper()
