"""Hypothesis strategies for households, to test what you build on benefits_rules (``pip install benefits-rules[testing]``).

    >>> from hypothesis import given
    >>> from benefits_rules import screen
    >>> from benefits_rules.testing import households
    >>> @given(households(states=["GA"], months=["2026-03"]))
    ... def test_my_report_holds_whatever_a_family_tells(house):
    ...     my_report(screen(house))

``households`` are valid and told in full; some stand within a cent of a limit of their state's own rules.
``partial_households`` tell less, beside the household of which they are a part: whatever is certain of the one holds of the
other, but for the usual values that a determination names under ``assumptions``. ``corrupted_households`` have one thing
wrong, with the path at which :class:`~benefits_rules.HouseholdError` names it. All are plain data in the contract's shape
(``benefits-rules/household/1``), of people p0, p1 …, and of nobody real.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from benefits_rules.errors import RequestError
from benefits_rules.leaves import STATES
from benefits_rules.resolve import Rules
from benefits_rules.screening import load_rules, parse_month
from benefits_rules.testing.corrupt import spoiled
from benefits_rules.testing.partial import blurred
from benefits_rules.testing.whole import MONTHS, aimed, counties_of, invented, rarely
from benefits_rules.values import MAX_PEOPLE

__all__ = ["Corrupted", "Partial", "corrupted_households", "households", "partial_households"]


@dataclass(frozen=True, slots=True)
class Partial:
    """A household told in part, and one told in full that it may turn out to be."""

    told: dict[str, Any]
    whole: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Corrupted:
    """A household with one fault, and the path at which the error names it (or a path below that)."""

    told: dict[str, Any]
    path: str


def households(
    *,
    states: Sequence[str] | None = None,
    months: Sequence[str] | None = None,
    people: tuple[int, int] = (1, 7),
    rules: Rules | None = None,
) -> st.SearchStrategy[dict[str, Any]]:
    """Valid households told in full.

    ``states`` are postal codes (default: those that have a page of some program), ``months`` first months as YYYY-MM,
    ``people`` the fewest and the most, ``rules`` whose limits to come close to (default: the library's own). Raises
    :class:`RequestError` for a state, month or number of people that cannot be.
    """
    rules = rules or load_rules()
    places = sorted({s for p in rules.programs() for s in rules.states(p)}) if states is None else list(states)
    first = list(MONTHS if months is None else months)
    for month in first:
        parse_month(month)
    if not places or not first or not set(places) <= set(STATES):
        raise RequestError("name at least one month, and states by two capital letters, such as GA")
    if not 1 <= people[0] <= people[1] <= MAX_PEOPLE:
        raise RequestError(f"people are the fewest and the most of a household, from 1 to {MAX_PEOPLE}")
    counties = {s: counties_of(rules, s) for s in places}

    def make(r: random.Random) -> dict[str, Any]:
        state = r.choice(places)
        house = invented(r, counties[state], r.choice(first), state, people)
        return aimed(r, rules, house) if rarely(r, 40) else house

    return st.randoms(use_true_random=False).map(make)


def partial_households(
    *,
    states: Sequence[str] | None = None,
    months: Sequence[str] | None = None,
    people: tuple[int, int] = (1, 7),
    rules: Rules | None = None,
) -> st.SearchStrategy[Partial]:
    """Households of which some facts are left out, unknown, declined, a range, some options, or a list told in part.

    The parameters are those of :func:`households`.
    """
    whole = households(states=states, months=months, people=people, rules=rules)
    return st.builds(lambda house, r: Partial(blurred(r, house), house), whole, st.randoms(use_true_random=False))


def corrupted_households(
    *,
    states: Sequence[str] | None = None,
    months: Sequence[str] | None = None,
    people: tuple[int, int] = (1, 7),
    rules: Rules | None = None,
) -> st.SearchStrategy[Corrupted]:
    """Households that must be refused: one leaf, key, list or tie of theirs cannot be.

    The parameters are those of :func:`households`.
    """
    whole = households(states=states, months=months, people=people, rules=rules)
    return st.builds(lambda house, r: Corrupted(*spoiled(r, house)), whole, st.randoms(use_true_random=False))
