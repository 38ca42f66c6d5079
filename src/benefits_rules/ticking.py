"""ticking: a checklist, put to somebody at a desk → what of it is not as usual. Who ticks nothing has answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benefits_rules import typed
from benefits_rules.answering import Answering, some
from benefits_rules.asking import Asked, Screen
from benefits_rules.desk import Desk


def tick(desk: Desk, shown: Screen, before: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are not as usual; ``before`` are earlier ones, by question, which an empty line keeps.

    Each question stands in the list once, and who it is true of is asked where it could be several.
    """
    lines: dict[str, list[Asked]] = {}
    for asked in shown.asked:
        lines.setdefault(asked.question.name, []).append(asked)
    entries = list(lines.values())
    ticked = {a.id: v for a in shown.asked if (v := before.get(a.id)) is not None and v != a.question.usual}
    desk.say()
    desk.offer([_text(desk, shown, entry) for entry in entries])
    hints = [desk.word("hint_tick")]
    if ticked:
        kept = (f"{i}{_sign(entry, ticked)}" for i, entry in enumerate(entries, 1) if any(a.id in ticked for a in entry))
        hints += [desk.word("keep", text=", ".join(kept)), desk.word("leave_kept")]
    found = desk.known(lambda text: typed.marks(text, len(entries)) if text else None, *hints)
    if isinstance(found, str):
        return {a.id: found for a in shown.asked}
    if found is None:
        return ticked
    answers: dict[str, Any] = {}
    for place, sure in found:
        for asked in _of_whom(desk, shown, entries[place]):
            answers[asked.id] = _not_usual(desk, shown, asked, before.get(asked.id)) if sure else "unknown"
    return answers


def _text(desk: Desk, shown: Screen, entry: list[Asked]) -> str:
    """A line of the list; of more than one person it speaks as of someone."""
    wording = entry[0].question.ask
    if len(entry) == 1:
        return shown.text(wording, desk.lang, entry[0])
    return (wording.es if desk.lang == "es" else wording.en).replace("{person}", desk.word("somebody"))


def _sign(entry: list[Asked], ticked: Mapping[str, Any]) -> str:
    return "?" if any(ticked.get(a.id) == "unknown" for a in entry) else ""


def _of_whom(desk: Desk, shown: Screen, entry: list[Asked]) -> list[Asked]:
    if len(entry) == 1:
        return entry
    here = [a.person for a in entry]
    desk.say()
    desk.say(_text(desk, shown, entry), style="bold")
    desk.tell("of_whom", text=Answering.numbered(here))
    named = desk.read(lambda text: some(typed.people(text, here)) if text else some([]))
    return [a for a in entry if a.person in named]


def _not_usual(desk: Desk, shown: Screen, asked: Asked, before: Any) -> Any:
    """What is true where the usual is not: the other of yes and no, or one of the other options."""
    question = asked.question
    if not question.options:
        return not question.usual
    offered = [(o, shown.label(question.words, o, desk.lang)) for o in question.options if o != question.usual]
    desk.say()
    desk.tell("which", text=shown.text(question.ask, desk.lang, asked))
    desk.offer([label for _, label in offered])
    return desk.known(lambda text: typed.choice(text, offered), desk.word("hint_choice"))
