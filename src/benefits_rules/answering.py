"""answering: a question of a screen whose answer is one line, put to somebody at a desk.

Each input has a method of its own, named after it; what is typed is read by :mod:`benefits_rules.typed`. An empty line keeps an
earlier answer, or leaves out what is optional; ``?`` and ``-`` say unknown and declined where the household's model has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benefits_rules import typed
from benefits_rules.asking import NO_WORD, Asked, Screen
from benefits_rules.desk import Desk
from benefits_rules.retold import retold
from benefits_rules.typed import Mistyped

#: What an empty line cannot say.
NOTHING = object()
#: How somebody says that an optional question has no answer, where an empty line would keep the earlier one.
_NO = frozenset({"0", "no", "none", "nada", "nadie"})


@dataclass(frozen=True)
class Answering:
    """One question, its earlier answer, and those who could be named beside the people of the screen."""

    desk: Desk
    shown: Screen
    asked: Asked
    before: Any
    programs: tuple[str, ...] = ()
    outsiders: tuple[str, ...] = ()

    def answer(self) -> Any:
        """Say the question and read its answer; ``None`` where it is left out."""
        desk, shown, asked = self.desk, self.shown, self.asked
        heading = shown.heading(asked, desk.lang)
        desk.say()
        desk.say((f"{heading}: " if heading else "") + shown.text(asked.question.ask, desk.lang, asked), style="bold")
        if asked.question.note is not None:
            desk.say(shown.text(asked.question.note, desk.lang, asked), style="dim")
        return getattr(self, asked.question.input.replace("/", "_"))()

    # ------------------------------------------------------------ the inputs

    def yes_no(self) -> Any:
        return self.one(lambda text: typed.yes_no(text, self.desk.lang), self.desk.word("hint_yes/no"), zero_is_none=False)

    def choice(self) -> Any:
        offered = self.offered(self.asked.question.options)
        self.desk.offer([label for _, label in offered])
        return self.one(lambda text: typed.choice(text, offered), self.desk.word("hint_choice"))

    def whole(self) -> Any:
        lo, hi = self.asked.question.span or (0, 9999)
        return self.one(lambda text: typed.whole(text, lo, hi), self.desk.word("hint_whole", lo=lo, hi=hi), zero_is_none=False)

    def money(self) -> Any:
        return self.one(typed.money, self.desk.word("hint_money"), zero_is_none=False)

    def hours(self) -> Any:
        return self.one(typed.hours, self.desk.word("hint_hours"), zero_is_none=False)

    def date(self) -> Any:
        return self.one(typed.day, self.desk.word("hint_date"))

    def county(self) -> Any:
        return self.one(typed.county, self.desk.word("hint_county"))

    def age(self) -> Any:
        return self.one(typed.age, self.desk.word("hint_age"), zero_is_none=False)

    def person(self) -> Any:
        others = self.others()
        return self.one(lambda text: typed.person(text, others), self.numbered(others))

    def members(self) -> Any:
        here = self.shown.people
        return self.one(lambda text: some(typed.people(text, here)), self.numbered(here), self.desk.word("hint_numbers"))

    def kinds(self) -> Any:
        options = self.asked.question.options
        self.desk.offer([label for _, label in self.offered(options)])
        return self.one(lambda text: typed.kinds(text, options), self.desk.word("hint_kinds"), empty=[], zero_is_none=False)

    def one(self, how: Callable[[str], Any], *hints: str, empty: Any = NOTHING, zero_is_none: bool = True) -> Any:
        """An answer of one line: kept as before, left out, unknown, declined, or as ``how`` reads it."""
        optional = self.asked.question.optional

        def read(text: str) -> Any:
            told = typed.word(text)
            if told is not None and self.asked.question.input in NO_WORD:
                raise Mistyped("must_tell")
            if told is not None:
                return told
            if optional and zero_is_none and text.casefold() in _NO:
                return None
            if text:
                return how(text)
            if self.before is not None:
                return self.before
            if optional or empty is not NOTHING:
                return None if empty is NOTHING else empty
            raise Mistyped("must_tell" if self.asked.question.input in NO_WORD else "must_answer")

        return self.desk.read(read, *hints, *self.kept(zero_is_none))

    def kept(self, zero_is_none: bool = False) -> Iterator[str]:
        """What an empty line does: the earlier answer, or that the question may be left out."""
        optional = self.asked.question.optional
        if self.before is not None:
            yield self.desk.word("keep", text=retold(self.shown, self.asked, self.before, self.desk.lang))
            if optional and zero_is_none:
                yield self.desk.word("leave_kept")
        elif optional:
            yield self.desk.word("leave" if zero_is_none else "pass_over")

    def first(self, how: Callable[[str], Any], *hints: str, empty: Any) -> tuple[bool, Any]:
        """The first line of a longer answer: (whether it is the whole answer already, what was read)."""

        def read(text: str) -> tuple[bool, Any]:
            told = typed.word(text)
            if told is not None and self.asked.question.input in NO_WORD:
                raise Mistyped("must_tell")
            if told is not None:
                return True, told
            if not text and self.before is not None:
                return True, self.before
            if text in ("", "0") and empty is not NOTHING:
                return True, empty
            if not text:
                raise Mistyped("nobody" if self.asked.question.input == "people" else "must_answer")
            return False, how(text)

        return self.desk.read(read, *hints, *self.kept())

    # ------------------------------------------------------------ lists

    def offered(self, options: Sequence[str], words: str = "") -> list[tuple[str, str]]:
        return [(o, self.shown.label(words or self.asked.question.words, o, self.desk.lang)) for o in options]

    def others(self) -> tuple[str, ...]:
        """Those who may be named: not the one whom the question is about, unless it is about a bill or a thing of theirs."""
        return tuple(p for p in self.shown.people if p != self.asked.person or self.asked.row is not None)

    @staticmethod
    def numbered(here: Sequence[str]) -> str:
        return ", ".join(f"{i} = {p}" for i, p in enumerate(here, 1))


def some(found: list[str]) -> list[str]:
    """The people named, who must be at least one."""
    if not found:
        raise Mistyped("must_tell")
    return found
