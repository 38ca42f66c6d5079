"""The record: rule files accounted for to the bit, a result replayed years later, the pages counted."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from benefits_rules import InputError, RequestError, RuleError, Rules, load_rules, replay, screen
from benefits_rules.canonical import MANIFEST, canonical_json, digest, manifest
from benefits_rules.cli import main
from benefits_rules.coverage import coverage, coverage_dict, percent
from benefits_rules.rulefiles import RuleFiles, bundle, gather, rules_folder
from benefits_rules.testing import Partial, households, partial_households

ROOT = Path(__file__).parents[1]
FAMILY = ROOT / "examples" / "georgia_family.yaml"
SMALL = RuleFiles({"common/facts.yaml": b"facts: {}\n", "snap/ga.yaml": b"a: 1\n"}, "2026.11.0")


def quiet(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture
def kept(tmp_path: Path, rules: Rules) -> Path:
    """The library's rules as a bundle."""
    path = tmp_path / "kept.zip"
    path.write_bytes(bundle(rules.files))
    return path


@pytest.fixture
def folder(tmp_path: Path, rules: Rules) -> Path:
    """The library's rules as a folder with its manifest."""
    path = tmp_path / "rules"
    shutil.copytree(rules_folder(), path)
    (path / MANIFEST).write_bytes(manifest(rules.files.files, rules.version))
    return path


# ---------------------------------------------------------------- bundles and manifests


def test_a_bundle_is_the_same_rules(kept: Path, rules: Rules) -> None:
    """Rules read from their bundle have the version and digest that they had, and give the same bytes."""
    again = load_rules(kept)
    assert (again.digest, again.version) == (rules.digest, rules.version)
    assert screen(FAMILY, rules=again).to_json() == screen(FAMILY).to_json()


def test_a_bundle_is_the_same_bytes_everywhere() -> None:
    """The bundle of the same files has the same bytes whatever the day, the machine and the version of Python."""
    assert hashlib.sha256(bundle(SMALL)).hexdigest() == GOLDEN
    assert bundle(RuleFiles(dict(reversed(SMALL.files.items())), SMALL.version)) == bundle(SMALL)


GOLDEN = "94a313b100ce314e8f91aad329d199be478ce17fbcfc4f24ef6e8adcb76ddecc"


def test_the_digest_is_of_paths_and_bytes() -> None:
    """One definition of the digest: SHA-256 over each file's path and its own SHA-256, in the order of the paths."""
    whole = "".join(f"{p}\0{hashlib.sha256(SMALL.files[p]).hexdigest()}\n" for p in sorted(SMALL.files))
    assert SMALL.digest == digest(SMALL.files) == f"sha256:{hashlib.sha256(whole.encode()).hexdigest()}"


def test_every_flipped_bit_of_a_bundle_is_refused(tmp_path: Path) -> None:
    """Whichever bit of a bundle is another one, in a file, the manifest or the zip about them, nothing is loaded."""
    whole, path = bundle(SMALL), tmp_path / "small.zip"
    path.write_bytes(whole)
    assert gather(path).files == SMALL.files
    for at in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[at // 8] ^= 1 << at % 8
        path.write_bytes(flipped)
        with pytest.raises(InputError):
            gather(path)


def test_a_flipped_bit_of_a_file_is_laid_to_that_file(kept: Path, folder: Path) -> None:
    """What changed is named by its path, in a bundle and in a folder with a manifest."""
    page = folder / "snap" / "ga.yaml"
    page.write_bytes(page.read_bytes().replace(b"405", b"404", 1))
    with pytest.raises(RuleError, match=r"rules/snap/ga\.yaml.*changed"):
        load_rules(folder)
    data = kept.read_bytes()
    at = data.index(rules_folder().joinpath("snap/ga.yaml").read_bytes())
    kept.write_bytes(data[: at + 9] + bytes([data[at + 9] ^ 1]) + data[at + 10 :])
    with pytest.raises(RuleError, match=r"rules/snap/ga\.yaml.*changed"):
        load_rules(kept)


def test_a_file_added_or_taken_away_is_named(folder: Path) -> None:
    """A folder with a manifest has just the files that it lists."""
    load_rules(folder)
    (folder / "snap" / "zz.yaml").write_text("a: 1\n")
    (folder / "snap" / "ga.yaml").unlink()
    with pytest.raises(RuleError) as caught:
        load_rules(folder)
    assert [(p.code, p.file) for p in caught.value.problems] == [("added", "rules/snap/zz.yaml"), ("missing", "rules/snap/ga.yaml")]


@pytest.mark.parametrize("what", ["added", "missing"])
def test_a_bundle_with_a_file_more_or_less_is_refused(what: str, tmp_path: Path) -> None:
    """A manifest of other files than the bundle has is refused, with the file's name."""
    files = dict(SMALL.files)
    said = manifest({**files, "snap/ny.yaml": b"b"} if what == "missing" else files, "1")
    if what == "added":
        files["snap/ny.yaml"] = b"b"
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({MANIFEST: said, **files}))
    with pytest.raises(RuleError, match=rf"rules/snap/ny\.yaml.*{what}"):
        gather(path)


def zipped(files: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def many(count: int) -> bytes:
    """A zip whose directory lists so many entries, all of the same bytes."""
    whole = zipped({"a/b.yaml": b"x"})
    at, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    entry = whole[at:end]
    size = (len(entry) * count).to_bytes(4, "little")
    return whole[:at] + entry * count + whole[end : end + 12] + size + whole[end + 16 :]


HOSTILE = {
    "no zip": b"PK\x03\x04" + b"\0" * 1000,
    "empty": b"",
    "a bomb": zipped({MANIFEST: b"{}", "snap/ga.yaml": b"\0" * 200_000_000}, zipfile.ZIP_DEFLATED),
    "many entries": many(400_000),
    "outside": zipped({MANIFEST: b"{}", "../../snap/ga.yaml": b"a: 1"}),
    "absolute": zipped({MANIFEST: b"{}", "/snap/ga.yaml": b"a: 1"}),
    "no manifest": zipped({"snap/ga.yaml": b"a: 1"}),
    "a deep manifest": zipped({MANIFEST: b"[" * 200_000}),
    "a manifest of numbers": zipped({MANIFEST: b"7"}),
    "a manifest of nothing": zipped({MANIFEST: b'{"schema":"benefits-rules/rules/1","version":"1","files":7}'}),
    "large": b"PK" + b"\0" * 30_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_bundle_is_refused_quickly(name: str, tmp_path: Path) -> None:
    """No archive takes more than a second or 100 MB, leaves a file anywhere, or raises another exception than ours."""
    path = tmp_path / "hostile.zip"
    path.write_bytes(HOSTILE[name])
    began = time.process_time()
    with pytest.raises(InputError):
        load_rules(path)
    assert time.process_time() - began < 1
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            load_rules(path)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    assert os.listdir(tmp_path) == ["hostile.zip"]


@quiet(300)
@given(st.randoms(use_true_random=False))
def test_any_bytes_of_a_bundle_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, r: random.Random) -> None:
    """Whatever is cut from, put in or changed in a bundle, it is refused by our exception alone."""
    whole = bytearray(bundle(SMALL))
    for _ in range(r.randint(1, 4)):
        at = r.randrange(len(whole))
        whole[at : at + r.choice((0, 1, 4, 40))] = bytes(r.randrange(256) for _ in range(r.choice((0, 1, 4))))
    path = tmp_path_factory.getbasetemp() / "any.zip"
    path.write_bytes(whole)
    if whole != bundle(SMALL):
        with pytest.raises(InputError):
            gather(path)


# ---------------------------------------------------------------- pages over ours


def test_pages_of_an_agency_lie_over_ours(tmp_path: Path, rules: Rules) -> None:
    """A folder of one page replaces that page; all others stay, and the digest covers both layers."""
    mine = tmp_path / "mine"
    (mine / "snap").mkdir(parents=True)
    page = (rules_folder() / "snap" / "ga.yaml").read_text().replace("heating_or_cooling: 405", "heating_or_cooling: 505")
    (mine / "snap" / "ga.yaml").write_text(page)
    laid = load_rules(mine)
    assert laid.pages() == rules.pages()
    assert laid.digest == digest({**rules.files.files, "snap/ga.yaml": page.encode()}) != rules.digest
    assert laid.version == f"{rules.version}+local"
    steps = {s["name"]: s["value"] for s in screen(FAMILY, programs=["snap"], rules=laid)["snap"][0].to_dict()["steps"]}
    assert steps["utility_costs"] == "505.00"
    kept = tmp_path / "both.zip"
    kept.write_bytes(bundle(laid.files))
    assert load_rules(kept).digest == laid.digest


def test_a_fault_of_an_agencys_page_names_its_own_folder(tmp_path: Path) -> None:
    """A fault in a page laid over ours is shown where that page stands, not in our folder."""
    (tmp_path / "mine" / "snap").mkdir(parents=True)
    (tmp_path / "mine" / "snap" / "wy.yaml").write_text("extends: snap/us\nstate: WV\nname: {en: a, es: b}\n")
    with pytest.raises(RuleError, match=r"^mine/snap/wy\.yaml:1:1: place"):
        load_rules(tmp_path / "mine").module("snap/wy")


@pytest.mark.parametrize(
    ("path", "said"),
    [("snapp/ga.yaml", "did you mean `snap`"), ("ga.yaml", "a page stands in a folder of its program"), ("snap/zz.yaml", "as the state"),
     ("snap/GA.yaml", "name it ga.yaml"), ("snap/zz.examples.yaml", "as the state")],
)  # fmt: skip
def test_a_page_of_nothing_that_there_is_is_refused(path: str, said: str, tmp_path: Path) -> None:
    """A page laid over ours belongs to a known program and a state; the error names its file and the mend."""
    file = tmp_path / "mine" / path
    file.parent.mkdir(parents=True)
    file.write_text("a: 1\n")
    with pytest.raises(RuleError, match=said) as caught:
        load_rules(tmp_path / "mine")
    assert caught.value.problems[0].file == f"mine/{path}"


def test_a_folder_of_nothing_is_refused(tmp_path: Path) -> None:
    """Neither an empty folder nor a path that is not there lies over ours in silence."""
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(RequestError):
            load_rules(path)


# ---------------------------------------------------------------- replay


@quiet(60)
@given(st.one_of(households(), partial_households().map(lambda p: p.told)), st.data())
def test_any_household_replays_to_the_byte(house: dict[str, object], data: st.DataObject) -> None:
    """Screened, written, read and screened again, any household gives the same bytes; so does its JSON, read and written."""
    programs = data.draw(st.none() | st.lists(st.sampled_from(("snap", "tanf", "medicaid", "chip", "child_care"))))
    month = data.draw(st.none() | st.sampled_from(("2025-01", "2026-05")))
    text = screen(house, programs, month=month).to_json()
    assert canonical_json(json.loads(text)) == text
    again = replay(text)
    assert again.same, again.differences
    assert again.screening.to_json() == text
    assert replay(json.loads(text)).same


def test_a_record_of_other_rules_is_replayed_by_its_bundle(tmp_path: Path, folder: Path, rules: Rules) -> None:
    """The rules are found by their digest, among bundles, folders of bundles and our own; without them that is said."""
    (folder / MANIFEST).unlink()
    page = folder / "snap" / "ga.yaml"
    page.write_text(page.read_text().replace("heating_or_cooling: 405", "heating_or_cooling: 505"))
    theirs = load_rules(folder)
    text = screen(FAMILY, ["snap"], rules=theirs).to_json()
    with pytest.raises(RequestError, match=theirs.digest):
        replay(text)
    bundles = tmp_path / "bundles"
    bundles.mkdir()
    (bundles / "ours.zip").write_bytes(bundle(rules.files))
    (bundles / "spoilt.zip").write_bytes(b"PK")
    with pytest.raises(RequestError, match=r"spoilt\.zip"):
        replay(text, rules=bundles)
    (bundles / "theirs.zip").write_bytes(bundle(theirs.files))
    for where in (bundles, bundles / "theirs.zip", theirs, folder, [rules, bundles]):
        assert replay(text, rules=where).same
    assert replay(screen(FAMILY, ["snap"]).to_json(), rules=bundles).same


def test_what_differs_is_named_by_path_and_never_by_value() -> None:
    """A figure, a missing part, another engine, another layout: each is said precisely, and no value is shown."""
    record = screen(FAMILY, ["snap"]).to_dict()
    record["rules"]["engine"] = "0.0.9"
    record["determinations"][0]["amount"]["value"] = "417.17"
    record["determinations"][0]["reasons"].pop()
    record["123-45-6789"] = "zq"
    found = replay(record)
    assert not found.same
    last = len(record["determinations"][0]["reasons"])
    assert found.differences == ("rules.engine", "determinations.0.amount.value", f"determinations.0.reasons.{last}", "?")
    assert found.lines()[0].startswith("the record was made by engine 0.0.9")
    assert not any(word in "\n".join(found.lines()) + repr(found) for word in ("417", "6789", "zq", "917"))
    spread = replay(json.dumps(screen(FAMILY, ["snap"]).to_dict(), indent=1))
    assert (spread.same, spread.differences) == (False, ())
    assert "laid out anew" in spread.lines()[0]


GOOD = screen(FAMILY, ["snap"]).to_json()
NO_RECORD = {
    "nothing": "{}", "a list": b"[1]", "no json": '{"schema": ', "twice": GOOD.replace('"mode"', '"schema":1,"mode"'), "nan": GOOD.replace('"choices":[]', '"choices":NaN'),
    "deep": b'{"a":' + b"[" * 200_000, "wide": b'{"a":[' + b"1," * 3_000_000, "large": b" " * 17_000_000, "no request": GOOD.replace('"request"', '"request_"'),
    "no months": GOOD.replace('"months":["2026-03"]', '"months":[]'), "an odd month": GOOD.replace('"months":["2026-03"]', '"months":["2026-17"]'),
    "an odd program": GOOD.replace('"programs":["snap"]', '"programs":["zq417"]'), "an odd digest": GOOD.replace('"digest":"sha256:', '"digest":"zq417'),
    "an odd household": GOOD.replace('"state":"GA"', '"state":"zq417"'), "not utf-8": b'{"\xff": 1}', "no file": "no/such/zq417", "a number": 417, "a set": {"schema": {417}},
}  # fmt: skip


@pytest.mark.parametrize("name", NO_RECORD)
def test_what_is_no_record_is_refused(name: str) -> None:
    """Whatever is handed over that is no record is refused within a second and 100 MB, and shows no value."""
    began = time.process_time()
    with pytest.raises(InputError) as caught:
        replay(NO_RECORD[name])  # type: ignore[arg-type]
    assert time.process_time() - began < 1
    assert "417" not in str(caught.value)


def test_the_commands_of_the_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`rules bundle` writes, `replay` ends with 0 where the bytes are the same, else with 2 and what differs."""
    kept, record = tmp_path / "kept.zip", tmp_path / "record.json"
    assert main(["rules", "bundle", str(kept)]) == 0
    assert main(["screen", str(FAMILY), "--rules", str(kept), "--format", "json"]) == 0
    said, text = capsys.readouterr().out.split("\n", 1)
    assert load_rules(kept).digest in said
    record.write_text(text)
    assert main(["replay", str(record), "--rules", str(kept)]) == 0
    record.write_text(text.replace('"917.00"', '"918.00"', 1))
    assert main(["replay", str(record)]) == 2
    said = capsys.readouterr().out
    assert "differs: determinations.0.amount.value" in said
    assert "918" not in said
    assert main(["replay", str(tmp_path / "none")]) == 2
    assert main(["rules", "bundle", str(tmp_path / "no" / "folder.zip")]) == 2


# ---------------------------------------------------------------- coverage


def test_the_counts_of_a_page_are_those_of_its_text(rules: Rules) -> None:
    """Lines, cells, marks and citations of Georgia TANF, counted by hand on the page that the README shows."""
    [found] = [c for c in coverage(rules) if (c.program, c.state) == ("tanf", "GA")]
    assert found.lines == len((rules_folder() / "tanf" / "ga.yaml").read_text().splitlines())
    assert (found.cells, found.cells_to_verify) == (36, 0)  # three tables of eleven sizes, and each_more
    assert (found.definitions_to_verify, found.to_verify_by_year) == (0, {})
    assert (found.citations, found.cited) == (12, found.definitions)
    assert found.since == "2023-10"


def test_what_a_page_marks_to_verify_is_counted(tmp_path: Path) -> None:
    """Two rules marked on a page are counted as two, in each year that they are in force."""
    page = (rules_folder() / "tanf" / "ga.yaml").read_text()
    for was, marked in (
        ("cite: pamms-1615}\n", "cite: pamms-1615, verify: yes}\n"),
        ("  highest_grant: {is: family_maximum, cite: appendix-a}", "  highest_grant: {is: family_maximum, cite: appendix-a, verify: yes}"),
    ):
        assert was in page
        page = page.replace(was, marked, 1)
    (tmp_path / "tanf").mkdir()
    (tmp_path / "tanf" / "ga.yaml").write_text(page)
    [found] = [c for c in coverage(load_rules(tmp_path)) if (c.program, c.state) == ("tanf", "GA")]
    assert (found.cells_to_verify, found.definitions_to_verify) == (0, 2)
    assert found.to_verify_by_year == {"FY2024": 2, "FY2025": 2, "FY2026": 2, "FY2027": 2}


def test_coverage_reaches_every_state_and_adds_up(rules: Rules) -> None:
    """Each program has a row for each state and the base; every rule is cited; sums are of the rows."""
    counts = coverage(rules)
    assert len(counts) == 52 * len(rules.programs())
    data = coverage_dict(counts)
    assert data["total"]["definitions_cited_percent"] == "100.0"
    assert data["total"]["cells"] == sum(c.cells for c in counts)
    assert {f"{c.program}/{c.state.lower()}" for c in counts if c.page} == {p for p in rules.pages() if not p.startswith("common/")}
    assert [percent(*x) for x in ((1, 3), (2, 3), (1, 2000), (0, 0), (3, 3))] == ["33.3", "66.7", "0.1", "0.0", "100.0"]


@pytest.mark.parametrize("layout", ["rich", "text", "json"])
def test_coverage_is_shown_in_three_layouts(layout: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every layout shows each page and how much of it is to be verified."""
    assert main(["rules", "coverage", "--format", layout]) == 0
    said = capsys.readouterr().out
    assert "verify" in said
    if layout == "json":
        assert json.loads(said)["schema"] == "benefits-rules/coverage/1"
    else:
        assert "snap/ga" in said
        assert "no page of" in said


# ---------------------------------------------------------------- what is public


def test_importing_the_library_needs_no_test_tools() -> None:
    """`import benefits_rules` imports neither hypothesis nor numpy: both belong to extras."""
    code = "import sys, benefits_rules, benefits_rules.cli; sys.exit(bool({'hypothesis', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_public_modules_are_frozen() -> None:
    """The names of errors, model and testing change only on purpose, as those of the package itself."""
    import inspect

    from benefits_rules import errors, model, testing

    own = {n for n, x in vars(errors).items() if inspect.isclass(x) and x.__module__ == errors.__name__}
    assert own == {
        "AnswerError", "BenefitsRulesError", "HouseholdError", "InputError", "Problem", "RequestError", "RuleError", "RuleProblem",
        "SessionError",
    }  # fmt: skip
    assert sorted(model.__all__) == [
        "Activity", "Asset", "Between", "ChildCare", "Choices", "Citizenship", "Clocks", "Evidence", "Expense", "Frozen", "Household",
        "Housing", "Income", "MedicalExpense", "OneOf", "OutsidePerson", "Paid", "Parent", "Partly", "Person", "Price", "Receives",
        "Student", "TaxReturn", "Word", "read_household",
    ]  # fmt: skip
    assert sorted(testing.__all__) == ["Corrupted", "Partial", "corrupted_households", "households", "partial_households"]
    assert isinstance(Partial({}, {}), testing.Partial)
