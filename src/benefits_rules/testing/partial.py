"""blur: a household told in full → one that tells less, and of which it is one completion.

Each fact taken back is taken back soundly: a range holds what was told, the options left hold it, a list told in part names
the kinds of the rows that it leaves out. So whatever is certain of the one is so of the other.
"""

from __future__ import annotations

import copy
import datetime
import random
from decimal import Decimal
from typing import Any

from benefits_rules.testing.places import Kind, places
from benefits_rules.testing.whole import RARE, rarely

#: Keys that mean not known when they are left out, or their usual value. At others an absent key says something.
LEFT_OUT = frozenset({
    "disabled", "pregnant", "veteran", "activities", "income", "medical_expenses", "expenses", "assets", "receives", "county",
    "area", "tax_returns", *RARE,
})  # fmt: skip


def blurred(r: random.Random, house: dict[str, Any]) -> dict[str, Any]:
    """A copy with some of what is told taken back: left out, unknown, declined, a range, some options, a list in part."""
    out = copy.deepcopy(house)
    out.pop("evidence", None)  # it may speak of what is no longer told
    percent = r.choice((3, 8, 20))
    for place in places(out):
        kind = place.kind
        if not kind.words or place.key not in place.holder or not rarely(r, percent):
            continue
        if place.key in LEFT_OUT and rarely(r, 40):
            del place.holder[place.key]
        elif (kind.bound or kind.choice or kind.kinds) and not rarely(r, 40):
            place.holder[place.key] = _bound(r, place.value, kind)
        else:
            place.holder[place.key] = r.choice(("unknown", "declined"))
    return out


def _bound(r: random.Random, value: Any, kind: Kind) -> dict[str, Any]:
    if kind.kinds:
        left = [row for row in value if rarely(r, 50)]
        word = "source" if any("source" in row for row in left) else "kind" if any("kind" in row for row in left) else "program"
        unknown = sorted({row[word] for row in left if isinstance(row[word], str)} | {r.choice(kind.kinds)})
        return {"rows": [row for row in value if not any(row is x for x in left)], "unknown": unknown}
    if kind.choice:
        others = [o for o in kind.options if o != value and rarely(r, 30)]
        return {"any_of": r.sample([value, *others], len(others) + 1)}
    if kind.measure == "date":
        day, days = datetime.date.fromisoformat(value), r.choice((0, 1, 40, 400))
        first, last = datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)
        span = datetime.timedelta(days)
        return {"min": max(first, day - span).isoformat(), "max": min(last, day + span).isoformat()}
    if kind.measure == "int":
        return {"min": max(kind.lo, value - r.choice((0, 1, 5))), "max": min(kind.hi, value + r.choice((0, 1, 5)))}
    amount, most = Decimal(str(value)), Decimal(kind.hi)
    less, more = r.choice((0, 5, 500)), r.choice((0, 5, 500))
    return {"min": f"{max(Decimal(0), amount - less):.2f}", "max": f"{max(amount, min(most, amount + more)):.2f}"}
