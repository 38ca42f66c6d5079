"""Every exception of the library.

    BenefitsRulesError
    └── InputError                what the caller handed over cannot be used (exit status 2)
        ├── HouseholdError        a household; ``problems`` names every path at once, never a value
        ├── RuleError             rule files; ``problems`` name file, line, column, what, how to mend it
        ├── RequestError          an argument: a program, month, state, format that does not exist
        ├── AnswerError           answers in an interview; ``problems`` name every question at once, never a value
        └── SessionError          a kept interview that is cut short, changed by hand, or none

A message of :class:`HouseholdError` never shows what a household told, only where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


class BenefitsRulesError(Exception):
    """The base of every exception that this library raises."""


class InputError(BenefitsRulesError):
    """What the caller handed over cannot be used; the message says where, what, and how to mend it."""

    def lines(self) -> list[str]:
        """One line an error, for standard error."""
        return str(self).splitlines()


class RequestError(InputError):
    """An argument that names something that does not exist."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a household: where (a path such as ``people.ana.income.0.amount``), what, the mend."""

    path: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.path or 'household'}: {self.what}" + (f" ({self.mend})" if self.mend else "")


class HouseholdError(InputError):
    """A household that cannot be used. Carries all its faults; shows none of its values."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return HouseholdError, (self.problems,)


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One fault of a rule file, with the line it stands in."""

    code: str
    file: str
    line: int
    column: int
    what: str
    mend: str = ""
    excerpt: str = ""
    width: int = 1

    def __str__(self) -> str:
        head = f"{self.file}:{self.line}:{self.column}: {self.code}: {self.what}"
        if self.excerpt:
            head += f"\n    {self.excerpt}\n    {' ' * (self.column - 1)}{'^' * max(1, self.width)}"
        return head + (f"\n    mend: {self.mend}" if self.mend else "")


class RuleError(InputError):
    """Rule files that cannot be used; all faults of a stage together, in the order of the files."""

    def __init__(self, problems: list[RuleProblem] | tuple[RuleProblem, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return RuleError, (self.problems,)


class AnswerError(InputError):
    """Answers that an interview cannot take; ``problems`` name each question's id and the mend, never a value."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p if p.path else replace(p, path="answers")) for p in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return AnswerError, (self.problems,)


class SessionError(InputError):
    """A kept interview that is none, is cut short, or was changed by hand."""
