"""The rule language: what it reads, what it refuses, and how it says so."""

from __future__ import annotations

import resource
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from benefits_rules import RuleError, Rules, load_rules
from benefits_rules.cli import check_page
from benefits_rules.examples import test_page as examples_of
from benefits_rules.expressions import parse_expression
from benefits_rules.parse import parse_module
from benefits_rules.resolve import Rules as RuleFolder
from benefits_rules.source import Mapping, read_bytes
from benefits_rules.syntax import Aggregate, Binary, IfElse, Number, Rounded

CATALOGUE = Path(__file__).parents[1] / "rules" / "common" / "facts.yaml"
SOURCES = 'sources: {manual: {title: A manual, url: "https://example.gov/manual"}}\n'


def formula(text: str) -> object:
    root = read_bytes(f"is: >-\n  {text}\n".encode(), "page.yaml")
    assert isinstance(root, Mapping)
    node = root.entries["is"][1]
    return parse_expression(node)  # type: ignore[arg-type]


def page(folder: Path, body: str, state: str = "", month: str = "2026-03") -> object:
    """The plan of a page of one made-up program, or the error."""
    (folder / "common").mkdir(parents=True, exist_ok=True)
    (folder / "common" / "facts.yaml").write_text(CATALOGUE.read_text())
    (folder / "trial").mkdir(exist_ok=True)
    (folder / "trial" / "us.yaml").write_text("program: trial\n" + SOURCES + body)
    if state:
        (folder / "trial" / "ga.yaml").write_text("extends: trial/us\nstate: GA\n" + state)
    return RuleFolder(folder).plan("trial", "GA" if state else None, date.fromisoformat(f"{month}-01"), whole=True)


def refused(folder: Path, body: str, state: str = "", month: str = "2026-03") -> RuleError:
    with pytest.raises(RuleError) as caught:
        page(folder, body, state, month)
    return caught.value


def test_literals_are_what_people_write() -> None:
    """$1,500, 20 %, 4.3, 5 years and dates are read as written."""
    assert isinstance(formula("$1,500.50"), Number)
    assert formula("$1,500.50").text == "1500.50"  # type: ignore[attr-defined]
    assert formula("20%").kind == "percent"  # type: ignore[attr-defined]
    assert formula("5 years").kind == "years"  # type: ignore[attr-defined]
    assert formula("2025-07-04").day == date(2025, 7, 4)  # type: ignore[attr-defined]


def test_precedence_reads_aloud() -> None:
    """`if … otherwise` binds loosest, then or, and, not, comparison, rounding, sum, product."""
    found = formula("a + 20% of b rounded up to $1 if c and not d otherwise e")
    assert isinstance(found, IfElse)
    assert isinstance(found.then, Rounded)
    assert isinstance(found.then.x, Binary)
    assert found.then.x.op == "+"
    gathered = formula("sum(20% of pay of members where age >= 60)")
    assert isinstance(gathered, Aggregate)
    assert gathered.over.text == "members"


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="abc_of if()otherwise,.$%0123456789+-*/<>=[]'\"\n\té", max_size=60))
def test_the_parser_is_total(text: str) -> None:
    """Any text is either a formula or refused by our own error, with a line to quote."""
    try:
        root = read_bytes(b"is: |\n  " + text.replace("\n", " ").encode() + b"\n", "page.yaml")
        assert isinstance(root, Mapping)
        parse_expression(root.entries["is"][1])  # type: ignore[arg-type]
    except RuleError as error:
        assert all(p.what and p.line >= 1 and p.column >= 1 for p in error.problems)


VALUE = "values:\n  result:\n    of: person\n    cite: manual 1\n    is: {}\n"

FAULTS = [
    ("age + $5", "unit", "age plus money"),
    ("age >= 18 and 5", "yes-no", "a number where a truth belongs"),
    ("agee + 1", "name", "a misspelt name"),
    ("sum(amount of incomes)", "period", "adding up amounts of unlike pay periods"),
    ("amount", "scope", "a row's fact without gathering"),
    ("age / 2", "division", "a division without its rounding"),
    ("citizenship_status is citizn", "name", "a misspelt option"),
    ("citizenship_status in [citizn]", "option", "a misspelt option in a list"),
    ("other.age", "other", "another person outside a pair"),
    ("max(age)", "arguments", "max of one value"),
    ("largest(age of others)", "syntax", "largest without otherwise"),
    ("disabled * $5", "number", "a truth multiplied"),
    ("age * 20% * $5 * $5", "product", "money times money"),
    ("citizenship_since + 5 years <= month_start", "date", "moving a day that is not fixed"),
    ("meets(nothing)", "test", "meets of no test"),
    ("launch(age)", "function", "an unknown function"),
    ("age if disabled otherwise $5", "unit", "branches of two units"),
    ("citizenship_status < 3", "unit", "an order on an enumeration"),
    ("standard for age", "table", "a table that does not exist"),
    ("result + 1", "cycle", "a value that needs itself"),
    ("count(age of others)", "syntax", "count with a value"),
    ("age in [5, old]", "option", "a word in a list of numbers"),
]


@pytest.mark.parametrize(("text", "code", "why"), FAULTS, ids=[f[2] for f in FAULTS])
def test_a_faulty_formula_is_refused_with_its_caret(tmp_path: Path, text: str, code: str, why: str) -> None:
    """Each fault of a formula has a code, a place with a caret, and a mend."""
    error = refused(tmp_path, VALUE.format(text))
    first = error.problems[0]
    assert (first.code, first.file) == (code, "rules/trial/us.yaml") or code in {p.code for p in error.problems}, str(error)
    assert first.line >= 3
    assert "^" in str(first)
    assert first.mend


def test_month_never_meets_year(tmp_path: Path) -> None:
    """Adding a monthly amount to a yearly one is an error at check time."""
    body = (
        "tables:\n  yearly_line: {unit: USD/year, by: age, cite: manual 1, rows: {0+: 100}}\n  monthly_line: {unit: USD/month, by: age, cite: manual 1, rows: {0+: 10}}\n"
        "values:\n  result: {of: person, is: yearly_line + monthly_line, cite: manual 2}\n"
    )
    assert "USD/month meets USD/year" in str(refused(tmp_path, body))


def test_a_seventh_decimal_is_refused(tmp_path: Path) -> None:
    """A product that needs more than six decimals must be rounded by name."""
    body = "values:\n  result: {of: asset, is: 1.234567 * (1.5 * amount), cite: manual 1}\n"
    assert refused(tmp_path, body).problems[0].code == "decimals"


def test_a_division_by_what_may_be_zero_is_refused(tmp_path: Path) -> None:
    """The proof over the widest household finds a divisor that may be nothing."""
    body = "values:\n  result: {of: person, is: age / count(others) rounded down to 1, cite: manual 1}\n"
    error = refused(tmp_path, body)
    assert error.problems[0].code == "zero"


def test_an_overflow_is_refused(tmp_path: Path) -> None:
    """A figure that 64 bits cannot hold for some household the model admits is refused."""
    body = "values:\n  result: {of: household, is: 40 * (40 * (40 * sum(amount of assets))), cite: manual 1}\n"
    assert refused(tmp_path, body).problems[0].code == "overflow"


PAGES = [
    ("values:\n  result: {of: person, is: age}\n", "no-citation"),
    ("values:\n  result: {of: person, is: age, cite: manul 3}\n", "citation"),
    ("values:\n  result: {of: person, iss: age, cite: manual 3}\n", "unknown-key"),
    ("values:\n  Result: {of: person, is: age, cite: manual 3}\n", "name"),
    ("values:\n  age: {of: person, is: 3, cite: manual 3}\n", "shadow"),
    ("values:\n  result: {of: dog, is: 3, cite: manual 3}\n", "entity"),
    ("values:\n  result: {of: person, unit: USD/fortnight, is: $3, cite: manual 3}\n", "unit"),
    ("values:\n  result: {of: person, cite: manual 3}\n", "empty"),
    ("values:\n  result: {of: person, cite: manual 3, from 2026-13-01: age}\n", "date"),
    ("values:\n  result: {of: person, cite: manual 3, from 2026-05-01 to 2026-04-01: age}\n", "date"),
    ("values:\n  result: {of: person, cite: manual 3, from 2026-05-01: age}\n", "gap"),
    ("values:\n  result: {of: person, cite: manual 3, from 2026-01-01: age, from 2026-02-01: age}\n", "overlap"),
    (
        "values:\n  result: {of: person, is: age, cite: manual 3}\n  result: {of: person, is: age, cite: manual 3}\n",
        "duplicate-key",
    ),
    (
        "tables:\n  t: {unit: USD, by: age, cite: manual 3, rows: {0: 1, 2: 3}}\nvalues:\n  result: {of: person, is: t, cite: manual 3}\n",
        "cell",
    ),
    (
        "tables:\n  t: {unit: USD, by: age, cite: manual 3, rows: {0+: x}}\nvalues:\n  result: {of: person, is: t, cite: manual 3}\n",
        "cell",
    ),
    ("options:\n  choice: {cite: manual 3}\nvalues:\n  result: {of: person, is: choice, cite: manual 3}\n", "unit"),
]


@pytest.mark.parametrize(("body", "code"), PAGES, ids=[f"{c}-{i}" for i, (_, c) in enumerate(PAGES)])
def test_a_faulty_page_is_refused(tmp_path: Path, body: str, code: str) -> None:
    """Each fault of a page is found before anybody is judged by it."""
    assert code in {p.code for p in refused(tmp_path, body).problems}


def test_all_faults_of_a_page_come_together(tmp_path: Path) -> None:
    """An analyst sees every fault of a page in one go."""
    body = "values:\n  one: {of: person, is: agee, cite: manual 1}\n  two: {of: person, is: age + $1, cite: manual 1}\n  three: {of: person, is: one, cite: manual 1}\n"
    assert [p.code for p in refused(tmp_path, body).problems] == ["name", "unit"]


def test_a_state_fills_replaces_and_adds_but_no_more(tmp_path: Path) -> None:
    """A state's page may fill an option and replace what is replaceable; anything federal beside that is refused."""
    body = (
        "options:\n  share: {unit: rate, cite: manual 1}\n"
        "values:\n  fixed: {of: person, is: age, cite: manual 1}\n  open: {of: person, is: age, cite: manual 1, replaceable: yes}\n"
    )
    page(
        tmp_path, body, "options: {share: {is: 20%, cite: manual 2}}\nvalues: {open: {of: person, is: age + 1, cite: manual 2}}\n"
    )
    assert refused(tmp_path, body, "options: {shar: {is: 20%, cite: manual 2}}\n").problems[0].code == "no-option"
    assert refused(tmp_path, body, "options: {}\n").problems[0].code == "unfilled"
    over = "options: {share: {is: 20%, cite: manual 2}}\nvalues: {fixed: {of: person, is: 3 years, cite: manual 2}}\n"
    assert refused(tmp_path, body, over).problems[0].code == "not-replaceable"


def test_past_the_last_known_period_is_used_and_said(tmp_path: Path) -> None:
    """A figure past its last known period is used, and the plan says so."""
    body = "values:\n  result: {of: household, unit: USD, cite: manual 1, from 2020-01-01 to 2026-02-28: $7}\n"
    plan = page(tmp_path, body)
    assert [c.code for c in plan.cautions] == ["table_past_its_period"]  # type: ignore[attr-defined]


HOSTILE = {
    "anchor": b"a: &x 1", "alias": b"a: *x", "tag": b"a: !!python/object:os.system 1", "merge": b"<<: 3", "documents": b"a: 1\n---\nb: 2",
    "depth": b"[" * 200_000, "braces": b"{a: " * 200_000, "size": b"a" * 100_000_000, "nodes": b"[" + b"1," * 300_000 + b"1]", "bytes": b"\xff\xfe\x00",
    "control": b"a: \x01", "duplicate": b"a: 1\na: 2", "list key": b"? [1]\n: 2", "tab": b"a:\n\t- 1", "unclosed": b"a: [1", "nul": b"a: \x00",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_soon_and_small(name: str) -> None:
    """No text, however built, brings anything but our own error, or takes 100 MB beyond itself."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(RuleError):
        parse_module(read_bytes(HOSTILE[name], "hostile.yaml"), "hostile")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


PAGES = [p for p in load_rules().pages() if not p.startswith("common/")]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_and_its_examples_hold(rules: Rules, name: str) -> None:
    """The page resolves in every month in which something changes, and gives what the examples beside it say."""
    check_page(rules, name)
    assert examples_of(rules, name)[1] == []


CRASHES = [
    ("values:\n  result: {of: person, is: citizenship_since <= month_start - 5000 years, cite: manual 1}\n", "date"),
    ("values:\n  result: {of: person, is: 'age in [5.5]', cite: manual 1}\n", "list"),
    ("values:\n  result: {of: person, cite: manual 1, choose: []}\n", "empty"),
    ("sets:\n  nobody: []\nvalues:\n  result: {of: person, is: citizenship_status in nobody, cite: manual 1}\n", "list"),
    ("values:\n  result: {of: person, is: " + "1 + " * 900 + "1, cite: manual 1}\n", "too-long"),
    (
        "tables:\n  t: {unit: USD, by: age, cite: manual 1, rows: {0+: 1.2345678}}\nvalues:\n  result: {of: person, is: t, cite: manual 1}\n",
        "cell",
    ),
    (
        "tables:\n  t: {unit: USD, by: age, cite: manual 1, rows: {0+: 1}}\nvalues:\n  result: {of: person, is: 't for (age, age)', cite: manual 1}\n",
        "table",
    ),
    (
        "tables:\n  t: {unit: USD, by: age, cite: manual 1, rows: {0: 1, 2: 5, each_more: 3}}\nvalues:\n  result: {of: person, is: t, cite: manual 1}\n",
        "cell",
    ),
    ("result: {of: income, requires: []}\nvalues:\n  result_of: {of: person, is: age, cite: manual 1}\n", "result"),
    ("values:\n  result: {of: household, is: 15000 * sum(amount of assets) rounded half up to $1, cite: manual 1}\n", "overflow"),
    (
        "values:\n  result: {of: household, unit: USD, is: $100 / (41 - count(incomes)) rounded down to $1, cite: manual 1}\n",
        "zero",
    ),
]


@pytest.mark.parametrize(("body", "code"), CRASHES, ids=[f"{c}-{i}" for i, (_, c) in enumerate(CRASHES)])
def test_what_once_slipped_through_is_refused(tmp_path: Path, body: str, code: str) -> None:
    """Pages that a reviewer found to crash, overflow or divide by zero are refused by the checker, with their place."""
    (tmp_path / "page").mkdir()
    with pytest.raises(RuleError) as caught:
        plan = page(tmp_path, body)
        RuleFolder(tmp_path).plan("trial", None, date(2026, 3, 1))
        assert plan is None
    assert code in {p.code for p in caught.value.problems}, str(caught.value)


def test_a_page_says_what_it_is(tmp_path: Path) -> None:
    """A state's page that extends another program, or names another state, is refused."""
    with pytest.raises(RuleError, match="page of GA"):
        page(tmp_path, "values: {result: {of: person, is: age, cite: manual 1}}\n")
        (tmp_path / "trial" / "ga.yaml").write_text("extends: trial/us\nstate: CA\n")
        RuleFolder(tmp_path).plan("trial", "GA", date(2026, 3, 1))
