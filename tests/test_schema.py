"""The JSON Schemas: what this library gives out they describe, what it takes they allow, and little else."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from jsonschema import Draft202012Validator

from benefits_rules import AnswerError, Household, HouseholdError, Interview, RequestError, Rules, load_rules
from benefits_rules.cli import main
from benefits_rules.model import read_household
from benefits_rules.schema import NAMES, openapi, schema
from benefits_rules.version import ENGINE
from households import hidden, told
from interviews import interviewed, knowing

ROOT = Path(__file__).parents[1]
STATES, MONTHS = ("GA", "CA", "TX", "NY", "WY"), ("2026-03", "2026-11")
EVERY = ["snap", "tanf", "medicaid", "chip", "child_care"]
Path_ = tuple[str | int, ...]


def quiet(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name))


def faults(name: str, data: Any) -> list[str]:
    return [f"{name} {'.'.join(map(str, e.absolute_path))}: {e.message[:120]}" for e in validator(name).iter_errors(data)]


def spoils(name: str, data: Any) -> bool:
    return not validator(name).is_valid(data)


def documents(rules: Rules, seed: int, programs: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that an interview of a simulated family gives out."""
    talk, screens = interviewed(rules, knowing(rules, Household.model_validate(told(seed, STATES, MONTHS)), programs), programs)
    yield from (("screen", s.to_dict()) for s in screens)
    yield from (("answer", e["answers"]) for e in json.loads(talk.to_json())["log"] if "answers" in e)
    results = talk.results()
    yield "session", json.loads(talk.to_json())
    yield "results", results.to_dict()
    yield "certificate", talk.certificate().to_dict()
    yield "determinations", results.screening.to_dict()
    yield "household", talk.household.to_dict()
    again = Interview.renewal(talk, month="2027-01", programs=["snap"], rules=rules)
    first = again.next()
    assert first is not None
    yield "screen", first.to_dict()
    yield "session", json.loads(again.to_json())


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_stands_alone(name: str) -> None:
    """Each is valid 2020-12, names and describes itself, and every reference of it leads to a part that it has; none is idle."""
    found = schema(name)
    Draft202012Validator.check_schema(found)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert found["$id"] == f"urn:benefits-rules:schema:{name}"
    assert found["title"] and found["description"]
    refs = set(references(found))
    assert refs == {f"#/$defs/{part}" for part in found["$defs"]}
    assert all(part["title"] == key for key, part in found["$defs"].items())


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_nobody_changes_a_schema_for_others() -> None:
    """What is handed out is a copy."""
    schema("screen")["$defs"].clear()
    openapi()["paths"].clear()
    assert schema("screen")["$defs"] and openapi()["paths"]
    with pytest.raises(RequestError, match="known are household"):
        schema("scren")


@quiet(6)
@given(st.integers(0, 10**6))
def test_what_an_interview_gives_out_is_as_described(seed: int) -> None:
    """Screens, answers, sessions, results, certificates, determinations and households of simulated families validate."""
    for name, data in documents(load_rules(), seed, ["snap"]):
        assert faults(name, json.loads(json.dumps(data))) == []


def test_so_is_that_of_every_program(rules: Rules) -> None:
    """So it is where all programs are asked for, some of which have no rules there."""
    for name, data in documents(rules, 2, EVERY):
        assert faults(name, data) == []


# ---------------------------------------------------------------- what is not as described

#: What need not be there: beside these, every key that is given out is required.
OPTIONAL = {"counts", "person", "row", "note", "options", "range", "when", "usual", "optional", "before", "carried", "month", "people"}
#: What a household tells, wherever it stands: there most keys may be absent.
TOLD = {"household", "answers", "change", "carried", "before"}


def parts(node: Any, at: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every part of a document and its path, save what may be anything: an answer of before."""
    yield at, node
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        if key != "before":
            yield from parts(value, (*at, key))


def put(document: Any, at: Path_, value: Any) -> Any:
    found = copy.deepcopy(document)
    if not at:
        return value
    part = found
    for key in at[:-1]:
        part = part[key]
    if value is ...:
        del part[at[-1]]
    else:
        part[at[-1]] = value
    return found


@pytest.mark.parametrize("name", [n for n in NAMES if n != "answer"])
def test_what_is_spoiled_is_not_as_described(name: str, rules: Rules) -> None:
    """A key too many, a key too few, or a value of another type, at any place, is refused."""
    r = random.Random(7)
    found = [data for kind, data in documents(rules, 4, ["snap"]) if kind == name]
    for data in r.sample(found, min(4, len(found))):
        every = list(parts(data))
        objects = [(at, part) for at, part in every if isinstance(part, dict)]
        for at, part in r.sample(objects, min(25, len(objects))):
            assert spoils(name, put(data, at, {**part, "zz": {"zz": 1}})), f"a key too many at {at}"
            if part and name != "household" and not TOLD & set(at) and "values" not in at:
                key = r.choice(sorted(part))
                if key not in OPTIONAL:
                    assert spoils(name, put(data, (*at, key), ...)), f"a key too few: {at} {key}"
        for at, part in r.sample(every, min(25, len(every))):
            wrong = [] if isinstance(part, dict) else {"zz": 1}
            assert spoils(name, put(data, at, wrong)), f"another type at {at}"


SPOILED = {
    "a session whose check sum is gone": ("session", ("check",), ...),
    "another session's schema": ("session", ("schema",), "benefits-rules/interview/2"),
    "an entry that is two": ("session", ("log", 0), {"back": True, "change": {}}),
    "back, but not": ("session", ("log", 0), {"back": False}),
    "no such program": ("session", ("programs",), ["lottery"]),
    "no such state": ("session", ("state",), "ZZ"),
    "one language": ("screen", ("title",), {"en": "Home"}),
    "a screen that asks nothing": ("screen", ("questions",), []),
    "an input that is none": ("screen", ("questions", 0, "input"), "colour"),
    "money as a number": ("results", ("results", 0, "amount"), {"min": 1, "max": 2}),
    "a status that is none": ("results", ("results", 0, "status"), "perhaps"),
    "a household that is none": ("results", ("screening", "household", "people"), []),
    "no month": ("certificate", ("decided", 0, "month"), "2026-13"),
    "a mode that is none": ("determinations", ("mode",), "exact"),
    "a test without outcome": ("determinations", ("determinations", 0, "tests", 0, "outcome"), None),
    "a name for an id": ("household", ("people", 0, "id"), "Ana Maria"),
    "a number of papers for an id": ("household", ("people", 0, "id"), "p-123-45-6789"),
    "a word for an id": ("household", ("people", 0, "id"), "unknown"),
    "nothing": ("household", ("people", 0, "age"), None),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILED)
def test_these_are_not_as_described(what: str, rules: Rules) -> None:
    """What nobody may hand over or give out is refused: no check sum, two steps in one, one language, a name for an id."""
    name, at, value = SPOILED[what]
    data = next(data for kind, data in documents(rules, 4, ["snap"]) if kind == name)
    assert faults(name, data) == []
    assert spoils(name, put(data, at, value))


# ---------------------------------------------------------------- households

#: Whether each of these may stand there. What only the model sees (no such day, a third decimal) is not among them.
FORMS: dict[str, list[tuple[Any, bool]]] = {
    "people.0.age": [(34, True), ("unknown", True), ("declined", True), ({"min": 3, "max": 5}, True), (-1, False), ("34", False),
                     (131, False), (3.5, False), ("perhaps", False), ({"min": 3}, False), ({"any_of": [3]}, False), (True, False)],
    "applied_on": [("2026-11-05", True), ("unknown", True), ({"min": "2026-11-01", "max": "2026-11-05"}, True), ("2026-13-05", False),
                   ("5 Nov 2026", False), ("1899-01-01", False), (20261105, False)],
    "county": [("13121", True), ("unknown", True), ({"any_of": ["13121", "13089"]}, True), (13121, False), ("Fulton", False)],
    "people.0.pregnant": [(True, True), ("declined", True), ({"any_of": [True, False]}, True), ("yes", False), (1, False)],
    "people.0.income": [([], True), ("unknown", True), ({"rows": [], "unknown": ["wages"]}, True), ({"rows": []}, False),
                        ({"rows": [], "unknown": ["luck"]}, False), ("none", False), ({}, False)],
    "people.0.income.0.amount": [("0.29", True), (0.29, True), (1200, True), ("1200.50", True), ("1200.500", True), ("9999999.99", True),
                                 ("unknown", True), ({"min": "1", "max": 2}, True), ("10000000", False), (-1, False), ("1,200", False),
                                 ("1e3", False), ("", False), ("01", False), ("0.295", False)],
    "people.0.income.0.hours": [("168", True), ("168.00", True), ("167.99", True), (40, True), ("169", False), ("168.01", False)],
    "people.0.income.0.source": [("wages", True), ("unknown", True), ({"any_of": ["wages", "gift"]}, True), ("luck", False), ([], False)],
    "people.0.parents": [([], True), (["zoe"], False), ([{"id": "a", "kind": "pet"}], False)],
    "people.1.parents": [(["a"], True), ([{"id": "a", "kind": "step"}], True), ([{"kind": "step"}], False), ("a", False), ("unknown", False)],
    "months": [(1, True), (24, True), (25, False), ("1", False)],
}  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_each_form_of_a_leaf_is_as_the_model_reads_it(path: str) -> None:
    """Told, a word, a bound or a list in part: the schema allows and refuses what the model takes and refuses."""
    for value, fine in FORMS[path]:
        house = {
            "state": "GA", "month": "2026-11",
            "people": [{"id": "a", "age": 40, "income": [{"source": "wages", "amount": "1.00", "every": "hour"}]}, {"id": "b", "age": 3}],
        }  # fmt: skip
        keys: Path_ = tuple(int(k) if k.isdigit() else k for k in path.split("."))
        spoiled = put(house, keys, value)
        taken = True
        try:
            read_household(json.dumps(spoiled))
        except HouseholdError:
            taken = False
        assert taken is fine, (path, value)
        if value != ["zoe"]:  # that there is no Zoe only the whole shows
            assert (not faults("household", spoiled)) is fine, (path, value)


POOL: list[Any] = [
    "unknown", "declined", 0, 1, 7, 168, "0.29", 0.29, "12.5", True, False, [], {}, ["unknown"], {"min": 1, "max": 2}, "a", "p0", ["p0"],
    {"min": "2026-01-01", "max": "2026-02-01"}, {"any_of": [True]}, {"any_of": ["wages"]}, {"rows": [], "unknown": ["wages"]}, "2026-01-01",
    "wages", "rent", "month", "none", {"id": "p0"}, {"amount": 3}, [{"amount": "3.00", "every": "month"}], "13121", "2026-03", -1, "x y",
]  # fmt: skip


@quiet(60)
@given(st.integers(0, 10**6))
def test_the_schema_refuses_no_household_that_the_model_reads(seed: int) -> None:
    """Told in full, in part, or with anything at any place: what the model reads, the schema allows."""
    r = random.Random(seed)
    house = told(seed, STATES, MONTHS)
    for tried in (house, hidden(house, seed)):
        assert faults("household", json.loads(json.dumps(tried, default=str))) == []
        places = [at for at, _ in parts(tried) if at]
        for at in r.sample(places, min(12, len(places))):
            spoiled = json.loads(json.dumps(put(tried, at, r.choice(POOL)), default=str))
            if not validator("household").is_valid(spoiled):
                with pytest.raises(HouseholdError):
                    read_household(spoiled)


# ---------------------------------------------------------------- answers


@quiet(120)
@given(st.integers(0, 10**6), st.sampled_from(POOL))
def test_the_schema_refuses_no_answer_that_an_interview_takes(seed: int, value: Any) -> None:
    """Whatever an interview takes as the correction of an answer, the schema of answers allows.

    Not so where people are named: there an interview leaves out whom it does not know, by whatever name.
    """
    rules = load_rules()
    talk = Interview("GA", ["snap"], month="2026-11", rules=rules)
    talk.change({"people": [{"id": "p0", "age": 40}]})
    talk.change({"people.p0.income": ["wages"], "expenses": ["rent"], "assets": ["cash"], "receives": []})
    ids = [
        {"household": "", "person": "people.p0.", "income": "people.p0.income.wages.", "expense": "expenses.rent.", "asset": "assets.cash."}[e] + leaf
        for (e, leaf), q in rules.script.questions.items()
        if e in ("household", "person", "income", "expense", "asset") and q.gate is None
        and q.input not in ("people", "person", "parents", "members", "groups", "rows")
    ]
    key = ids[seed % len(ids)]
    try:
        talk.change({key: value})
    except AnswerError:
        return
    assert faults("answer", {key: value}) == []


def test_an_answer_is_to_a_question_that_there_is() -> None:
    """Ids of questions only, with answers of their kind; null takes one back."""
    fine = {"people": [{"id": "ana", "age": 34}], "people.ana.age": "1991-08-14", "people.ana.income": ["wages", "wages"],
            "people.ana.income.wages-2.amount": {"min": 1, "max": "2.50"}, "receives": [{"program": "snap", "people": ["ana"]}], "county": None,
            "housing.kind": "rent", "people.ana.citizenship.status": "declined", "changed": ["money"]}  # fmt: skip
    assert faults("answer", fine) == []
    bad: list[dict[str, Any]] = [
        {"people": []}, {"people": [{"age": 34}]}, {"people": [{"id": "ana", "name": "Ana"}]}, {"people.ana.hair": "red"}, {"people.ana.income.wages": 3},
        {"housing.kind": "castle"}, {"people.ana.spouse": "unknown"}, {"people.ana.income": "wages"}, {"housing": {}}, {"changed": ["mind"]},
        {"housingXkind": "rent"}, {"xcounty": "13121"}, {"countyx": "13121"},
    ]  # fmt: skip
    for each in bad:
        assert faults("answer", each), each


def test_an_id_that_is_none_is_not_shown() -> None:
    """What stands in place of a row could be anything: it is no question, and no error repeats it."""
    talk = Interview("GA", ["snap"], month="2026-11")
    talk.change({"people": [{"id": "ana", "age": 34}]})
    for row in ("Ana Maria", "4173 19", "\ud800", "x" * 300):
        with pytest.raises(AnswerError) as caught:
            talk.change({f"people.ana.income.{row}.amount": []})
        assert [p.path for p in caught.value.problems] == ["?"]
    twice = ["social_security_retirement", "social_security_retirement"]
    talk.change({"people.ana.income": twice, "people.ana.income.social_security_retirement-2.amount_this_month": 3})


@pytest.mark.parametrize("answer", ["deep", "long", "nan"])
def test_what_no_json_holds_is_an_answer_error(answer: str) -> None:
    """An answer nested ever deeper, or a number of a billion digits, is refused like any other."""
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    value = {"deep": deep, "long": Decimal("1e999999999"), "nan": Decimal("NaN")}[answer]
    talk = Interview("GA", ["snap"], month="2026-11")
    with pytest.raises(AnswerError):
        talk.change({"people": [{"id": "ana", "age": value}]})


# ---------------------------------------------------------------- OpenAPI, the command, the house


def server() -> Any:
    spec = importlib.util.spec_from_file_location("interview_server", ROOT / "examples" / "interview_server.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_openapi_document_is_whole() -> None:
    """Every reference leads to a component, every component is a valid schema and none is idle, the version is the engine's."""
    found = openapi()
    components = found["components"]["schemas"]
    used = {f"#/components/schemas/{name}" for name in components if name != "Results"}  # which the server gives in part
    assert set(references(found)) == used
    for part in components.values():
        Draft202012Validator.check_schema(part)
    assert found["openapi"].startswith("3.1")
    assert found["info"]["version"] == ENGINE
    ids = [operation["operationId"] for path in found["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def test_its_paths_are_the_servers_routes() -> None:
    """What the document says can be asked for is what the server answers, no more and no less."""
    served = {(route.path, method) for route in server().ROUTES for method in route.methods if method != "HEAD"}
    assert served == {(path, method.upper()) for path, methods in openapi()["paths"].items() for method in methods}


def test_the_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    """`schema` lists the names, `schema NAME` prints one, and a name that does not exist is status 2."""
    assert main(["schema"]) == 0
    names = capsys.readouterr().out.split()
    assert names == [*NAMES, "openapi"]
    for name in names:
        assert main(["schema", name]) == 0
        assert json.loads(capsys.readouterr().out) == (openapi() if name == "openapi" else schema(name))
    assert main(["schema", "scren"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_library_needs_neither_server_nor_validator() -> None:
    """Importing benefits_rules, and its schemas, imports no package of the extras."""
    code = "import sys, benefits_rules, benefits_rules.schema as s; s.openapi(); print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not {"starlette", "uvicorn", "jsonschema", "httpx", "anyio", "hypothesis", "numpy"} & set(done.stdout.split())
