"""The catalogue of facts, and a household's facts in one month."""

from __future__ import annotations

import datetime
import pickle
import re
import timeit
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings, strategies as st

from benefits_rules import model
from benefits_rules.errors import RuleError
from benefits_rules.facts import CERTAIN, DERIVED, ENTITIES, MANY, MAYBE, Catalogue, Facts, load_catalogue, project
from benefits_rules.model import Frozen, Household, read_household
from benefits_rules.source import read_file
from benefits_rules.values import MICRO, AnyOf, Bound, Interval, Maybe

ROOT = Path(__file__).parents[1]
CATALOGUE = load_catalogue(read_file(ROOT / "rules" / "common" / "facts.yaml"))
MARCH = datetime.date(2026, 3, 1)


def facts(usual_values: bool = True, month: datetime.date = MARCH, **keys: Any) -> Facts:
    """The facts of a household of these keys, in Georgia in March 2026."""
    return project(read_household({"state": "GA", "month": "2026-03", **keys}), month, CATALOGUE, usual_values=usual_values)


def ana(**keys: Any) -> list[dict[str, Any]]:
    return [{"id": "ana", **keys}]


def value(found: Facts, entity: str, fact: str, row: int = 0) -> Any:
    return found.rows[entity].columns[fact][row]


def option(entity: str, fact: str, word: str) -> int:
    return CATALOGUE.facts[entity, fact].options.index(word)


# ── the catalogue and the model ───────────────────────────────────────────────────────────────────────────

#: What the model holds that no rule reads by its path: structure, the case itself, and what derived facts read.
NOT_FACTS = {
    "household": {"schema", "state", "month", "months", "evidence", "choices.apply_for", "people", "expenses", "assets",
                  "receives", "food_groups", "tax_returns", "outside_people"},
    "person": {"id", "age", "birth_date", "spouse", "parents", "activities", "income", "medical_expenses", "applying_for", "citizenship.status"},
    "income": {"from", "to", "covers"},
    "medical_expense": {"from", "to", "received_on"},
    "activity": {"from", "to"},
    "expense": {"from", "to", "received_on", "payer"},
    "asset": {"from", "to", "owner"},
    "receipt": {"to", "people", "program"},
}  # fmt: skip
ROWS = (
    model.Person,
    model.Income,
    model.MedicalExpense,
    model.Activity,
    model.Expense,
    model.Asset,
    model.Receives,
    model.Parent,
)
BOUNDS = (model.Between, model.OneOf, model.Partly)


def leaves(part: type[Frozen]) -> dict[str, Any]:
    """Every leaf below a part of the model, by its dotted path of keys, with its annotation."""
    found: dict[str, Any] = {}
    for name, field in part.model_fields.items():
        key = field.alias or name
        if isinstance(field.annotation, type) and issubclass(field.annotation, Frozen):
            found |= {f"{key}.{below}": leaf for below, leaf in leaves(field.annotation).items()}
        else:
            found[key] = (field.annotation, *field.metadata)
    return found


def words(annotation: Any) -> tuple[str, ...]:
    """The options that an annotation offers, apart from unknown and declined."""
    if annotation == model.Word:
        return ()
    parts = annotation if isinstance(annotation, tuple) else get_args(annotation)
    own = tuple(p for p in parts if isinstance(p, str))
    return own or next((found for p in parts if (found := words(p))), ())


@pytest.mark.parametrize("entity", sorted(NOT_FACTS))
def test_model_and_catalogue_agree(entity: str) -> None:
    """Every leaf of the model is a fact or known not to be one, and every fact's `at` is a leaf of the model."""
    part = ENTITIES[entity].model
    assert part is not None
    told = {f.at for f in CATALOGUE.by_entity[entity] if not f.derived}
    assert told | NOT_FACTS[entity] == set(leaves(part))
    assert not told & NOT_FACTS[entity]


@pytest.mark.parametrize("fact", [f for f in CATALOGUE.facts.values() if not f.derived], ids=lambda f: f"{f.entity}.{f.name}")
def test_options_and_ranges_agree(fact: Any) -> None:
    """A fact has the options, the range and the unit that the model's leaf has."""
    part = ENTITIES[fact.entity].model
    assert part is not None
    leaf = leaves(part)[fact.at]
    if fact.options:
        assert words(leaf) == fact.options
    found = re.search(r"_Whole\(lo=(\d+), hi=(\d+)\)", repr(leaf))
    assert found is None or (int(found[1]), int(found[2])) == (fact.lo, fact.hi)
    marks = {"yes/no": "_YesNo", "date": "_Day", "hours/week": "a number of hours", "USD": "money", "USD/period": "money"}
    assert marks.get(fact.unit, "") in repr(leaf)


def test_wording_is_complete() -> None:
    """Every fact is asked in English and in Spanish, names whom it is about, and is short enough to read aloud."""
    for fact in CATALOGUE.facts.values():
        for wording in filter(None, (fact.ask, fact.note)):
            assert wording.en != wording.es
            assert max(len(wording.en), len(wording.es)) <= 150
            blanks = set(re.findall(r"\{(\w+)\}", wording.en))
            assert blanks == set(re.findall(r"\{(\w+)\}", wording.es))
            assert blanks <= {"person"} | (
                {"other"} if fact.entity == "pair" else {"outsider"} if fact.entity == "tie" else set()
            )
        assert fact.ask.en.endswith("?")
        assert fact.ask.es.endswith("?")
        assert "¿" in fact.ask.es
        assert (
            "{person}" in fact.ask.en or fact.entity in ("household", "expense", "asset", "tie") or fact.name.endswith("_every")
        )


def test_every_derived_fact_has_its_function() -> None:
    """Derived facts and the functions that derive them are the same set."""
    assert {key for key, fact in CATALOGUE.facts.items() if fact.derived} == set(DERIVED)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("disabled: {unit: yes/no, kind: told, ask: {en: a, es: b}, colour: red}", "unknown-key"),
        ("disabled: {unit: yes/no, kind: told}", "missing-key"),
        ("disabled: {unit: furlongs, kind: told, ask: {en: a, es: b}}", "word"),
        ("disabled: {unit: yes/no, kind: sometimes, ask: {en: a, es: b}}", "word"),
        ("disabled: {unit: yes/no, kind: usual, ask: {en: a, es: b}}", "fact"),
        ("disabled: {unit: yes/no, kind: usual, usual: maybe, ask: {en: a, es: b}}", "value"),
        ("height: {unit: count, range: [0, 9], kind: told, ask: {en: a, es: b}}", "fact"),
        ("expected_children: {unit: count, kind: told, ask: {en: a, es: b}}", "range"),
        ("expected_children: {unit: count, range: [0], kind: told, ask: {en: a, es: b}}", "range"),
        ("disabled: {unit: yes/no, kind: told, ask: {en: a}}", "missing-key"),
        ("disabled: {unit: yes/no, kind: told, ask: {en: a, es: b}, only: {blind: yes}, otherwise: no}", "gate"),
        ("disabled: {unit: yes/no, kind: told, ask: {en: a, es: b}, otherwise: no}", "gate"),
        ("disabled: [1]", "shape"),
    ],
)
def test_catalogue_is_read_strictly(line: str, code: str, tmp_path: Path) -> None:
    """What the catalogue should not say is refused with a code and a place."""
    path = tmp_path / "facts.yaml"
    path.write_text(f"facts:\n  person:\n    {line}\n")
    with pytest.raises(RuleError) as caught:
        load_catalogue(read_file(path))
    assert caught.value.problems[0].code == code
    assert caught.value.problems[0].file == "facts.yaml"


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────


def test_georgia_family() -> None:
    """The contract's household gives the figures that it tells, in their encodings."""
    found = project(Household.read(ROOT / "examples" / "georgia_family.yaml"), MARCH, CATALOGUE)
    people, income = found.rows["person"].columns, found.rows["income"]
    assert found.people == ("ana", "ben", "lea", "gus")
    assert people["age"] == [34, 36, 4, 17]
    assert people["disabled"] == [False, True, False, False]
    assert value(found, "household", "county") == 13121
    assert income.owner == (0, 1, 3)
    assert income.columns["amount"] == [725 * MICRO, 990 * MICRO, 95 * MICRO]
    assert people["applies_tanf"] == [True, True, True, False]
    assert people["citizenship_since"][1] == datetime.date(2017, 5, 1).toordinal()
    assert people["child_care_hours_per_week"] == [0, 0, 40 * MICRO, 0]
    assert value(found, "expense", "amount", 1) == Interval(
        0, CATALOGUE.facts["expense", "amount"].hi, frozenset({"expenses.1.amount"})
    )
    assert found.rows["asset"].link == (0,)
    assert [a.people for a in found.assumptions if a.fact == "fleeing_felon"] == [("ana", "ben", "lea", "gus")]


def test_not_told_is_a_bound_that_names_its_path() -> None:
    """A told fact that is absent, unknown or declined is a bound over its whole range, waiting for its path."""
    for told in ({}, {"age": "unknown", "disabled": "unknown"}, {"age": "declined", "disabled": "declined"}):
        found = facts(people=ana(**told))
        assert value(found, "person", "age") == Interval(0, 130, frozenset({"people.ana.age"}))
        assert value(found, "person", "disabled") == Maybe(frozenset({"people.ana.disabled"}))
    status = value(found, "person", "citizenship_status")
    assert status == AnyOf(frozenset(range(24)), frozenset({"people.ana.citizenship.status"}))


def test_bounds_are_kept_and_exact_where_their_ends_meet() -> None:
    """{min, max} is an interval and {any_of} a set; where one value is left, it is exact."""
    path = frozenset({"people.ana.age"})
    assert value(facts(people=ana(age={"min": 17, "max": 19})), "person", "age") == Interval(17, 19, path)
    assert value(facts(people=ana(age={"min": 17, "max": 17})), "person", "age") == 17
    found = facts(people=ana(citizenship={"status": {"any_of": ["refugee", "asylee"]}}, disabled={"any_of": [True]}))
    assert value(found, "person", "citizenship_status").options == {3, 4}
    assert value(found, "person", "disabled") is True
    assert value(facts(people=ana(), county={"any_of": ["13121", "13089"]}), "household", "county").options == {13121, 13089}


def test_usual_value_stands_in_only_where_nothing_is_told() -> None:
    """A usual value is used and named where the fact is not told, never for unknown or declined, nor when not wanted."""
    found = facts(people=[{"id": "ana"}, {"id": "ben", "fleeing_felon": "declined"}])
    assert found.rows["person"].columns["fleeing_felon"] == [False, Maybe(frozenset({"people.ben.fleeing_felon"}))]
    assert [(a.people, a.value) for a in found.assumptions if a.fact == "fleeing_felon"] == [(("ana",), False)]
    assert not [a for a in found.assumptions if a.fact == "snap_disqualified"]  # a bar is on file or is not: closed
    bare = facts(False, people=ana())
    assert bare.assumptions == ()
    assert value(bare, "person", "fleeing_felon") == Maybe(frozenset({"people.ana.fleeing_felon"}))


def test_a_gated_fact_waits_for_its_gate() -> None:
    """A fact without meaning has its other value, and where that is open it is the join of both."""
    assert value(facts(people=ana(pregnant=False)), "person", "expected_children") == 0
    assert value(facts(people=ana(pregnant=True, expected_children=2)), "person", "expected_children") == 2
    joined = value(facts(people=ana(expected_children=2)), "person", "expected_children")
    assert joined == Interval(0, 2, frozenset({"people.ana.pregnant"}))
    rows = [{"source": {"any_of": ["wages", "rental"]}, "amount": 5, "every": "month", "costs": 3}, {"source": "wages"}]
    found = facts(people=ana(income=rows)).rows["income"].columns["costs"]
    assert found == [Interval(0, 3 * MICRO, frozenset({"people.ana.income.0.source"})), 0]


@settings(deadline=None)
@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2026, 2, 28)), st.integers(0, 11))
def test_age_is_counted_on_the_first_of_the_month(birth: datetime.date, later: int) -> None:
    """An age from a birth date is the completed years on the first of the month that is asked for."""
    month = datetime.date(2026 + (2 + later) // 12, (2 + later) % 12 + 1, 1)
    had = month.year - birth.year - ((birth.month, birth.day) > (month.month, month.day))
    assert value(facts(month=month, people=ana(birth_date=birth.isoformat())), "person", "age") == had


def test_an_age_told_for_another_month_may_have_risen() -> None:
    """An age told for the first month is exact there, and one of two in the months after it."""
    people = ana(age=17)
    assert value(facts(people=people), "person", "age") == 17
    later = value(facts(people=people, month=datetime.date(2026, 9, 1)), "person", "age")
    assert later == Interval(17, 18, frozenset({"people.ana.birth_date"}))
    assert value(facts(people=people, month=datetime.date(2027, 3, 1)), "person", "age") == 18
    assert value(facts(people=people, month=datetime.date(2026, 1, 1)), "person", "age").lo == 16


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────


def wages(**keys: Any) -> dict[str, Any]:
    return {"source": "wages", "amount": 100, "every": "month", **keys}


@pytest.mark.parametrize(
    ("row", "presence"),
    [
        (wages(), (CERTAIN,)),
        (wages(**{"from": "2026-03-31"}), (CERTAIN,)),
        (wages(**{"from": "2026-04-01"}), ()),
        (wages(to="2026-03-01"), (CERTAIN,)),
        (wages(to="2026-02-28"), ()),
        (wages(to="unknown"), (MAYBE,)),
        (wages(**{"from": {"min": "2026-03-01", "max": "2026-04-01"}}), (MAYBE,)),
        (wages(to={"min": "2026-03-01", "max": "2026-12-31"}), (CERTAIN,)),
        (wages(every="once", received_on="2026-03-15"), (CERTAIN,)),
        (wages(every="once", received_on="2026-02-15"), ()),
        (wages(every="once", received_on="declined"), (MAYBE,)),
        (wages(every={"any_of": ["once", "week"]}), (MAYBE,)),
        (wages(every={"any_of": ["month", "week"]}), (CERTAIN,)),
        (wages(every="unknown"), (MAYBE,)),
    ],
)
def test_a_row_counts_in_its_months_only(row: dict[str, Any], presence: tuple[int, ...]) -> None:
    """A row outside the month is left out; one whose days are open may be there, and says what it waits for."""
    rows = facts(people=ana(income=[row])).rows["income"]
    assert rows.presence == presence
    assert all(bool(why) == (p == MAYBE) for p, why in zip(rows.presence, rows.why, strict=True))


def test_a_bill_without_a_period_is_a_standing_one() -> None:
    """A utility that is only named is there for certain; only its amount is open."""
    assert facts(people=ana(), expenses=[{"kind": "heating_or_cooling"}]).rows["expense"].presence == (CERTAIN,)


def test_lists_not_told_and_told_in_part() -> None:
    """An absent list is many rows of any kind, [] is none, and one told in part is its rows and many of the kinds it names."""
    many = facts(people=ana()).rows["income"]
    assert many.presence == (MANY,)
    assert many.why == (frozenset({"people.ana.income"}),)
    assert all(isinstance(column[0], Bound) for name, column in many.columns.items() if name != "in_month")
    assert facts(people=ana(income=[])).rows["income"].presence == ()
    part = facts(people=ana(income={"rows": [wages()], "unknown": ["ssi", "gift"]})).rows["income"]
    assert part.presence == (CERTAIN, MANY)
    kinds = frozenset({option("income", "source", "ssi"), option("income", "source", "gift")})
    assert part.columns["source"][1] == AnyOf(kinds, frozenset({"people.ana.income"}))
    one = facts(people=ana(income={"rows": [], "unknown": ["gift"]})).rows["income"]
    assert one.columns["source"] == [option("income", "source", "gift")]
    assert one.columns["costs"] == [0]


def test_receipts() -> None:
    """Cash assistance that is told as income is a receipt of each person whom it covers; so is each row of receives."""
    people = [
        {"id": "ana", "income": [{"source": "tanf", "amount": 200, "every": "month", "covers": ["ana", "lea"]}]},
        {"id": "ben", "income": [{"source": "ssi", "amount": 994, "every": "month"}, wages()]},
        {"id": "lea", "income": []},
    ]
    receives = [
        {"program": "liheap", "people": ["ana", "ben"], "from": "2026-01-10"},
        {"program": "snap", "people": ["ana"], "to": "2026-02-01"},
    ]
    rows = facts(people=people, receives=receives).rows["receipt"]
    programs = CATALOGUE.facts["receipt", "program"].options
    assert [(who, programs[p]) for who, p in zip(rows.owner, rows.columns["program"], strict=True)] == [
        (0, "tanf"), (2, "tanf"), (1, "ssi"), (0, "liheap"), (1, "liheap"),
    ]  # fmt: skip
    assert rows.presence == (CERTAIN,) * 5


def test_receipts_not_told() -> None:
    """Where income or receives is not told, anybody may receive help; a source that is open may be cash assistance."""
    rows = facts(people=[{"id": "ana"}, {"id": "ben", "income": []}], receives=[]).rows["receipt"]
    cash = frozenset(option("receipt", "program", p) for p in ("ssi", "tanf", "general_assistance"))
    assert (rows.owner, rows.presence) == ((0, 1), (MANY, MANY))
    assert rows.columns["program"] == [AnyOf(cash, frozenset({"people.ana.income"}))] * 2
    assert facts(people=ana(income=[])).rows["receipt"].presence == (MANY,)
    maybe = facts(people=ana(income=[wages(source={"any_of": ["wages", "ssi"]})]), receives=[]).rows["receipt"]
    assert maybe.presence == (MAYBE,)
    assert maybe.why == (frozenset({"people.ana.income.0.source"}),)
    assert maybe.columns["program"] == [option("receipt", "program", "ssi")]


def family(**keys: Any) -> Facts:
    people = [
        {"id": "ana", "spouse": "ben"},
        {"id": "ben"},
        {"id": "lea", "parents": ["ana", {"id": "ben", "kind": "step"}]},
        {"id": "max", "parents": [{"id": "ana", "kind": "foster"}]},
        {"id": "gus", "parents": [{"id": "ben", "kind": "guardian"}]},
    ]
    return facts(people=people, outside_people=[{"id": "dad", "age": 40, "parent_of": ["lea", "gus"]}], **keys)


def pairs(found: Facts, fact: str, entity: str = "pair") -> set[tuple[str, str]]:
    rows = found.rows[entity]
    others = found.outsiders if entity == "tie" else found.people
    told = zip(rows.owner, rows.link, rows.columns[fact], strict=True)
    return {(found.people[a], others[b]) for a, b, holds in told if holds is True}


def test_pairs_and_ties() -> None:
    """Marriage, parenthood, siblings and foster care are read from both sides, in the home and outside."""
    found = family()
    assert pairs(found, "spouse") == {("ana", "ben"), ("ben", "ana")}
    assert pairs(found, "parent") == {("ana", "lea"), ("ben", "lea")} == {(b, a) for a, b in pairs(found, "child")}
    assert pairs(found, "foster_parent") == {("ana", "max")}
    assert pairs(found, "guardian") == {("ben", "gus")}
    assert pairs(found, "sibling") == {("lea", "gus"), ("gus", "lea")}
    assert pairs(found, "parent", "tie") == {("lea", "dad"), ("gus", "dad")}
    assert not pairs(found, "child", "tie")
    assert value(found, "tie", "age") == 40
    assert len(found.rows["pair"].owner) == 20
    assert len(found.rows["tie"].owner) == 5


def test_taxes_and_food() -> None:
    """Who files, who is claimed by whom, and who eats together are open until told, then exact."""
    open_ = family()
    for fact, why in (("claims", "tax_returns"), ("files_jointly", "tax_returns"), ("buys_food_with", "food_groups")):
        assert open_.rows["pair"].columns[fact] == [Maybe(frozenset({why}))] * 20
    assert value(open_, "person", "files_taxes") == Maybe(frozenset({"tax_returns"}))
    returns = [{"filers": ["ana", "ben"], "dependents": ["lea"]}, {"filers": ["dad"], "dependents": ["gus"]}]
    found = family(tax_returns=returns, food_groups=[["ana", "ben", "lea"], ["max"], ["gus"]])
    assert pairs(found, "claims") == {("ana", "lea"), ("ben", "lea")}
    assert len(pairs(found, "files_jointly")) == 2
    assert pairs(found, "claimed_by", "tie") == {("gus", "dad")}
    people = found.rows["person"].columns
    assert people["files_taxes"] == [True, True, False, False, False]
    assert people["claimed_as_dependent"] == [False, False, True, False, True]
    assert people["claimed_by_outsider"] == [False, False, False, False, True]
    assert len(pairs(found, "buys_food_with")) == 6


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(leaves(model.Person))), max_size=12, unique=True), st.booleans())
def test_every_column_is_whole_and_in_range(gone: list[str], usual: bool) -> None:
    """Whatever is left out, each column has a value for each row, of its unit and within its range."""
    plain = Household.read(ROOT / "examples" / "georgia_family.yaml").to_dict()
    for person in plain["people"]:
        for key in {path.partition(".")[0] for path in gone} - {"id", "spouse", "parents"}:
            person.pop(key, None)
    plain.pop("evidence")
    found = project(read_household(plain), MARCH, CATALOGUE, usual_values=usual)
    for (entity, name), fact in CATALOGUE.facts.items():
        rows = found.rows[entity]
        assert len(rows.columns[name]) == len(rows.owner) == len(rows.link) == len(rows.presence) == len(rows.why)
        for held in rows.columns[name]:
            if isinstance(held, Bound):
                assert held.why
                ends = (
                    [held.lo, held.hi]
                    if isinstance(held, Interval)
                    else sorted(held.options)
                    if isinstance(held, AnyOf)
                    else [0, 1]
                )
            else:
                assert isinstance(held, bool) is (fact.unit == "yes/no")
                ends = [held, held]
            assert fact.lo <= ends[0] <= ends[-1] <= fact.hi


def holds(held: Any, exact: Any) -> bool:
    """Whether a value that may be a bound allows an exact one."""
    if isinstance(held, Interval):
        return bool(held.lo <= exact <= held.hi)
    if isinstance(held, AnyOf):
        return exact in held.options
    return isinstance(exact, bool) if isinstance(held, Maybe) else bool(held == exact)


FACT_LEAVES = sorted({f.at for f in CATALOGUE.by_entity["person"] if f.at} | {"age"})


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(FACT_LEAVES), st.sampled_from([None, "unknown", "declined"])), max_size=12
    )
)
def test_what_is_not_known_allows_what_is_so(hidden: list[tuple[int, str, str | None]]) -> None:
    """Hiding facts of people never gives a value that the whole story contradicts (usual values apart)."""
    whole = Household.read(ROOT / "examples" / "georgia_family.yaml").to_dict()
    whole.pop("evidence")
    truth = project(read_household(whole), MARCH, CATALOGUE, usual_values=False)
    for who, path, word in hidden:
        part: Any = whole["people"][who]
        *names, last = path.split(".")
        for name in names:
            part = part.setdefault(name, {})
        part.pop(last, None)
        if word:
            part[last] = word
    partial = project(read_household(whole), MARCH, CATALOGUE, usual_values=False)
    for (entity, name), _ in CATALOGUE.facts.items():
        for held, told in zip(partial.rows[entity].columns[name], truth.rows[entity].columns[name], strict=True):
            assert isinstance(told, Bound) or holds(held, told), (entity, name)


def test_facts_show_nothing() -> None:
    """The repr of a household's facts holds none of them."""
    assert repr(facts(people=ana(age=34))) == "Facts()"


def test_money_encoding_ignores_the_decimal_context() -> None:
    """A caller's decimal context cannot change a cent."""
    import decimal

    with decimal.localcontext(prec=3):
        rows = [wages(amount=Decimal("1234567.89"))]
        assert value(facts(people=ana(income=rows)), "income", "amount") == 1_234_567_890_000


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(sorted(CATALOGUE.facts))), st.booleans())
def test_only_what_is_wanted_is_made(keys: set[tuple[str, str]], usual: bool) -> None:
    """Limited to some facts, the projection gives the same rows and the same columns of these, and of their gates only."""
    house = Household.read(ROOT / "examples" / "georgia_family.yaml")
    every = project(house, MARCH, CATALOGUE, usual_values=usual)
    some = project(house, MARCH, CATALOGUE, usual_values=usual, wanted=frozenset(keys))
    gates = set(keys)
    while more := {(e, g.fact) for e, n in gates if (g := CATALOGUE.facts[e, n].gate)} - gates:
        gates |= more
    assert {(e, n) for e, rows in some.rows.items() for n in rows.columns} == gates
    for entity, rows in some.rows.items():
        whole = every.rows[entity]
        assert (rows.owner, rows.link, rows.presence, rows.why) == (whole.owner, whole.link, whole.presence, whole.why)
        assert all(whole.columns[name] == column for name, column in rows.columns.items())
    assert list(some.assumptions) == [a for a in every.assumptions if ("person", a.fact) in gates]


@pytest.mark.deep
def test_projection_is_quick() -> None:
    """A household of four is projected in well under two milliseconds, whatever the machine is doing."""
    house = Household.read(ROOT / "examples" / "georgia_family.yaml")
    assert min(timeit.repeat(lambda: project(house, MARCH, CATALOGUE), number=10, repeat=5)) / 10 < 0.002


def test_catalogue_names_every_entity() -> None:
    """Each entity of the rules has facts; the catalogue goes to another process as it is."""
    assert pickle.loads(pickle.dumps(CATALOGUE)) == CATALOGUE
    assert isinstance(CATALOGUE, Catalogue)
    assert set(CATALOGUE.by_entity) == set(ENTITIES) == {e for e, _ in CATALOGUE.facts}
