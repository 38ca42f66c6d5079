"""The examples beside a page pin its rules: a sample of changes, each of which an example must notice.

The whole count, page by page, is ``python -m benefits_rules.mutants``; it takes a minute or two.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from benefits_rules.errors import RuleError
from benefits_rules.mutants import Judge, Mutant, judge_pages, read_equivalent
from benefits_rules.resolve import Rules
from benefits_rules.syntax import Binary, Condition, Definition, Formula

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "rules"
EQUIVALENT = ROOT / "tests" / "equivalent_mutants.yaml"
BASE_PAGES = [p for p in Rules(FOLDER).pages() if p.endswith("/us") and (FOLDER / f"{p}.examples.yaml").is_file()]
SAMPLE = 60


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(Rules(FOLDER), "snap/us")


def of(judge: Judge, name: str) -> dict[str, Definition]:
    """What was changed → the changed definition, for one definition of the page."""
    return {m.key.partition(": ")[2]: m.changed for m in judge.mutants if m.name == name}


@pytest.mark.parametrize("page", BASE_PAGES)
def test_examples_notice_a_sample_of_changes(page: str) -> None:
    """Of 60 changes picked by a fixed seed from a base page, its own examples notice at least 95 %."""
    [report] = judge_pages(FOLDER, [page], read_equivalent(EQUIVALENT), sample=SAMPLE, seed=20261122)
    assert report.failing == 0
    assert report.percent >= 95, "\n".join(f"{m.file}:{m.line}: {m.key}" for m in report.survivors)


def test_a_definition_left_as_it_is_is_not_caught(judge: Judge) -> None:
    """What catches a mutant is the change: the page's definitions, put in unchanged, give no example a problem."""
    for name in ("earned_income", "time_limit_test", "maximum_allotment", "liquid_kinds"):
        unchanged = judge.rules.definitions("snap", None)[name]
        assert not judge.catches(Mutant(name, unchanged, f"{name}: nothing", "", 1))


def test_every_kind_of_change_is_made(judge: Judge) -> None:
    """Operators, figures, roundings, `not`, clauses, words, dates and exceptions are all changed, one at a time."""
    together = of(judge, "must_be_together")
    assert {"`other.age < 22`: < → <=", "`22` → `21`", "`22` → `23`", "not `spouse`"} <= together.keys()
    first = together["`other.age < 22`: < → <="].variants[0].content
    assert isinstance(first, Formula)
    assert isinstance(first.branches[0].value, Binary)
    standard = of(judge, "homeless_shelter_standard")
    assert {"`$190.30` → `$190.31` (from 2024-10-01)", "`$190.30` → `$189.30` (from 2024-10-01)"} <= standard.keys()
    assert "`30% of net_income rounded up to $1`: up → half up" in of(judge, "contribution")
    assert "`bank_account` left out" in of(judge, "liquid_kinds")
    assert {"from 2025-07-04 → 2025-06-04", "from 2025-07-04 → 2025-08-04"} <= of(judge, "heats_or_cools").keys()
    limit = of(judge, "time_limit_test")
    assert {"exception veteran dropped", "exception veteran to 2025-07-03 → 2025-08-03", "applies_when dropped"} <= limit.keys()
    dropped = limit["exception veteran dropped"].variants[0].content
    assert isinstance(dropped, Condition)
    assert "veteran" not in [x.name for x in dropped.exceptions]


def test_table_cells_are_no_mutants(judge: Judge) -> None:
    """A table's cells are checked against a second transcription, so only its periods are changed here."""
    tables = {name for name, d in judge.rules.definitions("snap", None).items() if d.kind == "table"}
    changed = [m.key for m in judge.mutants if m.name in tables]
    assert changed
    assert all(": from " in key or ": to " in key for key in changed)


def test_a_change_of_dates_that_says_the_same_is_no_mutant(judge: Judge) -> None:
    """The end of the last figures known changes no figure, and is not counted as a mutant."""
    assert "to 2026-09-30 → 2026-10-30" in of(judge, "resource_limit")
    assert not [key for key in of(judge, "resource_limit") if key.startswith("to 2027-09-30")]


def test_a_plan_with_a_change_leaves_the_page_alone() -> None:
    """The plan made for a mutant is its own; the page's plan afterwards is the page's."""
    rules = Rules(FOLDER)
    before = rules.plan("snap", None, date(2026, 3, 1), whole=True)
    contribution = rules.definitions("snap", None)["contribution"]
    variant = contribution.variants[0]
    assert isinstance(variant.content, Formula)
    other = replace(variant, content=rules.definitions("snap", None)["net_income"].variants[0].content)
    changed = rules.plan_with("snap", None, date(2026, 3, 1), replace(contribution, variants=(other,)))
    assert changed.node("contribution").expr != before.node("contribution").expr
    assert rules.plan("snap", None, date(2026, 3, 1), whole=True) is before
    assert rules.definitions("snap", None)["contribution"] is contribution


def test_equivalent_mutants_each_have_a_reason(tmp_path: Path) -> None:
    """The list of mutants nobody can tell apart gives a reason for each, and an entry without one is refused."""
    assert all(why for listed in read_equivalent(EQUIVALENT).values() for why in listed.values())
    bad = tmp_path / "equivalent.yaml"
    bad.write_text('snap/us:\n  - {mutant: "unit_size: nothing"}\n')
    with pytest.raises(RuleError):
        read_equivalent(bad)
