"""The frozen nodes of the rule language: what ``parse`` hands to ``resolve`` and ``check``.

Expressions first, then the definitions that a page holds. ``at`` and ``end`` are character positions in
the file, so that every later complaint can put its caret under the words that are meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from benefits_rules.source import Text

# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Number:
    """``$1,500``, ``20%``, ``4.3``, ``3``, ``5 years``, ``6 months``: the digits and what they are."""

    text: str
    kind: Literal["money", "percent", "decimal", "whole", "years", "months", "days"]
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Day:
    """``2025-07-04``."""

    day: date
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class YesNo:
    value: bool
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, a value, a table, a set or an option's word; ``other.age`` is the other person's age."""

    text: str
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """``[wages, tips]``: a list of an enumeration's options, or of whole numbers."""

    items: tuple[Name | Number, ...]
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Unary:
    op: Literal["-", "not"]
    x: Expr
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Binary:
    op: str  # + - * / of and or < <= > >= is "is not" in "not in"
    a: Expr
    b: Expr
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class IfElse:
    """``then if condition otherwise other``."""

    condition: Expr
    then: Expr
    other: Expr
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """``max($0, x)``, ``meets(test)``."""

    function: str
    arguments: tuple[Expr, ...]
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``sum(x of members where y)``, ``largest(2, x of members otherwise $0)``."""

    function: str
    nth: int
    value: Expr | None
    over: Name
    where: Expr | None
    otherwise: Expr | None
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Rounded:
    """``x rounded half up to $0.01``; ``by`` takes the kind of rounding from an option, named in ``unit``."""

    x: Expr
    how: Literal["up", "down", "half up", "by"]
    unit: Expr
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Keyed:
    """``standard_of_need for family_size``: a table read at other keys than its own."""

    table: Name
    keys: tuple[Expr, ...]
    at: int
    end: int


Expr = Number | Day | YesNo | Name | Words | Unary | Binary | IfElse | Call | Aggregate | Rounded | Keyed

# ---------------------------------------------------------------- definitions


#: A figure's place in a wording.
BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of a value or an outcome, in both languages; ``{name}`` shows a figure."""

    en: str
    es: str
    at: int


@dataclass(frozen=True, slots=True)
class Citation:
    """``7 CFR 273.9(d)(2)``, or a key of the page's ``sources`` and, behind it, the place in it."""

    text: str
    law: str
    url: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """From a day until a day, both included; None is open."""

    start: date | None = None
    end: date | None = None

    def holds(self, first: date, last: date) -> bool:
        """In force for a month from ``first`` to ``last``: what is in force on its first day governs."""
        return (self.start is None or self.start <= first) and (self.end is None or first <= self.end)


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of a decision table; ``when`` is None in the last one (``otherwise``)."""

    when: Expr | None
    value: Expr


@dataclass(frozen=True, slots=True)
class Formula:
    """``is: …`` (one branch), or ``choose: […]``; ``names`` are its local names in order."""

    branches: tuple[Branch, ...]
    names: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exception to a test: who is exempt, and under which law."""

    name: str
    when: Expr
    period: Period
    citations: tuple[Citation, ...]
    say: Wording | None
    at: int


@dataclass(frozen=True, slots=True)
class Condition:
    """A test's content: when it applies at all, when it passes, who is exempt."""

    applies_when: Expr | None
    pass_when: Expr
    exceptions: tuple[Exemption, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table: cells by key, as written. Keys are ``3``, ``1..3``, ``6+``, a word, ``otherwise``."""

    cells: tuple[tuple[str, Number | Name | YesNo | Rows, int], ...]
    each_more: Number | None
    at_most: Number | None
    at: int


@dataclass(frozen=True, slots=True)
class Options:
    """A named set of an enumeration's words, or of whole numbers such as counties."""

    items: tuple[Name | Number, ...]


@dataclass(frozen=True, slots=True)
class Unfilled:
    """An option in a base page that is read without a state: nobody has chosen yet."""


Content = Formula | Condition | Rows | Options | Unfilled


@dataclass(frozen=True, slots=True)
class Variant:
    """What a definition says during a period. ``verify`` marks a figure that nobody could check yet."""

    period: Period
    content: Content
    citations: tuple[Citation, ...]
    verify: bool
    at: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A value, test, table or set under its name; or an option that a state must fill (no variants)."""

    name: str
    kind: Literal["value", "test", "table", "set", "option"]
    of: str | None
    unit: str | None
    by: tuple[Expr, ...]
    variants: tuple[Variant, ...]
    say: dict[str, Wording] = field(hash=False)
    replaceable: bool = False
    doc: str = ""
    source: Text = field(default=Text("", "", (0,)), repr=False)
    at: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """The assistance unit: people joined by a yes/no over pairs, closed into connected groups."""

    name: Wording
    connect: Name
    citations: tuple[Citation, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What an agency will ask for whatever the answer, but where the yes/no ``unless`` holds."""

    words: Wording
    unless: Name | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a determination is made of. Where a test of ``covers`` fails, the page cannot judge this household.

    ``first_month`` is the amount of the month of application, told where that is this month (``first_month_when``).
    A result ``of: person`` is for those who want it (``wanted_by``, a yes/no of people); ``instead`` are statuses that stand in
    the place of "ineligible" where their yes/no holds. ``category``, ``coverage`` and ``funding`` are enumerations of the page;
    ``filing`` is the law by which anybody may apply today.
    ``notes`` and ``changes`` are yes/no values of the unit or of people, each said where it is so; ``supplements`` are
    amounts that the state pays of its own money, or a yes/no of people whom a program of the state serves.
    """

    of: str
    covers: tuple[Name, ...]
    requires: tuple[Name, ...]
    amount: Name | None
    values: tuple[Name, ...]
    people: Name | None
    steps: tuple[Name, ...]
    caveats: tuple[Name, ...]
    awaiting: tuple[Proof, ...]
    at: int
    first_month: Name | None = None
    first_month_when: Name | None = None
    notes: tuple[Name, ...] = ()
    changes: tuple[Name, ...] = ()
    supplements: tuple[Name, ...] = ()
    wanted_by: Name | None = None
    category: Name | None = None
    coverage: Name | None = None
    funding: Name | None = None
    instead: tuple[tuple[str, Name], ...] = ()
    filing: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Module:
    """One rule file."""

    path: str
    program: str
    state: str | None
    extends: str | None
    uses: tuple[str, ...]
    since: date | None
    name: Wording | None
    unit: Unit | None
    result: Result | None
    also: dict[str, Result] = field(hash=False)
    definitions: dict[str, Definition] = field(hash=False)
    sources: dict[str, Citation] = field(hash=False)
    source: Text = field(repr=False, default=Text("", "", (0,)))
