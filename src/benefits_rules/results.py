"""results: what an interview can say at any moment: what is decided, bounds on the rest, and what still waits for proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benefits_rules.bounds import hi, lo
from benefits_rules.determine import Determination
from benefits_rules.explain import awaiting
from benefits_rules.outlook import Outlook
from benefits_rules.questions import question
from benefits_rules.resolve import Rules
from benefits_rules.screening import Screening
from benefits_rules.values import decimal_text


@dataclass(frozen=True, slots=True)
class Results:
    """``screening`` judges the household as told so far; ``outlooks`` say what of it holds whatever is still told."""

    screening: Screening
    outlooks: tuple[Outlook, ...]
    rules: Rules = field(repr=False)

    def __iter__(self) -> Iterator[Outlook]:
        return iter(self.outlooks)

    def __getitem__(self, program: str) -> tuple[Determination, ...]:
        """The program's determinations as things stand; those of undecided results may still change."""
        return self.screening[program]

    @property
    def decided(self) -> tuple[Outlook, ...]:
        """The results that nothing untold can change any more."""
        return tuple(o for o in self.outlooks if o.decided)

    @property
    def undecided(self) -> tuple[Outlook, ...]:
        """The results that still wait for something."""
        return tuple(o for o in self.outlooks if not o.decided)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: each result with its bounds and what it waits for, then the whole screening."""
        proofs = {(d.program, d.month, d.people): [{"en": w.en, "es": w.es} for w in awaiting(d)] for d in self.screening}
        return {
            "results": [self._one(o, proofs.get((o.program, o.month, o.people), [])) for o in self.outlooks],
            "screening": self.screening.to_dict(),
        }

    def _one(self, found: Outlook, proofs: list[dict[str, str]]) -> dict[str, Any]:
        amount = found.amount
        low, high = (lo(amount), hi(amount)) if amount is not None else (0, 0)
        return {
            "program": found.program,
            "month": f"{found.month:%Y-%m}",
            "people": list(found.people),
            "status": found.status,
            "decided": found.decided,
            "amount": None if amount is None else {"min": decimal_text(low), "max": decimal_text(high)},
            "open": [
                {"path": path, "ask": {lang: question(self.rules.catalogue, path, lang) for lang in ("en", "es")}}
                for path in sorted(found.why)
            ],
            "awaiting": proofs if found.status in ("eligible", "undetermined") else [],
        }
