"""The household model: what it takes, what it refuses, and what it never shows."""

from __future__ import annotations

import contextlib
import copy
import json
import pickle
import sys
import time
import tracemalloc
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from benefits_rules.errors import HouseholdError
from benefits_rules.model import Between, Household, OneOf, Partly, Person, read_household
from benefits_rules.shape import Story, parts_at

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
GEORGIA = ROOT / "examples" / "georgia_family.yaml"


def plain() -> dict[str, Any]:
    """A small household that is right in everything."""
    return {
        "state": "GA",
        "month": "2026-03",
        "people": [
            {"id": "ana", "age": 34, "spouse": "ben", "income": [{"source": "wages", "amount": 725, "every": "half_month"}]},
            {"id": "ben", "age": 36, "spouse": "ana", "pregnant": False},
            {"id": "lea", "age": 4, "parents": ["ana", {"id": "ben", "kind": "step"}]},
        ],
        "expenses": [{"kind": "rent", "amount": "950.00", "every": "month"}],
        "food_groups": [["ana", "ben", "lea"]],
        "tax_returns": [{"filers": ["ana", "ben"], "dependents": ["lea"]}],
    }


def problems(source: Any) -> list[str]:
    with pytest.raises(HouseholdError) as caught:
        read_household(source)
    return str(caught.value).splitlines()


def put(path: str, value: Any) -> dict[str, Any]:
    """The small household with one place set to a value."""
    whole = plain()
    part: Any = whole
    *names, last = path.split(".")
    for name in names:
        part = part[int(name) if isinstance(part, list) else name]
    part[int(last) if isinstance(part, list) else last] = value
    return whole


def test_contract_example_reads() -> None:
    """The contract's example is a household, and its figures are exact."""
    house = Household.read(GEORGIA)
    assert [p.id for p in house.people] == ["ana", "ben", "lea", "gus"]
    income = house.people[0].income
    assert isinstance(income, tuple)
    assert income[0].amount == Decimal("725.00")


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
def test_contract_example_is_the_shared_one() -> None:
    """The example that we ship is the contract's, word for word."""
    assert GEORGIA.read_bytes() == (SHARED / "contract" / "household.example.yaml").read_bytes()


@pytest.mark.skipif(not (SHARED / "oracle" / "households.jsonl").exists(), reason="../shared is absent")
def test_every_oracle_household_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """All 2,040 households of the oracle are read, and read again from their canonical form."""
    monkeypatch.syspath_prepend(str(SHARED / "oracle"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    import to_contract  # type: ignore[import-not-found]

    lines = (SHARED / "oracle" / "households.jsonl").read_text().splitlines()
    houses = [read_household(json.dumps(to_contract.household(json.loads(line)))) for line in lines]
    assert len(houses) == 2040
    assert all(read_household(house.to_dict()) == house for house in houses)


def test_canonical_form_reads_back_equal() -> None:
    """A household's canonical form, as data and as JSON text, reads back to an equal household; so does its pickle."""
    house = Household.read(GEORGIA)
    assert read_household(house.to_dict()) == house
    assert read_household(json.dumps(house.to_dict())) == house
    assert pickle.loads(pickle.dumps(house)) == house
    assert "outside_people" not in house.to_dict()
    assert house.to_dict()["people"][0]["activities"]


def test_bounds_and_words_are_kept_apart() -> None:
    """Not told, unknown, declined, a range, a choice and a list told in part are six different things."""
    whole = plain()
    ana, ben, lea = whole["people"]
    ana["income"] = {
        "rows": [{"source": "wages", "amount": {"min": 900, "max": 1200}, "every": "declined"}],
        "unknown": ["unemployment"],
    }
    ben["citizenship"] = {"status": {"any_of": ["refugee", "asylee"]}}
    ben["income"], lea["income"] = "declined", []
    house = read_household(whole)
    told = house.people[0].income
    assert isinstance(told, Partly)
    assert told.unknown == ("unemployment",)
    assert isinstance(told.rows[0].amount, Between)
    assert told.rows[0].amount.max == Decimal("1200.00")
    assert told.rows[0].every == "declined"
    assert isinstance(house.people[1].citizenship.status, OneOf)
    assert (house.people[1].income, house.people[2].income, house.assets) == ("declined", (), None)
    assert read_household(house.to_dict()) == house


@pytest.mark.parametrize("amount", [0, 12, 12.1, "12.34", Decimal("9999999.99"), 0.07, Decimal("5.10"), "3.500", Decimal("1E+3")])
def test_money_is_exact(amount: Any) -> None:
    """Money is taken as int, Decimal, text or float, and kept to the cent, whatever the decimal context."""
    row = read_household(put("expenses.0.amount", amount)).to_dict()["expenses"][0]
    assert Decimal(row["amount"]) == Decimal(str(amount))
    assert len(row["amount"].partition(".")[2]) == 2


@pytest.mark.parametrize(
    "amount",
    [-1, 1.005, "1.234", 10_000_000, float("nan"), float("inf"), Decimal("1e400"), Decimal("1e-400000"), True, "1,000", "1e3",
     "$5", "",
     " 5", [], 10**400, "१२", Decimal("NaN"), Decimal("sNaN"), "-0.01", "1_000"],
)  # fmt: skip
def test_money_that_is_none_is_refused(amount: Any) -> None:
    """What is not a plain amount under $10 million with at most two decimals is one problem at its path."""
    found = problems(put("people.0.income.0.amount", amount))
    assert len(found) == 1
    assert found[0].startswith("people.ana.income.0.amount: ")


REFUSED: list[tuple[str, Any, str]] = [
    ("state", "ZZ", "state: there is no such state"),
    ("state", "unknown", "state: there is no such state"),
    ("month", "2026-13", "month: there is no such month"),
    ("months", 25, "months: this is not a whole number in range"),
    ("county", "06037", "county: the county is not in the state"),
    ("county", 13121, "county: this is not a county"),
    ("people", [], "people: this list has too few rows"),
    ("people", [{"id": f"p{i}"} for i in range(41)], "people: this list has too many rows"),
    ("people.1.id", "ana", "people.1.id: this id stands for somebody else already"),
    ("people.0.id", "Ana Maria", "people.0.id: this is not an id"),
    ("people.0.id", "123-45-6789", "people.0.id: this is not an id"),
    ("people.0.age", 131, "people.ana.age: this is not a whole number in range"),
    ("people.0.age", True, "people.ana.age: this is not a whole number in range"),
    ("people.0.age", {"min": 9, "max": 3}, "people.ana.age: min is more than max"),
    ("people.0.birth_date", "2026-02-30", "people.ana.birth_date: there is no such day"),
    ("people.0.birth_date", "1980-01-01", "people.ana.age: age and birth_date say different things"),
    ("people.0.spouse", "zed", "people.ana.spouse: there is no person with this id"),
    ("people.0.spouse", "ana", "people.ana.spouse: a person cannot be their own spouse"),
    ("people.2.spouse", "ana", "people.ana.spouse: two people are told as the spouse of this person"),
    ("people.0.parents", ["ana"], "people.ana.parents: a person cannot be their own parent"),
    ("people.0.parents", ["lea"], "people.ana.parents: the parents go round in a circle"),
    ("people.0.disabled", "no", "people.ana.disabled: this is not true or false"),
    ("people.0.disabled", None, "people.ana.disabled: there is nothing here"),
    ("people.0.incom", [], "did you mean `income`?"),
    ("people.0.income.0.sorce", "wages", "did you mean `source`?"),
    ("people.0.income.0.source", "wagse", "did you mean `wages`?"),
    ("people.0.income.0.every", "once", "people.ana.income.0.received_on: the day is missing"),
    ("people.0.income.0.costs", 5, "people.ana.income.0.costs: only self-employment"),
    ("people.0.income.0.hours", 5, "people.ana.income.0.hours: this belongs to pay by the hour only"),
    ("people.0.income.0.covers", ["zed"], "people.ana.income.0.covers.0: there is no person with this id"),
    ("people.0.income", {"rows": [], "unknown": []}, "people.ana.income.unknown: this list has too few rows"),
    ("people.0.income", [{"source": "wages"}] * 41, "people.ana.income: this list has too many rows"),
    ("people.0.income", 5, "people.ana.income: this is not a list"),
    ("people.0.income.0", {"amount": 5}, "people.ana.income.0.source: this key is missing"),
    ("people.1.expected_children", 1, "people.ben.expected_children: babies are expected"),
    ("expenses.0.from", "2026-05-01", ""),
    ("expenses.0.payer", "zed", "expenses.0.payer: there is no person with this id"),
    ("food_groups", [["ana", "ben"]], "food_groups: somebody is in no food group"),
    ("food_groups", [["ana", "ben"], ["ana", "lea"]], "food_groups.1.0: this person is in a food group already"),
    ("tax_returns", [{"filers": ["ana"]}, {"filers": ["ana"]}], "tax_returns.1.filers.0: this person files another return too"),
    ("tax_returns", [{"filers": ["ana"], "dependents": ["lea"]}, {"filers": ["ben"], "dependents": ["lea"]}],
     "tax_returns.1.dependents.0: this person is claimed on another return too"),
    ("outside_people", [{"id": "dad", "parent_of": ["zed"]}], "outside_people.0.parent_of.0: there is no person with this id"),
    ("evidence", {"people.ana.incom.0": {"source": "document"}}, "evidence.0: nothing is told at this path"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "problem"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_one_fault_gives_one_clear_problem(path: str, value: Any, problem: str) -> None:
    """Each fault is named where it stands, with its mend; nothing else is said."""
    if not problem:
        read_household(put(path, value))  # a row may begin later
        return
    found = problems(put(path, value))
    assert any(problem in line for line in found), found
    assert len(found) == 1 or path in (
        "people.0.id",
        "people.1.id",
        "people",
        "people.0.spouse",
        "people.2.spouse",
        "people.0.parents",
    )
    assert all("(" in line for line in found)


def test_a_row_may_not_end_before_it_begins() -> None:
    """`to` before `from` is a fault of the row."""
    whole = put("expenses.0.from", "2026-05-01")
    whole["expenses"][0]["to"] = "2026-04-01"
    assert problems(whole) == ["expenses.0.to: the row ends before it begins (mend from or to)"]


def test_all_faults_are_reported_together() -> None:
    """Faults of leaves and faults of the whole come in one report."""
    whole = plain()
    whole["state"], whole["month"] = "ZZ", 7
    whole["people"][0] |= {"age": -1, "incom": []}
    whole["people"][2]["parents"] = ["zed"]
    whole["food_groups"] = [["ana"]]
    paths = {line.partition(":")[0] for line in problems(whole)}
    assert paths == {"state", "month", "people.ana.age", "people.ana.incom", "people.lea.parents.0", "food_groups"}


def test_spouse_told_by_one_side_is_taken_as_mutual() -> None:
    """A marriage that only one of the two tells is no fault."""
    whole = plain()
    del whole["people"][1]["spouse"]
    read_household(whole)


YAML = "state: GA\nmonth: 2026-03\npeople:\n  - id: ana\n    disabled: {}\n"


@pytest.mark.parametrize(
    "word",
    ["yes", "no", "NO", "on", "Off", "y", "True", "null", "~", "", "010", "1:30", "1_000", ".inf", "-.INF", ".nan",
     "0x1F", "1e5", "+5", "0o17", "1.", ".5"],
)  # fmt: skip
def test_yaml_surprises_are_refused(word: str) -> None:
    """A plain scalar that YAML readers read differently is refused, with its line."""
    (found,) = problems(YAML.format(word))
    assert found.startswith("people.ana.disabled: ")
    assert "(line 5)" in found


HOSTILE: list[tuple[str, bytes]] = [
    ("twice.yaml", b"state: GA\nstate: AL\n"),
    ("alias.yaml", b"a: &x 1\nb: *x\n"),
    ("tag.yaml", b"a: !!python/object:os.system x\n"),
    ("deep.yaml", b"a: " + b"[" * 100_000),
    ("broken.yaml", b"state: [GA\nmonth: 5: 6\n"),
    ("latin.yaml", b"state: \xff\xfe\n"),
    ("nul.yaml", b"state: \x00\n"),
    ("documents.yaml", b"state: GA\n---\nstate: GA\n"),
    ("large.yaml", b"#" * 3_000_000),
    ("empty.yaml", b""),
    ("list.yaml", b"- 1\n"),
    ("words.yaml", b"people:\n" + b"  - no\n" * 90_000),
    ("keys.yaml", b"".join(b"k%d: 010\n" % i for i in range(60_000))),
    ("keys.json", b'{"a": 0' + b"".join(b',"k%d":null' % i for i in range(100_000)) + b"}"),
    ("twice.json", b'{"state": "GA", "state": "AL"}'),
    ("deep.json", b'{"a":' + b"[" * 200_000),
    ("nested.json", b'{"people": ' + b"[" * 60 + b"]" * 60 + b"}"),
    ("rows.json", b'{"people":[' + b"{}," * 600_000 + b"1]}"),
    ("nan.json", b'{"state": NaN}'),
    ("big.json", b'{"state": 1e400}'),
    ("digits.json", b'{"state": ' + b"9" * 10_000 + b"}"),
    ("null.json", b'{"state": null}'),
    ("broken.json", b'{"state": "GA",}'),
    ("latin.json", b'{"state": "\xff"}'),
    ("text.json", b'"state"'),
]


@pytest.mark.parametrize(("name", "data"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_hostile_text_is_refused(name: str, data: bytes, tmp_path: Path) -> None:
    """Malformed and hostile text is refused by our exception alone, however much is wrong with it, in few words."""
    path = tmp_path / name
    path.write_bytes(data)
    for source in (path, data):
        with pytest.raises(HouseholdError) as caught:
            read_household(source)
        assert 0 < len(caught.value.problems) <= 101
        assert len(str(caught.value)) < 20_000


@pytest.mark.deep
@pytest.mark.parametrize(("name", "data"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_hostile_text_takes_little(name: str, data: bytes, tmp_path: Path) -> None:
    """Hostile text takes at most a second of processor time, the best of three, and 100 MB of Python's memory."""
    path = tmp_path / name
    path.write_bytes(data)
    taken = []
    for _ in range(3):
        began = time.process_time()
        with pytest.raises(HouseholdError):
            Household.read(path)
        taken.append(time.process_time() - began)
    assert min(taken) < 1
    tracemalloc.start()
    try:
        with pytest.raises(HouseholdError):
            Household.read(path)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_faults_of_the_text_name_file_and_line() -> None:
    """A fault of the text's form is named by file and line, without the line itself."""
    (found,) = problems("state: GA\nsecret: &anchor 5\n")
    assert found.startswith("household:2: ")
    assert "secret" not in found


def test_data_that_holds_itself_is_refused() -> None:
    """Data without an end is refused like any other that is too large."""
    endless: dict[str, Any] = plain()
    endless["people"] = [endless, endless]
    assert problems(endless) == ["household: there are more than 50,000 values (tell one household)"]


def test_a_missing_file_does_not_show_its_path() -> None:
    """A path that cannot be read may be a household's text: it is not repeated."""
    (found,) = problems("state: GA, people: []")
    assert "GA" not in found


def test_a_household_made_in_python_is_checked_alike() -> None:
    """Called with bad data, or validated by pydantic, Household raises our exception, which says all and shows nothing."""
    bad: dict[str, Any] = {"state": "ZZ", "month": "2026-03", "people": [{"id": "ana", "age": 777}]}
    people: Any = [{"id": "ana", "spouse": "zed"}, Person(id="ben")]
    for make, paths in (
        (lambda: Household(**bad), ["state", "people.ana.age"]),
        (lambda: Household.model_validate(bad), ["state", "people.ana.age"]),
        (lambda: Household.model_validate_json(json.dumps(bad)), ["state", "people.ana.age"]),
        (lambda: Household(state="GA", month="2026-03", people=people), ["people.ana.spouse"]),
        (lambda: Household.model_validate(7), ["household"]),
    ):
        with pytest.raises(HouseholdError) as caught:
            make()
        assert [p.path for p in caught.value.problems] == paths
        assert not any(word in str(caught.value) for word in ("ZZ", "777", "zed"))
    assert Household(**plain()) == read_household(plain())


def test_evidence_of_any_name_is_counted() -> None:
    """A key of evidence is never shown nor taken for part of the path, whatever it is called."""
    for key in ("rows", "unknown", "0"):
        assert [line.partition(":")[0] for line in problems(put("evidence", {key: []}))] == ["evidence.0"]


def test_repr_shows_counts_only() -> None:
    """No repr or str of a household, or of a part of it, shows what it holds."""
    house = Household.read(GEORGIA)
    shown = repr(house) + str(house) + repr(house.people[1]) + str(house.people[0].income)
    assert "people=4" in shown
    assert not any(word in shown for word in ("GA", "13121", "ana", "990", "725", "wages", "disabled", "2017"))


def leaves(part: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(part, dict):
        return [leaf for key, value in part.items() for leaf in leaves(value, (*at, key))]
    if isinstance(part, list):
        return [leaf for i, value in enumerate(part) for leaf in leaves(value, (*at, i))]
    return [at]


#: All places but the ids of people, which are opaque by contract and stand in paths.
LEAVES = [leaf for leaf in leaves(Household.read(GEORGIA).to_dict()) if leaf[-1] != "id"]
Secret = st.one_of(
    st.integers(10**9, 10**30), st.text("QXZJ0123456789", min_size=8).map(lambda t: f"Zq{t}"),
    st.integers(0, 10**9).map(lambda n: float(f"7{n:09d}.875")), st.integers(10**8, 10**9).map(lambda n: [f"Zq{n}"]),
    st.integers(10**8, 10**9).map(lambda n: {f"Zq{n}": n}),
    st.integers(10**8, 10**9).map(lambda n: {"min": n * 7, "max": f"Zq{n}"}),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LEAVES), Secret), min_size=1, max_size=6))
def test_no_value_ever_leaks(secrets: list[tuple[tuple[Any, ...], Any]]) -> None:
    """Whatever stands where it should not, in whatever leaf, no message, repr or cause shows it."""
    whole = copy.deepcopy(Household.read(GEORGIA).to_dict())
    for path, secret in secrets:
        part: Any = whole
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = secret
    try:
        shown = repr(read_household(whole))
    except HouseholdError as error:
        shown = f"{error}{error!r}{error.__cause__}" + ("" if error.__suppress_context__ else str(error.__context__))
    for _, secret in secrets:
        for text in [str(x) for leaf in leaves({"": secret}) for x in leaf if isinstance(x, str)] + [str(secret)]:
            assert text in ("", "min", "max") or text not in shown
        if isinstance(secret, dict):
            assert not any(str(value) in shown for value in secret.values())


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_data_is_read_or_refused(data: Any) -> None:
    """Any plain data at any place is a household or a HouseholdError, never anything else."""
    places: list[Callable[[], dict[str, Any]]] = [
        lambda: {"state": data, "people": data, "month": data},
        lambda: put("people.0.income", data),
        lambda: put("people.0.citizenship", data),
        lambda: put("people.0", data),
        lambda: put("evidence", data),
        lambda: put("food_groups", data),
        lambda: {**plain(), "k": data},
    ]
    for place in places:
        with contextlib.suppress(HouseholdError):
            read_household(place())


def test_json_schema_names_every_form() -> None:
    """The JSON Schema of a leaf offers the exact value, the two words and the bound; unknown keys are refused."""
    schema = Household.model_json_schema()
    person = schema["$defs"]["Person"]
    assert person["additionalProperties"] is False
    assert schema["additionalProperties"] is False
    age = json.dumps(person["properties"]["age"])
    assert '"integer"' in age
    assert '"declined"' in age
    assert "Between" in age
    assert "any_of" in json.dumps(schema["$defs"])


def test_every_key_of_ours_is_named_in_a_fault() -> None:
    """A fault below any key that a person may have is told at its path, digits and long names too; an odd key is not repeated."""
    keys = [f.alias or n for n, f in next(iter(parts_at(["people"], Story))).model_fields.items() if n != "id"]
    assert "alimony_before_2019" in keys
    for key in keys:
        with pytest.raises(HouseholdError) as caught:
            read_household({"state": "GA", "month": "2026-11", "people": [{"id": "ann", "age": 30, key: {"zq417": 1}}]})
        assert any(f"{p.path}.".startswith(f"people.ann.{key}.") for p in caught.value.problems), (key, str(caught.value))
    with pytest.raises(HouseholdError) as caught:
        read_household({"state": "GA", "month": "2026-11", "people": [{"id": "ann", "ssn_123456789": 1}]})
    assert [p.path for p in caught.value.problems] == ["people.ann.?"]
