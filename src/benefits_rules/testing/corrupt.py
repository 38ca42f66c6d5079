"""spoil: a household → one with just one thing wrong, and the path at which an error must name it."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

from benefits_rules.leaves import STATES
from benefits_rules.testing.places import places

#: What can stand at no leaf, list or part at all; each is easily found again in a message that should not show it.
JUNK = (
    "zq417 zq",
    -417_417,
    417_417_417_417,
    0.417417,
    float("nan"),
    None,
    ["zq417"],
    {"zq417": 417_417},
    {"min": 417_418, "max": "zq417"},
)

Spoiler = Callable[[random.Random, dict[str, Any]], str | None]


def spoiled(r: random.Random, house: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A copy with one fault, and the path that an error names: of the place itself, or of what holds it."""
    out = copy.deepcopy(house)
    for spoil in (r.choice(SPOILERS), _junk):
        path = spoil(r, out)
        if path is not None:
            return out, path
    raise AssertionError("every household has a state")  # pragma: no cover - junk can stand anywhere


def _junk(r: random.Random, house: dict[str, Any]) -> str:
    place = r.choice([p for p in places(house) if p.key not in ("id", "people")])
    place.holder[place.key] = r.choice(JUNK)
    if place.path == "evidence" and isinstance(place.value, dict):
        place.holder[place.key] = None
    return place.path


def _unknown_key(r: random.Random, house: dict[str, Any]) -> str:
    holders = [(p.holder, p.path.rpartition(".")[0]) for p in places(house) if not p.path.startswith("evidence")]
    holder, path = r.choice(holders)
    holder["zq_key"] = "zq417"
    return f"{path}.zq_key" if path else "zq_key"


def _missing_key(r: random.Random, house: dict[str, Any]) -> str | None:
    found = [p for p in places(house) if p.kind.required and p.key not in ("id", "people", "rows", "unknown")]
    place = r.choice(found)
    del place.holder[place.key]
    return place.path


def _upside_down(r: random.Random, house: dict[str, Any]) -> str | None:
    found = [p for p in places(house) if p.kind.bound and p.kind.measure == "int"]
    if not found:
        return None
    place = r.choice(found)
    place.holder[place.key] = {"min": place.kind.hi, "max": place.kind.lo}
    return place.path


def _no_options(r: random.Random, house: dict[str, Any]) -> str:
    place = r.choice([p for p in places(house) if p.kind.choice])
    place.holder[place.key] = {"any_of": []}
    return f"{place.path}.any_of"


def _nobody(r: random.Random, house: dict[str, Any]) -> str:
    person = r.choice(house["people"])
    person["spouse"] = "zq417"
    return f"people.{person['id']}.spouse"


def _own_parent(r: random.Random, house: dict[str, Any]) -> str:
    person = r.choice(house["people"])
    person["parents"] = [person["id"]]
    return f"people.{person['id']}.parents"


def _twice(_: random.Random, house: dict[str, Any]) -> str:
    house["people"].append(dict(house["people"][0]))
    return f"people.{len(house['people']) - 1}.id"


def _no_payer(r: random.Random, house: dict[str, Any]) -> str | None:
    keys = [(k, w, i) for k, w in (("expenses", "payer"), ("assets", "owner")) for i in range(len(house[k]))]
    key, word, i = r.choice(keys)
    house[key][i][word] = "zq417"
    return f"{key}.{i}.{word}"


def _hungry(_: random.Random, house: dict[str, Any]) -> str | None:
    house["food_groups"] = [house["food_groups"][0], house["food_groups"][0]]
    return "food_groups"


def _files_twice(_: random.Random, house: dict[str, Any]) -> str:
    one = {"filers": [house["people"][0]["id"]]}
    house["tax_returns"] = [one, dict(one)]
    return "tax_returns.1.filers.0"


def _elsewhere(r: random.Random, house: dict[str, Any]) -> str:
    fips = r.choice([f for s, f in STATES.items() if s != house["state"]])
    house["county"] = f"{fips:02d}417"
    return "county"


def _backwards(r: random.Random, house: dict[str, Any]) -> str:
    i = r.randrange(len(house["assets"]))
    house["assets"][i] |= {"from": "2026-04-17", "to": "2025-04-17"}
    return f"assets.{i}.to"


def _undated(r: random.Random, house: dict[str, Any]) -> str | None:
    found = [(p["id"], i, row) for p in house["people"] for i, row in enumerate(p["income"])]
    name, i, row = r.choice(found)
    row["every"] = "once"
    for key in ("received_on", "hours", "days"):
        row.pop(key, None)
    return f"people.{name}.income.{i}.received_on"


def _costs(_: random.Random, house: dict[str, Any]) -> str:
    person = house["people"][0]
    person["income"] = [{"source": "wages", "amount": "417.41", "every": "month", "costs": "41.74"}]
    return f"people.{person['id']}.income.0.costs"


def _two_ages(r: random.Random, house: dict[str, Any]) -> str:
    person = r.choice(house["people"])
    person |= {"age": 104, "birth_date": "1990-04-17"}
    return f"people.{person['id']}.age"


def _not_pregnant(r: random.Random, house: dict[str, Any]) -> str:
    person = r.choice(house["people"])
    person |= {"pregnant": False, "expected_children": 7}
    return f"people.{person['id']}.expected_children"


def _no_fact(_: random.Random, house: dict[str, Any]) -> str:
    house["evidence"] = {"people.zq417.income": {"source": "document"}}
    return "evidence.0"


def _too_many(r: random.Random, house: dict[str, Any]) -> str:
    person = r.choice(house["people"])
    person["medical_expenses"] = [{"amount": "417.41", "every": "month"}] * 41
    return f"people.{person['id']}.medical_expenses"


SPOILERS: tuple[Spoiler, ...] = (
    _junk, _junk, _junk, _junk, _unknown_key, _missing_key, _upside_down, _no_options, _nobody, _own_parent, _twice, _no_payer,
    _hungry,
    _files_twice, _elsewhere, _backwards, _undated, _costs, _two_ages, _not_pregnant, _no_fact, _too_many,
)  # fmt: skip
