"""desk: where a conversation is held: lines out to a terminal, lines in from it. Works without colour, and without a terminal.

Words that steer (``back``, ``help``, ``save FILE`` …) are handed to whoever leads the conversation, wherever something is asked;
all else that is typed is an answer. Nothing typed is kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TextIO, TypeVar

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from benefits_rules import typed
from benefits_rules.leaves import WORDS
from benefits_rules.render.spoken import SPOKEN
from benefits_rules.typed import Mistyped

Answer = TypeVar("Answer")


class Back(Exception):
    """Somebody wants to see the question before."""


class Quit(Exception):
    """Somebody wants to end here."""


class Desk:
    """A console to write to and lines to read from. ``obey`` does what a word that steers says, or raises."""

    def __init__(self, console: Console, lines: TextIO, lang: str) -> None:
        self.console, self.lines, self.lang = console, lines, lang
        self.obey: Callable[[str, str], None] = _nothing
        #: How many lines were answered since this was last set to 0, so that `back` knows how far back is.
        self.answered = 0

    def word(self, key: str, **figures: object) -> str:
        """A sentence of our own in the language of the conversation."""
        return SPOKEN[self.lang][key].format(**figures)

    def say(self, text: str = "", style: str = "", indent: int = 0) -> None:
        """A paragraph."""
        said = Text(text, style=style)
        self.console.print(Padding(said, (0, 0, 0, indent), expand=False) if indent else said)

    def tell(self, key: str, **figures: object) -> None:
        """A paragraph of our own words."""
        self.say(self.word(key, **figures))

    def offer(self, labels: Sequence[str]) -> None:
        """A list with numbers."""
        for number, label in enumerate(labels, 1):
            self.say(f"{number}. {label}", indent=2 if number > 9 else 3)

    def line(self) -> str:
        """One line as typed, without blanks at its ends. Raises :class:`EOFError` where there are no more."""
        self.console.print(Text("> "), end="")
        self.console.file.flush()
        read = self.lines.readline()
        if not self.lines.isatty():
            self.say()  # what is typed shows no line break of its own
        if not read:
            raise EOFError
        return "".join(c for c in read.strip() if c.isprintable())

    def ask(self, *hints: str) -> str:
        """An answer as typed; words that steer are obeyed first. Raises :class:`Mistyped` for a line that is too long."""
        while True:
            said = "; ".join(h for h in hints if h)
            if said:
                self.say(f"({said})", style="dim")
            found = self.line()
            steering = typed.command(found)
            if steering is None:
                if len(found) > typed.LONGEST:
                    raise Mistyped("too_long")
                self.answered += 1
                return found
            before = self.answered
            self.obey(*steering)
            self.answered = before  # what was asked meanwhile is no part of this answer

    def read(self, how: Callable[[str], Answer], *hints: str) -> Answer:
        """An answer read by ``how``, asked for until it can be read."""
        while True:
            try:
                return how(self.ask(*hints))
            except Mistyped as error:
                self.say(self.word(error.key, **error.figures), style="bold")

    def yes_no(self, *hints: str, enter: bool | None = None) -> bool:
        """Yes or no; ``enter`` is what an empty line says."""

        def how(text: str) -> bool:
            return enter if not text and enter is not None else typed.yes_no(text, self.lang)

        return self.read(how, self.word("hint_yes/no"), *hints)

    def known(self, how: Callable[[str], Answer], *hints: str) -> Answer | str:
        """A part of a longer answer, which may also be unknown or declined."""
        return self.read(lambda text: found if (found := typed.word(text)) in WORDS else how(text), *hints)


def _nothing(_word: str, _rest: str) -> None:
    """What is obeyed before anybody leads."""
