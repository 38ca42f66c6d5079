"""Notices: what the law makes them say, what only the agency can fill in, and what is refused."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from benefits_rules import Agency, Determination, RequestError, RuleError, load_rules, notice, screen
from benefits_rules.source import read_bytes
from benefits_rules.wordings import read_notices
from test_api import FAMILY, family, idle_adult

RULES = Path(__file__).parents[1] / "rules" / "common"
OFFICE: dict[str, Any] = {
    "office": "Fulton County DFCS", "telephone": "1-800-555-0100", "worker": None, "hearing": {"en": "call or write us", "es": "llame o escriba"},
    "legal_aid": {"en": "Legal Services, 1-800-555-0199", "es": "Servicios Legales, 1-800-555-0199"}, "filed_on": date(2026, 3, 12),
    "certified_from": date(2026, 3, 12), "certified_to": date(2026, 8, 31), "first_amount": Decimal("611.00"), "expected_changes": None,
    "proof_due": date(2026, 4, 11),
}  # fmt: skip


def eligible() -> Determination:
    return screen(FAMILY, programs=["snap"])["snap"][0]


def ineligible() -> Determination:
    told = family()
    told["people"][0]["income"] = [{"source": "wages", "amount": "9000.00", "every": "month"}]
    return screen(told, programs=["snap"])["snap"][0]


def undetermined() -> Determination:
    return screen(idle_adult(), programs=["snap"])["snap"][0]


@pytest.mark.parametrize(
    ("make", "kind", "must", "needed"),
    [
        (eligible, "eligibility", {"amount", "first_month", "certification", "hearing", "telephone", "legal_aid", "expected_changes"},
         {"office", "telephone", "hearing", "legal_aid", "worker", "certified_from", "certified_to"}),
        (ineligible, "denial", {"basis", "hearing", "telephone", "legal_aid", "other_help", "filed"}, {"office", "telephone", "hearing", "legal_aid"}),
        (undetermined, "pending", {"pending", "needs", "awaiting", "denied_after", "telephone"}, {"office", "telephone", "proof_due"}),
    ],
)  # fmt: skip
def test_the_status_brings_its_notice_with_all_that_the_law_asks_for(make: Any, kind: str, must: set[str], needed: set[str]) -> None:
    """7 CFR 273.10(g)(1): each status has its notice, each element its cited sentence, and what only the agency knows is open."""
    [found] = make().to_dict()["notices"]
    assert found["kind"] == kind
    assert must <= {s["code"] for s in found["sentences"]}
    assert needed <= set(found["open"])
    assert all(s["citations"] and s["text"]["en"] != s["text"]["es"] for s in found["sentences"])
    assert not [s for s in found["sentences"] if "{" in s["text"]["en"] + s["text"]["es"]]


@pytest.mark.parametrize("make", [eligible, ineligible, undetermined])
def test_a_notice_is_refused_with_all_its_open_slots_at_once(make: Any) -> None:
    """An agency that tells nothing is told everything that is missing, in one message."""
    found = make()
    with pytest.raises(RequestError) as caught:
        notice(found, {})
    assert str(caught.value) == "this notice needs of the agency: " + ", ".join(found.to_dict()["notices"][0]["open"])


def test_a_notice_of_eligibility_says_what_the_agency_knows() -> None:
    """Amount, first month, period, phone, legal help are said; what there is none of (a worker, changes) is left out, not bracketed."""
    made = notice(eligible(), Agency(**OFFICE))
    said = made.to_text("en")
    for part in ("$917", "$580", "March 12, 2026", "August 31, 2026", "1-800-555-0100", "Legal Services", "call or write us", "90 days"):
        assert part in said, part
    assert "[the" not in said
    assert "Ask for" not in said
    assert "llame o escriba" in made.to_text("es")
    assert "12 de marzo de 2026" in made.to_markdown("es")
    assert "<h1>" in made.to_html()


def test_a_denial_says_why() -> None:
    """Every rule that was not met stands under the sentence of the basis, with its law."""
    [basis] = [s for s in notice(ineligible(), OFFICE).sentences if s["code"] == "basis"]
    assert basis["items"]
    assert all(i["citations"] for i in basis["items"])


def test_a_pending_notice_says_by_when() -> None:
    """Sixty days after the filing date the application is denied, says 7 CFR 273.10(g)(1)(iii); what is needed is asked in words."""
    said = notice(undetermined(), OFFICE).to_text("en")
    assert "May 11, 2026" in said
    assert "April 11, 2026" in said
    assert "Is ann healthy enough to work?" in said


ADVERSE = {**OFFICE, "mailed_on": date(2026, 3, 18), "effective_on": date(2026, 4, 1), "current_amount": Decimal("1200.00"), "reason": "you earn more"}


def test_a_notice_of_adverse_action_tells_of_continued_benefits_and_liability() -> None:
    """7 CFR 273.13(a)(2): action, reason, hearing, phone, continued benefits, liability, legal help, for a lower amount and an end."""
    for found, action in ((eligible(), "less"), (ineligible(), "end")):
        made = notice(found, ADVERSE, "adverse_action")
        codes = {s["code"] for s in made.sentences}
        assert {action, "hearing", "telephone", "continued", "liability", "legal_aid"} <= codes
        assert not codes & ({"less", "end"} - {action})
        [first] = [s for s in made.sentences if s["code"] == action]
        assert first["items"]
    assert "you earn more" in notice(eligible(), ADVERSE, "adverse_action").to_text()
    with pytest.raises(RequestError, match=r"needs of the agency: reason$"):
        notice(eligible(), {k: v for k, v in ADVERSE.items() if k != "reason"}, "adverse_action")


@pytest.mark.parametrize(
    ("make", "changes", "kind", "message"),
    [
        (eligible, {"effective_on": date(2026, 3, 27)}, "adverse_action", "at least 10 days"),
        (eligible, {"current_amount": Decimal("917.00")}, "adverse_action", "does not go down"),
        (undetermined, {}, "adverse_action", "brings no notice of this kind"),
        (eligible, {}, "denial", "brings no notice of this kind"),
        (eligible, {}, "letter", "there is no such notice"),
        (eligible, {"certified_to": date(2026, 3, 1)}, None, "lies before"),
    ],
)
def test_what_the_law_does_not_allow_is_refused(make: Any, changes: dict[str, Any], kind: str | None, message: str) -> None:
    """Short notice, an action that lowers nothing, an action or a denial where none was decided, a period that ends first."""
    with pytest.raises(RequestError, match=message):
        notice(make(), {**ADVERSE, **changes}, kind)


def test_ten_days_and_a_dollar_less_are_enough() -> None:
    """The edges of what is refused are allowed."""
    assert notice(eligible(), {**ADVERSE, "effective_on": date(2026, 3, 28), "current_amount": Decimal("918.00")}, "adverse_action")


@pytest.mark.parametrize("field", ["office", "telephone", "certified_from", "first_amount", "nothing_like_it"])
def test_bad_agency_data_is_refused_without_its_value(field: str) -> None:
    """A faulty field is named, what it held is not."""
    with pytest.raises(RequestError, match=f"agency.{field}") as caught:
        Agency(**{**OFFICE, field: "SECRET\nwords"})
    assert "SECRET" not in str(caught.value)
    assert "SECRET" not in repr(caught.value)


def test_a_program_without_words_has_no_notice() -> None:
    """Where there is no wording, or no answer, `notices` is an empty list, and a notice is refused."""
    for found in screen(FAMILY, programs=["tanf", "medicaid"]):
        assert found.to_dict()["notices"] == []
        with pytest.raises(RequestError):
            notice(found, OFFICE)


SOUND = """slots:
  office: {en: the office, es: la oficina}
notices:
  snap:
    denial:
      title: {en: No, es: Que no}
      sentences:
        call: {say: {en: "Call {office}.", es: "Llame a {office}."}, cite: 7 CFR 273.13(a)(2)}
"""


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ("{office}.\"", "{ofice}.\"", ":8:", "slot"),
        (", cite: 7 CFR 273.13(a)(2)", "", ":8:", "missing-key"),
        ("7 CFR 273.13(a)(2)", "somewhere", ":8:", "citation"),
        ("office: {en", "officer: {en", ":2:", "slot"),
        ("denial", "refusal", ":6:", "notice"),
        ("title: {en: No", "title: {en: \"No, {office}\"", ":6:", "slot"),
        (", es: \"Llame a {office}.\"", ", es: \"Llame.\"", ":8:", "slot"),
        ("cite:", "when: never, cite:", ":8:", "when"),
        ("cite:", "list: all, cite:", ":8:", "list"),
        ("cite:", "sight: 1, cite:", ":8:", "unknown-key"),
        ("office: {en", "office: &a {en", ":2:", "alias"),
    ],
)  # fmt: skip
def test_faults_of_the_wordings_name_their_place(old: str, new: str, place: str, code: str) -> None:
    """A slot that nobody declared, a sentence without its law, an unknown kind, key, list: refused by file, line and column."""
    assert read_notices(read_bytes(SOUND.encode(), "rules/common/notices.yaml")).words
    assert old in SOUND
    with pytest.raises(RuleError) as caught:
        read_notices(read_bytes(SOUND.replace(old, new, 1).encode(), "rules/common/notices.yaml"))
    assert "rules/common/notices.yaml" + place in str(caught.value)
    assert f": {code}: " in str(caught.value)


def test_a_folder_without_wordings_has_none(tmp_path: Path) -> None:
    """An agency's own folder may lack both files."""
    shutil.copytree(RULES.parent, tmp_path / "rules", ignore=shutil.ignore_patterns("words.yaml", "notices.yaml"))
    rules = load_rules(tmp_path / "rules")
    assert (rules.words, rules.notices.words) == ({}, {})


def test_the_wordings_are_no_pages() -> None:
    """Neither the catalogue nor the wordings are taken for pages of rules."""
    assert not {"common/facts", "common/words", "common/notices"} & set(load_rules().pages())
    assert (RULES / "notices.yaml").is_file()
