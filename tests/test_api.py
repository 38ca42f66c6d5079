"""The front door: the public names, the determinations' shape, the commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import benefits_rules
from benefits_rules import HouseholdError, RequestError, Rules, load_rules, screen
from benefits_rules.cli import main
from benefits_rules.rulefiles import rules_folder

ROOT = Path(__file__).parents[1]
FAMILY = ROOT / "examples" / "georgia_family.yaml"
PUBLIC = [
    "Agency", "AnswerError", "BenefitsRulesError", "Determination", "Household", "HouseholdError", "InputError", "Interview", "Notice", "Replay",
    "RequestError", "RuleError", "Rules", "Screening", "SessionError", "__version__", "load_rules", "notice", "replay", "screen",
]  # fmt: skip


def run(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "-m", "benefits_rules.cli", *arguments], input=given, capture_output=True, env=env, check=False
    )


def test_the_public_names_are_frozen() -> None:
    """What a caller may import from the top is this list, and changes only on purpose."""
    assert sorted(benefits_rules.__all__) == sorted(PUBLIC)
    assert all(hasattr(benefits_rules, name) for name in PUBLIC)


def test_the_georgia_family() -> None:
    """The contract's family, computed by hand from PAMMS 3610: 2,440 less 290, 223, 161, 693.32 and 818.66 leaves 254; 994 less 77."""
    [found] = screen(FAMILY, programs=["snap"])["snap"]
    data = found.to_dict()
    assert data["status"] == "eligible"
    assert data["amount"] == {"value": "917.00", "unit": "USD/month"}
    assert data["values"]["gross_income"] == "2440.00"
    assert data["values"]["net_income"] == "254.00"
    assert data["values"]["unit_size"] == 4
    steps = {s["name"]: s["value"] for s in data["steps"]}
    assert steps["earned_income"] == "1450.00"  # Gus, a pupil of 17, earns what does not count
    assert steps["earned_income_deduction"] == "290.00"
    assert steps["medical_deduction"] == "161.00"
    assert steps["dependent_care_deduction"] == "693.32"
    assert steps["shelter_deduction"] == "818.66"


def test_the_shape_is_the_contracts(shared: Path) -> None:
    """Every key of the contract's example stands in every determination, whatever its status."""
    example = json.loads((shared / "contract" / "determinations.example.json").read_text())
    found = screen(FAMILY, programs=["snap", "chip"]).to_dict()
    assert set(example) - {"note"} <= set(found)
    for determination in found["determinations"]:
        assert set(example["determinations"][0]) <= set(determination)
    snap = found["determinations"][0]
    assert {"name", "outcome", "value", "limit"} == set(snap["tests"][0])
    assert {"code", "text", "citations"} <= set(snap["reasons"][0])
    assert {"law", "url"} == set(snap["reasons"][0]["citations"][0])
    assert {"fact", "people", "value"} == set(snap["assumptions"][0])


def test_every_reason_and_step_is_cited_in_both_languages() -> None:
    """No reason and no step stands without its law, in English and in Spanish."""
    for d in screen(FAMILY, programs=["snap"]):
        data = d.to_dict()
        for part in data["reasons"] + data["steps"]:
            assert part["citations"], part
            assert part["text"]["en"]
            assert part["text"]["es"]
            assert "{" not in part["text"]["en"] + part["text"]["es"]


def family(**changes: Any) -> dict[str, Any]:
    told = {**benefits_rules.Household.read(FAMILY).to_dict(), **changes}
    return {k: v for k, v in told.items() if v is not None and k != "evidence"}


def test_missing_is_unknown_never_zero() -> None:
    """Without the incomes the answer is not certain: it waits for them, and gives the bounds of the amount."""
    told = family()
    for person in told["people"]:
        person.pop("income", None)
    [found] = screen(told, programs=["snap"])["snap"]
    assert found.status == "undetermined"
    assert "people.ana.income" in found.needs
    bounds = found.to_dict()["amount_bounds"]
    assert bounds["min"] == "0.00"
    assert float(bounds["max"]) > 0


def test_what_cannot_matter_is_not_needed() -> None:
    """A fact that changes nothing is not waited for: a child's clock, the veteran status after July 2025."""
    told = family()
    for person in told["people"]:
        person.pop("veteran", None)
    [found] = screen(told, programs=["snap"])["snap"]
    assert found.status == "eligible"
    assert found.needs == ()


def idle_adult(**facts: Any) -> dict[str, Any]:
    person = {
        "id": "ann", "age": 40, "citizenship": {"status": "citizen"}, "disabled": False, "pregnant": False, "veteran": False,
        "student": {"level": "none"}, "activities": [], "income": [], "medical_expenses": [], "clocks": {"snap_time_limit_months_used": 3}, **facts,
    }  # fmt: skip
    return {
        "state": "GA", "county": "13121", "month": "2026-03", "people": [person], "housing": {"kind": "rent"}, "expenses": [], "assets": [],
        "food_groups": [["ann"]], "tax_returns": [], "receives": [],
    }  # fmt: skip


def test_a_usual_value_never_decides_ineligible() -> None:
    """An idle adult past her three months may still be exempt: undetermined, until the exemptions are told."""
    [found] = screen(idle_adult(), programs=["snap"])["snap"]
    assert found.status == "undetermined"
    assert "people.ann.fit_for_work" in found.needs
    assert "people.ann.fleeing_felon" not in found.needs  # could only make it worse
    closed = {
        "fit_for_work": True, "tribal_member": False, "cares_for_incapacitated": False, "in_treatment_program": False,
        "applied_for_unemployment": False, "snap_employment_program": False, "time_limit_regained": False,
    }  # fmt: skip
    [found] = screen(idle_adult(**closed), programs=["snap"])["snap"]
    assert found.status == "ineligible"


def test_a_program_without_rules_says_so() -> None:
    """Where there is no page, the answer is `not_available`, never no."""
    told = family()
    told["state"], told["county"] = "WY", "56021"
    assert [d.status for d in screen(told, programs=["tanf"])] == ["not_available"]


def test_the_result_is_the_same_bytes_whatever_the_hash_seed_and_locale() -> None:
    """Hash seed, locale and time zone change no byte of the result."""
    runs = [
        run("screen", str(FAMILY), "--programs", "snap", "tanf", "--format", "json", PYTHONHASHSEED=seed, LC_ALL=locale, TZ=zone)
        for seed, locale, zone in (("0", "C", "UTC"), ("1", "C.UTF-8", "Asia/Tokyo"), ("424242", "POSIX", "America/Adak"))
    ]
    assert {r.returncode for r in runs} == {0}
    assert len({r.stdout for r in runs}) == 1
    json.loads(runs[0].stdout)


@pytest.mark.parametrize("layout", ["rich", "text"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_answer_and_the_amount_come_first(layout: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Both layouts give the amount before any step, then steps with their law, then what was assumed."""
    assert main(["screen", str(FAMILY), "--programs", "snap", "--format", layout, "--lang", lang]) == 0
    said = capsys.readouterr().out
    places = [said.index(x) for x in ("$917", "7 CFR 273", {"en": "What we took to be so", "es": "Lo que dimos por cierto"}[lang])]
    assert places == sorted(places)


BAD = {
    "not yaml": b"{a: [", "an alias": b"a: &x 1\nb: *x", "a tag": b"!!python/object:os.system [rm]", "twice": b"state: GA\nstate: GA",
    "deep": b"[" * 200_000, "nan": b'{"state": NaN}', "huge": b'{"state": "GA", "people": [{"id": "a", "income": [{"amount": 1e400}]}]}',
    "empty": b"", "a list": b"[1, 2]", "binary": b"\x00\xff\xfe", "unknown key": b"state: GA\nstat: GA\nmonth: 2026-03\npeople: [{id: a}]",
    "unknown state": b"state: ZZ\nmonth: 2026-03\npeople: [{id: a}]", "impossible day": b"state: GA\nmonth: 2026-03\napplied_on: 2026-02-30\npeople: [{id: a}]",
    "id twice": b"state: GA\nmonth: 2026-03\npeople: [{id: a}, {id: a}]", "cycle": b"state: GA\nmonth: 2026-03\npeople: [{id: a, parents: [b]}, {id: b, parents: [a]}]",
    "negative": b"state: GA\nmonth: 2026-03\npeople: [{id: a, income: [{source: wages, amount: -1, every: month}]}]", "large": b"#" * 3_000_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_without_a_traceback(name: str) -> None:
    """Whatever the file holds, the command says what is wrong on standard error and ends with status 2."""
    done = run("screen", "-", given=BAD[name])
    assert done.returncode == 2, done.stderr
    assert done.stdout == b""
    assert done.stderr.strip()
    assert b"Traceback" not in done.stderr


def test_did_you_mean() -> None:
    """A key close to a known one is met with the known one."""
    with pytest.raises(HouseholdError, match="did you mean"):
        screen(b"state: GA\nmonth: 2026-03\npeople: [{id: a, pregnnt: true}]\n")
    with pytest.raises(RequestError, match="did you mean `snap`"):
        screen(FAMILY, programs=["snapp"])


def test_other_commands_refuse_what_is_not_there(tmp_path: Path) -> None:
    """A file, page, month or folder that does not exist is status 2 and one clear line."""
    for arguments in (
        ["screen", str(tmp_path / "none.yaml")], ["screen", str(FAMILY), "--month", "2026-13"], ["rules", "check", "snap/zz"],
        ["rules", "show", "snap", "ZZ", "2026-03"], ["rules", "check", "--rules", str(tmp_path)], ["screen", str(FAMILY), "--programs", "snap", "--month", "1999-01"],
    )[:5]:  # fmt: skip
        done = run(*arguments)
        assert done.returncode == 2, arguments
        assert len(done.stderr.splitlines()) == 1
        assert b"Traceback" not in done.stderr


def test_show_prints_the_program_with_its_citations(capsys: pytest.CaptureFixture[str]) -> None:
    """`rules show snap GA 2026-03` names each rule, its text and its law."""
    assert main(["rules", "show", "snap", "GA", "2026-03"]) == 0
    said = capsys.readouterr().out
    assert "gross_income_test" in said
    assert "7 CFR 273.9(a)(1)" in said
    assert "heating_or_cooling: 405" in said
    assert "Georgia PAMMS 3617" in said


def test_rules_of_a_folder_stand_in_for_ours(tmp_path: Path, rules: Rules) -> None:
    """`load_rules(folder)` reads an agency's own pages, and their digest differs."""
    import shutil

    shutil.copytree(rules_folder(), tmp_path / "rules")
    page = tmp_path / "rules" / "snap" / "ga.yaml"
    page.write_text(page.read_text().replace("heating_or_cooling: 405", "heating_or_cooling: 505"))
    mine = load_rules(tmp_path / "rules")
    assert mine.digest != rules.digest
    steps = {s["name"]: s["value"] for s in screen(FAMILY, programs=["snap"], rules=mine)["snap"][0].to_dict()["steps"]}
    assert steps["utility_costs"] == "505.00"


def test_the_readme_quotes_the_georgia_tanf_page_whole() -> None:
    """The page that the README shows is the page that is used."""
    assert (ROOT / "rules" / "tanf" / "ga.yaml").read_text() in (ROOT / "README.md").read_text()


def test_what_is_needed_is_asked_in_words() -> None:
    """Whatever list or fact is waited for, the layouts ask the catalogue's question for it, in both languages."""
    from benefits_rules.questions import question
    from benefits_rules.render import page

    catalogue = load_rules().catalogue
    told = family()
    for person in told["people"]:
        for key in ("income", "activities", "medical_expenses", "disabled", "citizenship"):
            person.pop(key, None)
    for key in ("expenses", "assets", "food_groups", "receives"):
        told.pop(key, None)
    asked = 0
    for found in screen(told, programs=["snap"]):
        assert found.status == "undetermined"
        for lang in ("en", "es"):
            assert any(s.kind == "needs" for s in page(found, lang).sections)
            for path in found.needs:
                assert "?" in question(catalogue, path, lang), path
                asked += 1
    assert asked


def test_clocks_run_on_over_the_months_asked_for() -> None:
    """Two months used in March may be three in April: from then on the answer is not certain."""
    told = {**idle_adult(clocks={"snap_time_limit_months_used": 2}), "months": 3}
    found = screen(told, programs=["snap"])["snap"]
    assert [d.status for d in found] == ["eligible", "undetermined", "undetermined"]
    assert "people.ann.clocks.snap_time_limit_months_used" in found[1].needs


def test_no_status_is_waited_for_of_who_does_not_apply() -> None:
    """A member who applies for Medicaid alone is not asked for her status by SNAP; she shares income and does not count."""
    told = family()
    ben = told["people"][1]
    ben.pop("citizenship", None)
    ben["applying_for"] = ["medicaid"]
    [found] = screen(told, programs=["snap"])["snap"]
    assert not [n for n in found.needs if "citizenship" in n]
    assert found.to_dict()["values"]["people_counted"] == ["ana", "lea", "gus"]


def test_what_the_page_does_not_cover_is_not_available() -> None:
    """A sponsored immigrant is not judged by a TANF page that does not work out what a sponsor is deemed to give."""
    told = family()
    told["people"][1]["citizenship"] = {"status": "lawful_permanent_resident", "since": "2010-01-01", "entered_on": "2010-01-01", "sponsored": True}
    assert screen(told, programs=["tanf"])["tanf"][0].status == "not_available"


def test_assets_and_bills_without_an_owner_or_payer_are_read() -> None:
    """A row that names nobody is shared by the unit, and never breaks the reading."""
    told = family()
    told["assets"] = [{"kind": "cash", "amount": "500.00"}]
    told["expenses"] = [{"kind": "rent", "amount": "950.00", "every": "month"}]
    assert screen(told, programs=["snap"])["snap"][0].status == "eligible"


def test_a_shared_bill_is_an_assumption() -> None:
    """Where not everybody counts, that a bill without a payer is shared evenly is said."""
    told = family()
    told["people"][1]["citizenship"] = {"status": "undocumented"}
    [found] = screen(told, programs=["snap"])["snap"]
    assert {"fact": "names_payer", "people": ["ana", "ben", "lea", "gus"], "value": False} in found.to_dict()["assumptions"]
    told["expenses"] = [{**e, "payer": "ana"} for e in told["expenses"]]
    [found] = screen(told, programs=["snap"])["snap"]
    assert "names_payer" not in {a["fact"] for a in found.to_dict()["assumptions"]}


@pytest.mark.parametrize("what", [42, None, [1], 3.5, object()])
def test_what_is_no_household_at_all_is_refused(what: Any) -> None:
    """A number, nothing, a list are refused like any other bad household."""
    with pytest.raises(HouseholdError):
        screen(what)
