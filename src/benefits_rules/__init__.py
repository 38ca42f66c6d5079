"""Benefits rules of the United States: what a household can get, how much, why, and under which law.

    >>> from benefits_rules import screen
    >>> result = screen("examples/georgia_family.yaml", programs=["snap"])
    >>> result["snap"][0].status
    'eligible'

``Household`` is what a family tells, ``screen`` judges it, ``replay`` does so again from a record, ``load_rules`` reads rule
pages, ``notice`` writes the letter that the law asks for, from a determination and what an ``Agency`` knows, and the errors
say where, what and how to mend it. ``benefits_rules.testing`` makes households for tests of what is built on this.
Everything else is the inside of the house.
"""

from benefits_rules.agency import Agency
from benefits_rules.determine import Determination
from benefits_rules.errors import (
    AnswerError,
    BenefitsRulesError,
    HouseholdError,
    InputError,
    RequestError,
    RuleError,
    SessionError,
)
from benefits_rules.interview import Interview
from benefits_rules.model import Household
from benefits_rules.notices import Notice, notice
from benefits_rules.record import Replay, replay
from benefits_rules.resolve import Rules
from benefits_rules.screening import Screening, load_rules, screen
from benefits_rules.version import ENGINE as __version__

__all__ = [
    "Agency",
    "AnswerError",
    "BenefitsRulesError",
    "Determination",
    "Household",
    "HouseholdError",
    "InputError",
    "Interview",
    "Notice",
    "Replay",
    "RequestError",
    "RuleError",
    "Rules",
    "Screening",
    "SessionError",
    "__version__",
    "load_rules",
    "notice",
    "replay",
    "screen",
]
