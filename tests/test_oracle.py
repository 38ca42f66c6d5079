"""The independent oracle: every difference from it belongs to a named class, decided by the law."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

CLASSES: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "oracle" / "disagreements.yaml").read_text())[
    "classes"
]
STATES = ("GA", "CA", "TX", "NY", "AK")
#: Classes met not on the households given but on others that generate.py made (seeds 77 and 78).
ELSEWHERE = {"noncitizen_wait_exception_not_told", "georgia_medical_standard_of_161", "medicare_premium_not_told"}

Record = dict[str, Any]
Person = dict[str, Any]


def hours(p: Person) -> float:
    """Hours a week as to_contract.py tells them."""
    pay = (p.get("monthly_wages") or 0) + (p.get("monthly_self_employment") or 0)
    return p["weekly_hours"] if p.get("weekly_hours") is not None else min(60.0, pay / 65)


def own_children(record: Record, p: Person, under: int) -> bool:
    return p["relationship"] in ("head", "spouse") and any(
        q["relationship"] == "child" and q["age"] < under for q in record["people"]
    )


def is_student(p: Person) -> bool:
    return bool(p.get("is_full_time_student")) and p["age"] >= 18


def time_limited(record: Record) -> Iterator[Person]:
    """Who is subject to the time limit with her months used up, and not exempt by what is told."""
    for p in record["people"]:
        idle = 18 <= p["age"] <= 64 and hours(p) < 20 and not p.get("is_disabled") and not p.get("is_pregnant")
        claims = (p.get("monthly_unearned") or {}).get("unemployment")
        earns = (p.get("monthly_wages") or 0) + (p.get("monthly_self_employment") or 0) >= 4.3 * 30 * 7.25
        if idle and not own_children(record, p, 14) and not claims and not earns and not is_student(p):
            yield p


def time_limit_exemption_not_told(record: Record) -> bool:
    return any(True for _ in time_limited(record))


def student_exemption_not_told(record: Record) -> bool:
    return any(
        is_student(p) and p["age"] < 50 and hours(p) < 20 and not own_children(record, p, 6) and not p.get("is_disabled")
        for p in record["people"]
    )


def noncitizen_wait_exception_not_told(record: Record) -> bool:
    return any(
        p.get("immigration_status") == "LEGAL_PERMANENT_RESIDENT" and p["age"] >= 18 and p.get("years_in_status", 10) < 5
        for p in record["people"]
    )


def self_employment_without_costs(record: Record) -> bool:
    return record["state"] in ("GA", "AK") and any(p.get("monthly_self_employment") for p in record["people"])


def new_york_allowance_without_a_heating_bill(record: Record) -> bool:
    return record["state"] == "NY" and record["monthly"].get("utilities", "none") != "heating_cooling"


def california_time_limit_from_june_2026(record: Record) -> bool:
    return record["state"] == "CA" and record["date"] < "2026-06" and time_limit_exemption_not_told(record)


def who_is_responsible_for_the_child(record: Record) -> bool:
    young = any(q["relationship"] == "child" and q["age"] < 14 for q in record["people"])
    return young and any(p["relationship"] == "other" and 60 <= p["age"] <= 64 for p in time_limited(record))


def medical(record: Record) -> float:
    return float(record["monthly"].get("medical_expenses_elderly_disabled") or 0)


def georgia_medical_standard_of_161(record: Record) -> bool:
    return record["state"] == "GA" and 35 < medical(record) <= 196


def medicare_premium_not_told(record: Record) -> bool:
    return any(p["age"] >= 65 for p in record["people"])


PREDICATES: dict[str, Callable[[Record], bool]] = {
    f.__name__: f
    for f in (
        time_limit_exemption_not_told, student_exemption_not_told, noncitizen_wait_exception_not_told, self_employment_without_costs,
        new_york_allowance_without_a_heating_bill, california_time_limit_from_june_2026, who_is_responsible_for_the_child,
        georgia_medical_standard_of_161, medicare_premium_not_told,
    )
}  # fmt: skip


def explains(name: str, record: Record, theirs: str, mine: str) -> bool:
    """Whether a class is about this household and this kind of difference."""
    differs = CLASSES[name]["differs"]
    return differs.get("oracle", theirs) == theirs and differs.get("library", mine) == mine and PREDICATES[name](record)


@pytest.fixture(scope="module")
def compare(shared: Path) -> ModuleType:
    sys.path.insert(0, str(shared / "oracle"))
    spec = importlib.util.spec_from_file_location("compare", shared / "oracle" / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def differences(
    compare: ModuleType, records: list[Record], results: dict[str, Record], program: str
) -> Iterator[tuple[Record, str, str]]:
    from to_contract import household  # type: ignore[import-not-found]

    for record in records:
        theirs = compare.expected(results[record["id"]], program)[""]
        mine = compare.answer(household(record), program)[""]
        if not compare.same(mine, theirs, compare.amount_counts(record, program)):
            yield record, theirs[0], mine[0]


def test_the_classes_and_their_predicates_are_the_same() -> None:
    """Every class has its predicate, its law, who is right, and why."""
    assert set(CLASSES) == set(PREDICATES)
    assert all(c["law"] and c["why"] and c["right"] in ("library", "oracle") for c in CLASSES.values())


def test_no_difference_on_snap_is_unexplained(shared: Path, compare: ModuleType) -> None:
    """On the oracle's households of the five states each difference belongs to a class, and each class explains one."""
    records = [r for r in rows(shared / "oracle" / "households.jsonl") if r["state"] in STATES]
    results = {r["id"]: r for r in rows(shared / "oracle" / "results.jsonl")}
    counted: Counter[str] = Counter()
    unexplained = []
    for record, theirs, mine in differences(compare, records, results, "snap"):
        names = [name for name in CLASSES if explains(name, record, theirs, mine)]
        counted.update(names[:1])
        if not names:
            unexplained.append((record["id"], theirs, mine))
    print(f"{len(records)} households, {sum(counted.values())} differ: {dict(counted)}")
    assert unexplained == []
    assert set(counted) | ELSEWHERE == set(CLASSES), "a class explains nothing here: take it out"
