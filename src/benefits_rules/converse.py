"""converse: an interview held in a terminal, in English or Spanish, from the first question to the determinations.

    >>> desk = Desk(Console(), sys.stdin, "en")
    >>> converse(desk, Interview("GA", ["snap"]))

A screen is asked question by question; once all are answered the interview takes them, or says what does not fit, and only that
is asked again. What is typed on a screen that is not finished stays here as drafts: going back and forth loses nothing. Nothing
is written anywhere but into the file that somebody names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benefits_rules.asking import Screen
from benefits_rules.conclude import conclude, program, standing
from benefits_rules.desk import Back, Desk, Quit
from benefits_rules.errors import AnswerError, Problem, RequestError
from benefits_rules.interview import Interview
from benefits_rules.posing import pose
from benefits_rules.shelf import put
from benefits_rules.ticking import tick

#: What an interview finds wrong with an answer → our sentence for it.
FAULTS = {
    "the county is not in the state": "fault_county",
    "the day is missing": "fault_day",
    "babies are expected, yet pregnant is false": "fault_babies",
    "the row ends before it begins": "fault_ends",
    "two people are told as the spouse of this person": "fault_spouse",
    "a person cannot be their own spouse": "fault_spouse",
    "a person cannot be their own parent": "fault_parents",
    "the parents go round in a circle": "fault_parents",
    "this id stands for somebody else already": "fault_id",
    "this person files another return too": "fault_return",
    "this person is claimed on another return too": "fault_return",
    "this person stands twice on one return": "fault_return",
    "this person is in a food group already": "fault_groups",
    "somebody is in no food group": "fault_groups",
    "this session is too long": "fault_long",
}
_HELP = ("help_unknown", "help_declined", "help_range", "help_back", "help_why", "help_results", "help_save", "help_quit")


def converse(desk: Desk, talk: Interview, kept: Path | None = None) -> int:
    """Hold the interview to its end; returns the exit status: 0, or 1 where the lines ended or were broken off before it.

    ``kept`` is the file that the interview was read from, if it was.
    """
    return _Conversation(desk, talk, kept).held()


class _Conversation:
    def __init__(self, desk: Desk, talk: Interview, kept: Path | None) -> None:
        self.desk, self.talk = desk, talk
        #: The files that are ours to write over, the session as it was last kept, and whether it ever was.
        self.ours = {kept.resolve()} if kept is not None else set[Path]()
        self.kept = talk.to_json()
        self.shown: Screen | None = None
        #: What is typed on the screen that is being asked, and what was typed and taken back on any.
        self.values: dict[str, Any] = {}
        self.drafts: dict[str, Any] = {}
        desk.obey = self.obey

    def held(self) -> int:
        desk = self.desk
        try:
            if self.ours:
                desk.tell("resumed")
                if self.talk.made_under is not None:
                    desk.tell("other_rules")
            desk.tell("welcome")
            while not self.done():
                pass
        except Quit:
            return self.left()
        except (EOFError, KeyboardInterrupt):
            desk.say()
            desk.tell("ended_kept" if not self.unsaved() else "ended_lost" if self.ours else "ended_never")
            return 1
        return 0

    def done(self) -> bool:
        """One screen, or the end; whether that was it."""
        try:
            self.shown = self.talk.next()
            if self.shown is not None:
                self.screen(self.shown)
                return False
            conclude(self.desk, self.talk)
            self.offer_to_save("save_end")
        except Back:
            self.values = {}
            try:
                self.talk.back()
            except RequestError:
                self.desk.tell("first_screen")
            return False
        self.desk.tell("bye")
        return True

    # ------------------------------------------------------------ a screen

    def screen(self, shown: Screen) -> None:
        """Ask a screen until the interview takes its answers. Raises :class:`Back` at its first question."""
        desk, lang = self.desk, self.desk.lang
        decided, programs = shown.progress
        desk.say()
        desk.console.rule(shown.text(shown.plan.title, lang), align="left", characters="-")
        desk.say(desk.word("progress", decided=decided, programs=programs), style="dim")
        desk.say(shown.text(shown.plan.why, lang))
        if shown.plan.counts is not None:
            desk.tell("counts", text=shown.text(shown.plan.counts, lang))
        faults, path = dict[str, list[str]](), list[str]()
        self.values = {}
        while True:
            if shown.checklist:
                self.checklist(shown, faults)
            else:
                self.questions(shown, path, faults)
            try:
                self.talk.answer(self.values)
            except AnswerError as error:
                faults = self.beside(shown, error.problems)
                path = [key for key in path if key not in faults]
            else:
                break
        for asked in shown.asked:
            self.drafts.pop(asked.id, None)
        self.values = {}

    def questions(self, shown: Screen, path: list[str], faults: dict[str, list[str]]) -> None:
        """Ask what is not in ``path`` (the questions asked, in their order), each as far as it applies beside the others.

        `back` goes to the question before. Raises :class:`Back` where there is none.
        """
        while (asked := next((a for a in shown.asked if a.id not in path and a.applies(self.values)), None)) is not None:
            for key in faults.get(asked.id, ()):
                self.desk.tell(key)
            self.desk.answered = 0
            try:
                before = self.drafts.get(asked.id, asked.before)
                value = pose(self.desk, shown, asked, before, self.talk.programs, self.elsewhere())
            except Back:
                if self.desk.answered:
                    continue  # a longer answer begins anew
                if not path:
                    raise
                self.values.pop(path.pop(), None)
                continue
            faults.pop(asked.id, None)
            path.append(asked.id)
            self.drafts[asked.id] = value
            if value is not None:
                self.values[asked.id] = value

    def checklist(self, shown: Screen, faults: dict[str, list[str]]) -> None:
        for key in dict.fromkeys(key for keys in faults.values() for key in keys):
            self.desk.tell(key)
        before = {a.id: self.drafts.get(a.id, a.before) for a in shown.asked}
        while True:
            self.desk.answered = 0
            try:
                self.values = tick(self.desk, shown, before)
            except Back:
                if not self.desk.answered:
                    raise
            else:
                self.drafts |= {a.id: self.values.get(a.id) for a in shown.asked}
                return

    def beside(self, shown: Screen, problems: tuple[Problem, ...]) -> dict[str, list[str]]:
        """What does not fit → the questions to ask again, each with what is said of it; all of them where it is none of these."""
        found: dict[str, list[str]] = {}
        for problem in problems:
            asked = next((a for a in shown.asked if problem.path == a.id or problem.path.startswith(f"{a.id}.")), None)
            key = FAULTS.get(problem.what, "fault")
            if asked is None:
                self.desk.tell(key)
                self.desk.tell("fault_elsewhere")
                found |= {a.id: [] for a in shown.asked}
            else:
                found.setdefault(asked.id, []).append(key)
        for name, keys in found.items():
            self.values.pop(name, None)
            if keys:  # what cannot be is not offered again
                self.drafts.pop(name, None)
        return {name: list(dict.fromkeys(keys)) for name, keys in found.items()}

    def elsewhere(self) -> tuple[str, ...]:
        """Those who were told to live elsewhere."""
        try:
            return tuple(o.id for o in self.talk.household.outside_people)
        except RequestError:
            return ()

    # ------------------------------------------------------------ words that steer

    def obey(self, word: str, rest: str) -> None:
        match word:
            case "back":
                raise Back
            case "quit":
                raise Quit
            case "help":
                self.desk.tell("help")
                for key in _HELP:
                    self.desk.say(self.desk.word(key), indent=2)
            case "why":
                self.why()
            case "results":
                standing(self.desk, self.talk)
            case _:
                self.save(rest)

    def why(self) -> None:
        if self.shown is not None:
            self.desk.say(self.shown.text(self.shown.plan.why, self.desk.lang))
        waiting = dict.fromkeys(o.program for o in self.talk.outlooks if not o.decided)
        if waiting:
            self.desk.tell("why_open", programs=", ".join(program(self.desk, self.talk, p) for p in waiting))

    # ------------------------------------------------------------ keeping it

    def unsaved(self) -> bool:
        return bool(self.values) or self.talk.to_json() != self.kept

    def left(self) -> int:
        """The end that somebody asked for. Raises nothing: who breaks off here has broken off."""
        try:
            if self.unsaved():
                self.desk.obey = _end
                self.offer_to_save("save_quit")
        except (EOFError, KeyboardInterrupt, Quit, Back):
            self.desk.say()
            self.desk.tell("ended_lost" if self.ours else "ended_never")
            return 1
        self.desk.tell("bye")
        return 0

    def offer_to_save(self, key: str) -> None:
        """Ask for a file's name until the answers are kept in it, or nothing is typed."""
        while True:
            self.desk.say()
            self.desk.tell(key)
            name = self.desk.read(lambda text: text)
            if not name or self.save(name):
                return

    def save(self, name: str) -> bool:
        """Keep the session in a file; a file that is not ours is written over only if somebody says so."""
        desk = self.desk
        if not name:
            desk.tell("save_name")
            name = desk.ask()
        path = Path(name).expanduser()
        try:
            if not name:
                desk.tell("not_saved")
                return False
            if path.is_file() and path.resolve() not in self.ours:
                desk.tell("save_over")
                if not desk.yes_no():
                    desk.tell("not_saved")
                    return False
            put(self.talk.to_json(), path)
        except (OSError, ValueError, RuntimeError):
            desk.tell("save_failed")
            return False
        self.ours.add(path.resolve())
        self.kept = self.talk.to_json()
        desk.tell("saved")
        if self.values:
            desk.tell("saved_part")
        return True


def _end(word: str, _rest: str) -> None:
    """At the very end, a word that steers ends it too."""
    if word in ("quit", "back"):
        raise Quit
