"""Medicaid's and CHIP's law, person by person: every immigration status, what is covered and who pays, who is judged at all,
children who stay, spend-down, Georgia's Pathways, and where else a no may point."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from benefits_rules import load_rules, screen
from benefits_rules.testing.partial import blurred
from benefits_rules.testing.whole import counties_of, invented
from tests_medicaid import family, kind, medicaid, member
from tests_snap import wages

FULL, EMERGENCY = ("eligible", "full", "federal"), ("eligible", "emergency", "federal")
#: Where the households made at random live, and when: pages of every kind, few enough to be read once.
STATES, MONTHS = ("GA", "IL", "KY", "MN", "TX", "UT"), ("2026-03", "2026-11", "2027-03")

# ---------------------------------------------------------------- immigration status

#: status → an adult before October 2026, and since; a child at any time. yes, wait (five years) or no: then emergencies only.
#: 8 USC 1612, 1613, 1641; 42 USC 1396b(v)(4), (5); 42 CFR 435.406. Georgia covers children who live here lawfully (SHO 10-006).
STATUSES: dict[str, tuple[str, str, str]] = {
    "citizen": ("yes", "yes", "yes"), "national": ("yes", "yes", "yes"), "lawful_permanent_resident": ("wait", "wait", "yes"),
    "refugee": ("yes", "no", "yes"), "asylee": ("yes", "no", "yes"), "withholding": ("yes", "no", "yes"),
    "cuban_haitian_entrant": ("yes", "yes", "yes"), "cofa": ("yes", "yes", "yes"), "amerasian": ("yes", "yes", "yes"),
    "conditional_entrant": ("wait", "no", "yes"), "parolee": ("wait", "no", "yes"), "afghan_ukrainian_parolee": ("yes", "no", "yes"),
    "special_immigrant": ("yes", "yes", "yes"), "trafficking_victim": ("yes", "no", "yes"), "battered_noncitizen": ("wait", "no", "yes"),
    "american_indian_born_abroad": ("yes", "not certain", "not certain"), "hmong_lao": ("no", "no", "yes"), "tps": ("no", "no", "yes"),
    "daca": ("no", "no", "no"), "asylum_applicant": ("no", "no", "not certain"), "nonimmigrant": ("no", "no", "yes"),
    "other_lawfully_present": ("no", "no", "yes"), "undocumented": ("no", "no", "no"),
}  # fmt: skip
#: Short of five years, and past them.
SINCE = ("2023-01-01", "2015-01-01")


def status(word: str, since: str, **facts: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"status": word}
    if word not in ("citizen", "national"):
        told |= {"since": since, "entered_on": since, "forty_quarters": False, "military_connection": False}
    if word == "lawful_permanent_resident":
        told |= {"former_refugee": False, "sponsored": False}
    return told | facts


def parent(**facts: Any) -> dict[str, Any]:
    """A mother of one with $300 a month, within Georgia's limit for parents."""
    return member("mia", 30, income=[wages(300)], **facts)


def as_parent(word: str, since: str, month: str, **facts: Any) -> tuple[str, str | None, str | None]:
    found: tuple[str, str | None, str | None] = kind(
        medicaid(parent(citizenship=status(word, since, **facts)), member("kid", 8, parents=["mia"]), month=month)["mia"]
    )
    return found


def as_child(word: str, since: str, month: str) -> tuple[str, str | None, str | None]:
    found: tuple[str, str | None, str | None] = kind(
        medicaid(parent(), member("kid", 8, parents=["mia"], citizenship=status(word, since)), month=month)["kid"]
    )
    return found


def by_rule(rule: str) -> list[tuple[str, str, str]]:
    return {"yes": [FULL, FULL], "wait": [EMERGENCY, FULL], "no": [EMERGENCY, EMERGENCY]}[rule]


def test_the_table_has_every_status() -> None:
    """No status of the catalogue is left out; who does not apply has none."""
    assert set(STATUSES) == set(load_rules().catalogue.facts["person", "citizenship_status"].options) - {"undisclosed"}


@pytest.mark.parametrize("word", [w for w, rules in STATUSES.items() if "not certain" not in rules[:2]])
@pytest.mark.parametrize(("month", "when"), [("2026-09", 0), ("2026-10", 1)])
def test_a_parent_of_every_status(word: str, month: str, when: int) -> None:
    """A poor parent in Georgia has full coverage by her status, after five years of it, or in emergencies only; P.L. 119-21
    s.71109 took full coverage from refugees and others in October 2026. It is federal money either way."""
    assert [as_parent(word, since, month) for since in SINCE] == by_rule(STATUSES[word][when])


@pytest.mark.parametrize("word", [w for w, rules in STATUSES.items() if rules[2] != "not certain"])
@pytest.mark.parametrize("month", ["2026-09", "2026-10"])
def test_a_child_of_every_status(word: str, month: str) -> None:
    """A child who lives here lawfully has full coverage at once, before October 2026 and since (42 USC 1396b(v)(4)); one with
    DACA or without papers in emergencies only."""
    assert [as_child(word, since, month) for since in SINCE] == by_rule(STATUSES[word][2])


@pytest.mark.parametrize("word", [w for w, rules in STATUSES.items() if rules[2] != "not certain"])
@pytest.mark.parametrize("month", ["2026-09", "2026-10"])
def test_chip_for_a_child_of_every_status(word: str, month: str) -> None:
    """Above Medicaid's limit a child who lives here lawfully has Georgia's CHIP at once (42 USC 1397gg(e)(1)); there is no
    emergency coverage in CHIP, so one with DACA or without papers has none."""
    mother = member("mia", 40, income=[wages(3500)])
    for since in SINCE:
        child = member("kid", 8, parents=["mia"], citizenship=status(word, since))
        found = medicaid(mother, child, program="chip", month=month)["kid"]
        assert kind(found) == (FULL if STATUSES[word][2] == "yes" else ("ineligible", None, None))


def test_an_american_indian_born_abroad() -> None:
    """Neither the five years nor the list of qualified immigrants binds her in Medicaid (8 USC 1612(b)(2)(E), 1613(d)(1)). Since
    October 2026 it hangs on how she is recorded (42 USC 1396b(v)(5); 8 CFR 289): these rules do not judge her, and say so."""
    word = "american_indian_born_abroad"
    assert [judged(word, since, "2026-09") for judged in (as_parent, as_child) for since in SINCE] == 4 * [FULL]
    later = [judged(word, since, "2026-10")[0] for judged in (as_parent, as_child) for since in SINCE]
    assert later == 4 * ["not_available"]


def test_a_child_who_has_just_applied_for_asylum() -> None:
    """A child of 8 whose application for asylum is a month old does not yet live here lawfully: full coverage is not certain."""
    assert as_child("asylum_applicant", "2026-08-15", "2026-09") != FULL


def test_an_adult_who_has_applied_for_asylum() -> None:
    """An applicant for asylum is no qualified immigrant: emergencies only (8 USC 1641)."""
    assert as_parent("asylum_applicant", "2015-01-01", "2026-09") == EMERGENCY


@pytest.mark.parametrize("month", ["2026-09", "2026-10"])
@pytest.mark.parametrize("fact", ["former_refugee", "military_connection"])
def test_who_does_not_wait_as_a_permanent_resident(fact: str, month: str) -> None:
    """A permanent resident who came as a refugee, or is a veteran or the family of one, does not wait (8 USC 1613(b))."""
    assert as_parent("lawful_permanent_resident", SINCE[0], month, **{fact: True}) == FULL


def test_forty_quarters_shorten_no_wait() -> None:
    """Work of ten years does not free from the five years (8 USC 1613(a)); it matters only where a state asks for it."""
    assert as_parent("lawful_permanent_resident", SINCE[0], "2026-09", forty_quarters=True) == EMERGENCY


@pytest.mark.parametrize(("since", "covered"), [("2021-03-01", FULL), ("2021-03-02", EMERGENCY)])
def test_the_five_years_run_to_the_day(since: str, covered: tuple[str, str, str]) -> None:
    """Five years after the day on which the status began the wait is over."""
    assert as_parent("lawful_permanent_resident", since, "2026-03") == covered


@pytest.mark.parametrize(("word", "covered"), [("tps", FULL), ("refugee", FULL), ("daca", EMERGENCY), ("undocumented", EMERGENCY)])
def test_pregnant_and_after_october_2026(word: str, covered: tuple[str, str, str]) -> None:
    """A pregnant woman who lives here lawfully keeps full coverage in Georgia, and so she does in the year after."""
    now = member("mia", 30, pregnant=True, expected_children=1, citizenship=status(word, SINCE[0]))
    after = member("mia", 30, pregnant_on_medicaid=True, months_since_pregnancy=3, citizenship=status(word, SINCE[0]))
    gets = [{"program": "medicaid", "people": ["mia"], "from": "2026-01-01"}]
    assert kind(medicaid(now, month="2026-11")["mia"]) == covered
    assert kind(medicaid(after, month="2026-11", receives=gets)["mia"]) == covered


def test_money_of_the_state_is_named_as_such() -> None:
    """Illinois covers a child without papers in full, of its own money; a citizen's coverage is federal."""
    child = member("kid", 8, citizenship={"status": "undocumented"})
    assert kind(medicaid(child, state="IL", county="17031")["kid"]) == ("eligible", "full", "state")
    assert kind(medicaid(member("kid", 8), state="IL", county="17031")["kid"]) == FULL


def test_status_is_no_bar_to_emergency_care_but_income_is() -> None:
    """Emergency care is for who fits a group but for her status (42 CFR 435.406(b)): too much pay is a no."""
    rich = member("mia", 30, income=[wages(5000)], citizenship=status("undocumented", SINCE[0]))
    assert kind(medicaid(rich, member("kid", 8, parents=["mia"]))["mia"])[0] == "ineligible"


# ---------------------------------------------------------------- what is covered, who pays, who is judged


def whole(seed: int) -> dict[str, Any]:
    """A household told in full."""
    r = random.Random(seed)
    state = r.choice(STATES)
    house = invented(r, counties_of(load_rules(), state), r.choice(MONTHS), state, (1, 5))
    house["months"] = 1
    return house


def applicants(house: dict[str, Any], program: str) -> list[str]:
    """Who asks for the program: as each person says, else as all do, else everybody for everything."""
    everybody = house.get("choices", {}).get("apply_for")
    own = {p["id"]: p.get("applying_for", everybody) for p in house["people"]}
    return [name for name, programs in own.items() if programs is None or program in programs]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_eligible_says_for_what(seed: int, in_part: bool) -> None:
    """Whoever is eligible has a category, a coverage and who pays; where one is not certain, the answer names what to tell."""
    house = whole(seed)
    if in_part:
        house = blurred(random.Random(seed), house)
    for found in screen(house, programs=["medicaid", "chip"]):
        told = found.to_dict()
        words = [told["category"], told["coverage"], told["funding"]]
        if found.status == "eligible":
            assert None not in words or told["needs"], (found.people, words)
            assert told["coverage"] in (None, "full", "emergency", "cost_sharing")
            assert told["funding"] in (None, "federal", "state")
            assert in_part or None not in words
            assert told["category"] not in ("qmb", "slmb", "qi") or told["coverage"] == "cost_sharing"
            assert told["funding"] != "state" or told["coverage"] == "full"
            assert found.program == "medicaid" or told["coverage"] == "full"
        else:
            assert (told["category"], told["coverage"]) == (None, None)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**9))
def test_each_who_applies_is_judged_alone(seed: int) -> None:
    """One determination of each person who applies for the program, and none of who does not (42 CFR 435.907(e))."""
    house = whole(seed)
    for program in ("medicaid", "chip"):
        found = screen(house, programs=[program])[program]
        assert [d.people for d in found] == [(name,) for name in applicants(house, program)]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**9))
def test_the_household_names_its_people(seed: int) -> None:
    """The MAGI household lists the people of the home who are in it, the person herself among them; its size is not less."""
    house = whole(seed)
    home = {p["id"] for p in house["people"]}
    for found in screen(house, programs=["medicaid", "chip"]):
        values = found.to_dict()["values"]
        assert found.people[0] in values["magi_household"]
        assert set(values["magi_household"]) <= home
        assert len(values["magi_household"]) == len(set(values["magi_household"])) <= values["magi_household_size"]


def test_of_who_does_not_apply_nothing_is_asked() -> None:
    """A mother who applies for nothing is not judged, and her status is not asked; her income counts for the child."""
    mother = member("mia", 30, citizenship={}, applying_for=[], income=[wages(600)])
    found = medicaid(mother, member("kid", 8, parents=["mia"]))
    assert set(found) == {"kid"}
    assert kind(found["kid"]) == FULL
    assert found["kid"].to_dict()["values"]["magi_income"] == "600.00"
    assert not found["kid"].needs


@pytest.mark.parametrize(("lang", "word"), [("en", "emergenc"), ("es", "emergencia")])
def test_words_say_emergencies_only(lang: str, word: str) -> None:
    """Who is covered in emergencies only reads so, in both languages."""
    adult = parent(citizenship=status("undocumented", SINCE[0]))
    found = medicaid(adult, member("kid", 8, parents=["mia"]))["mia"]
    assert kind(found) == EMERGENCY
    assert word in found.to_text(lang).lower()


@pytest.mark.parametrize("lang", ["en", "es"])
def test_words_say_help_with_medicare_only(lang: str) -> None:
    """Who gets no more than Medicare's premium paid reads that it is about Medicare, in both languages."""
    old = member("ann", 70, medicare=True, income=[{"source": "social_security_retirement", "amount": 1600, "every": "month"}])
    found = medicaid(old)["ann"]
    assert (kind(found)[1], found.to_dict()["category"]) == ("cost_sharing", "slmb")
    assert "Medicare" in found.to_text(lang)


def test_words_cite_no_law_of_snap() -> None:
    """What is said of Medicaid stands under Medicaid's law."""
    assert "7 CFR 273" not in medicaid(member("kid", 8))["kid"].to_text()


def test_no_papers_are_asked_for_emergency_care() -> None:
    """Of who is covered in emergencies only neither a Social Security number nor a status is asked for."""
    found = medicaid(parent(citizenship=status("undocumented", SINCE[0])), member("kid", 8, parents=["mia"]))["mia"]
    assert kind(found) == EMERGENCY
    assert not [x for x in found.to_dict()["awaiting"] if "Social Security" in x or "status" in x]


def test_a_nursing_home_is_not_judged() -> None:
    """Of who lives in an institution these rules say nothing, and that they do not."""
    for program in ("medicaid", "chip"):
        found = medicaid(member("kid", 8), program=program, housing={"kind": "institution", "leaves_on": "2030-01-01"})["kid"]
        assert found.status == "not_available"
        assert "Please ask the agency" in found.to_text()


def test_who_is_not_judged_is_promised_nothing() -> None:
    """Of coverage and of bills that may be paid nothing is said to who is not judged."""
    found = medicaid(member("ann", 30), state="IL", county="17031", housing={"kind": "institution", "leaves_on": "2030-01-01"})["ann"]
    assert found.status == "not_available"
    assert found.to_dict()["notes"] == []


# ---------------------------------------------------------------- usual values

#: Usual facts of a person that stand in a place of their own, and those on her citizenship.
CATALOGUE = load_rules().catalogue.by_entity["person"]
USUAL = [f.name for f in CATALOGUE if f.kind == "usual" and f.at == f.name and f.unit == "yes/no" and f.name != "seasonal_worker"]
ON_STATUS = [f.name for f in CATALOGUE if f.kind == "usual" and f.at == f"citizenship.{f.name}" and f.name not in ("sponsored", "battered")]


def without_usual(house: dict[str, Any]) -> dict[str, Any]:
    told = copy.deepcopy(house)
    for p in told["people"]:
        for name in USUAL:
            p.pop(name, None)
        for name in ON_STATUS:
            p["citizenship"].pop(name, None)
    return told


def with_some_told(r: random.Random, house: dict[str, Any]) -> dict[str, Any]:
    told = copy.deepcopy(house)
    for p in told["people"]:
        p |= {name: r.random() < 0.3 for name in USUAL if r.random() < 0.6}
        if p.get("on_strike"):
            p["pay_before_strike"] = {"amount": 100, "every": "month"}
        if p["citizenship"]["status"] not in ("citizen", "national"):
            p["citizenship"] |= {name: r.random() < 0.3 for name in ON_STATUS if r.random() < 0.6}
    return told


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_no_usual_value_ever_decides_a_no(seed: int) -> None:
    """Whoever gets a no on usual values gets no yes whatever those facts turn out to be: five turns for each such home."""
    assert {"medicare", "medically_frail", "tribal_member", "other_health_coverage", "former_foster_youth"} <= set(USUAL)
    assert {"forty_quarters", "military_connection", "former_refugee", "work_permit"} == set(ON_STATUS)
    house = without_usual(whole(seed))
    r = random.Random(seed)
    for p in house["people"]:
        p["income"] += [{"source": "other_unearned", "amount": r.choice((0, 1500, 3000)), "every": "month"}]
    for program in ("medicaid", "chip"):
        noes = {d.people[0] for d in screen(house, programs=[program]) if d.status in ("ineligible", "spend_down")}
        for _ in range(5 if noes else 0):
            told = with_some_told(r, house)
            again = {d.people[0]: d.status for d in screen(told, programs=[program])}
            assert all(again[name] != "eligible" for name in noes), (program, noes, again)


def test_what_a_usual_value_would_change_is_asked_for() -> None:
    """On usual values an adult is turned away by the work rule: not certain, and the facts that would free her are named."""
    told = {name: value for name, value in member().items() if name not in ("medically_frail", "tribal_member")}
    found = medicaid(told, state="KY", county="21111", month="2027-02")["ann"]
    assert found.status == "undetermined"
    assert set(found.needs) == {"people.ann.medically_frail", "people.ann.tribal_member"}
    assert medicaid(member(), state="KY", county="21111", month="2027-02")["ann"].status == "ineligible"


# ---------------------------------------------------------------- spend-down


def old(income: int, **facts: Any) -> dict[str, Any]:
    row = {"source": "social_security_retirement", "amount": income, "every": "month"}
    return member("ann", 70, income=[row], **facts)


def test_a_spend_down_that_is_sought_says_its_amount() -> None:
    """Who seeks a spend-down is told how much is missing: income less $20 and less the level of $317 (42 CFR 435.831)."""
    found = medicaid(old(2000, seeks_spend_down=True))["ann"]
    assert found.status == "spend_down"
    assert found.to_dict()["values"]["spend_down_amount"] == "1663.00"
    assert "$1,663" in found.to_text()
    assert found.amount is None


def test_a_spend_down_that_is_not_sought_is_only_named() -> None:
    """Who does not seek it gets a no, and is told that bills would open the door."""
    found = medicaid(old(2000))["ann"].to_dict()
    assert found["status"] == "ineligible"
    assert [c["code"] for c in found["changes"] if "spend_down" in c["code"]] == ["medicaid.could_spend_down"]


@pytest.mark.parametrize(("bills", "found"), [(1662.99, "spend_down"), (1663, "eligible")])
def test_bills_meet_it_to_the_cent(bills: float, found: str) -> None:
    """Bills of the amount open the door: medically needy, in full; a cent less do not."""
    told = medicaid(old(2000, seeks_spend_down=True, medical_expenses=[{"amount": bills, "every": "month"}]))["ann"]
    assert told.status == found
    if found == "eligible":
        assert (told.to_dict()["category"], kind(told)) == ("medically_needy", FULL)


def test_no_spend_down_for_who_has_no_such_group() -> None:
    """An adult who is neither old, disabled nor a parent cannot spend down: no bills open that door (42 CFR 435.301)."""
    found = medicaid(member("ann", 40, income=[wages(3000)], seeks_spend_down=True))["ann"]
    assert found.status == "ineligible"
    assert "medicaid.could_spend_down" not in [c["code"] for c in found.to_dict()["changes"]]


def test_no_spend_down_over_the_savings_limit() -> None:
    """Bills do not help who owns more than $2,000 (42 CFR 435.845)."""
    savings = [{"kind": "bank_account", "amount": 2000.01, "owner": "ann"}]
    assert medicaid(old(2000, seeks_spend_down=True), assets=savings)["ann"].status == "ineligible"


# ---------------------------------------------------------------- children who are enrolled


def kept(program: str, since: str, age: int = 8, month: str = "2026-03", pay: float = 9000) -> Any:
    receives = [{"program": program, "people": ["kid"], "from": since}]
    kid = member("kid", age, parents=["mia"])
    return medicaid(member("mia", 40, income=[wages(pay)]), kid, program=program, receives=receives, month=month)["kid"]


@pytest.mark.parametrize("program", ["medicaid", "chip"])
@pytest.mark.parametrize(("since", "status"), [("2025-06-01", "eligible"), ("2025-03-02", "eligible"), ("2025-03-01", "ineligible")])
def test_an_enrolled_child_keeps_twelve_months(program: str, since: str, status: str) -> None:
    """Whatever the family earns, a child stays for the twelve months from enrollment, and not longer (42 CFR 435.926, 457.342)."""
    assert kept(program, since).status == status


def test_nineteen_ends_it() -> None:
    """At 19 the twelve months end (42 CFR 435.926(d)(1)); a child who was never enrolled has none."""
    assert kept("medicaid", "2025-11-01", age=18).status == "eligible"
    assert kept("medicaid", "2025-11-01", age=19).status == "ineligible"
    assert medicaid(member("mia", 40, income=[wages(9000)]), member("kid", 8, parents=["mia"]))["kid"].status == "ineligible"


def test_the_twelve_months_are_the_childs_alone() -> None:
    """A parent who is enrolled and earns too much now is not kept."""
    receives = [{"program": "medicaid", "people": ["mia", "kid"], "from": "2025-11-01"}]
    found = medicaid(member("mia", 40, income=[wages(9000)]), member("kid", 8, parents=["mia"]), receives=receives)
    assert (found["kid"].status, found["mia"].status) == ("eligible", "ineligible")


def test_medicaid_comes_before_chip() -> None:
    """A child with full Medicaid has no CHIP; above Medicaid's limit and up to CHIP's she has CHIP; above that neither."""
    for pay, want in ((1500, ("eligible", "ineligible")), (3500, ("ineligible", "eligible")), (9000, ("ineligible", "ineligible"))):
        people = member("mia", 40, income=[wages(pay)]), member("kid", 8, parents=["mia"])
        assert (medicaid(*people)["kid"].status, medicaid(*people, program="chip")["kid"].status) == want


# ---------------------------------------------------------------- Georgia's Pathways


def worker(hours: float, pay: float = 600, activity: str = "work", **facts: Any) -> dict[str, Any]:
    return member("ann", 30, income=[wages(pay)], activities=[{"kind": activity, "hours_per_week": hours}], **facts)


@pytest.mark.parametrize(("hours", "status"), [(18.48, "eligible"), (18.47, "ineligible"), (0, "ineligible")])
def test_pathways_needs_eighty_hours(hours: float, status: str) -> None:
    """An adult in Georgia is covered with 80 hours a month, 4.33 weeks of 18.48, and not with less."""
    found = medicaid(worker(hours))["ann"]
    assert found.status == status
    if status == "eligible":
        assert (found.to_dict()["category"], kind(found)) == ("adult", FULL)
    else:
        assert "medicaid.state_condition_test.fail" in [r["code"] for r in found.to_dict()["reasons"]]


@pytest.mark.parametrize(("pay", "status"), [(1330, "eligible"), (1330.01, "ineligible")])
def test_pathways_ends_at_the_poverty_line(pay: float, status: str) -> None:
    """Pathways goes to 95% of the poverty line and the five points: $1,330 a month for one in 2026."""
    assert medicaid(worker(30, pay))["ann"].status == status


def test_pathways_is_not_for_parents_alone_nor_for_the_old() -> None:
    """It is for 19 to 64; hours are not asked of who is covered otherwise: a poor parent, a pregnant woman, a child."""
    assert medicaid(member("ann", 65, income=[wages(1300)], activities=[{"kind": "work", "hours_per_week": 30}]))["ann"].to_dict()["category"] != "adult"
    found = medicaid(parent(), member("kid", 8, parents=["mia"]))
    assert [d.to_dict()["category"] for d in found.values()] == ["parent", "child"]
    assert medicaid(member("ann", 30, pregnant=True, expected_children=1))["ann"].to_dict()["category"] == "pregnant"


# ---------------------------------------------------------------- where a no points


def points_to(*people: dict[str, Any], who: str = "ann", **facts: Any) -> set[str]:
    found = medicaid(*people, **facts)[who].to_dict()
    return {c["code"].removeprefix("medicaid.") for c in found["changes"]} & {"marketplace_may_fit", "basic_health_may_fit"}


MARKETPLACE = {"marketplace_may_fit"}


@pytest.mark.parametrize(("pay", "where"), [(1329.99, set()), (1330, MARKETPLACE), (2500, MARKETPLACE)])
def test_the_marketplace_is_named_from_the_poverty_line_on(pay: float, where: set[str]) -> None:
    """Under the poverty line there is no premium credit (26 USC 36B(c)(1)(A)): an adult whom Georgia leaves out is not sent there."""
    assert points_to(member("ann", 30, income=[wages(pay)])) == where


def test_the_marketplace_is_not_named_above_four_times_the_line() -> None:
    """Above 400% of the poverty line the credit is closed again since 2026; to the end of 2025 it was open (26 USC 36B(c)(1))."""
    assert [points_to(member("ann", 30, income=[wages(pay)])) for pay in (5320, 5320.01)] == [MARKETPLACE, set()]
    assert points_to(member("ann", 30, income=[wages(9000)]), month="2025-12") == MARKETPLACE


@pytest.mark.parametrize("fact", ["medicare", "other_health_coverage"])
def test_who_has_other_coverage_is_not_sent_there(fact: str) -> None:
    """Medicare or a plan of one's own closes the credit (26 USC 36B(c)(2)(B))."""
    assert points_to(member("ann", 30, income=[wages(2500)], **{fact: True})) == set()


#: Who may have the credit in 2026, and from 2027 on (26 USC 36B(e)(2) before and after P.L. 119-21 s.71301).
CREDIT = {
    "lawful_permanent_resident": (True, True), "cuban_haitian_entrant": (True, True), "cofa": (True, True), "refugee": (True, False),
    "asylee": (True, False), "tps": (True, False), "parolee": (True, False), "withholding": (True, False), "battered_noncitizen": (True, False),
    "trafficking_victim": (True, False), "nonimmigrant": (True, False), "other_lawfully_present": (True, False),
    "daca": (False, False), "undocumented": (False, False),
}  # fmt: skip


@pytest.mark.parametrize("word", CREDIT)
@pytest.mark.parametrize(("month", "when"), [("2026-12", 0), ("2027-01", 1)])
def test_the_marketplace_is_named_by_status(word: str, month: str, when: int) -> None:
    """From 2027 on only citizens, permanent residents, Cuban and Haitian entrants and citizens of the free states are sent there."""
    told = member("ann", 30, income=[wages(2500)], citizenship=status(word, SINCE[0]))
    assert points_to(told, month=month) == (MARKETPLACE if CREDIT[word][when] else set())


def test_who_fails_the_work_rule_is_not_sent_there() -> None:
    """Failing community engagement closes the credit too (P.L. 119-21 s.71119)."""
    kentucky = {"state": "KY", "county": "21111", "month": "2027-02"}
    assert medicaid(member("ann", 30), **kentucky)["ann"].status == "ineligible"
    assert points_to(member("ann", 30), **kentucky) == set()


def test_who_is_covered_is_not_sent_there() -> None:
    """Who has full Medicaid is named nothing else, nor a child who has CHIP."""
    assert points_to(parent(), member("kid", 8, parents=["mia"]), who="mia") == set()
    assert points_to(member("mia", 40, income=[wages(3500)]), member("kid", 8, parents=["mia"]), who="kid") == set()


def test_a_basic_health_program_comes_first() -> None:
    """In Oregon up to 200% of the line the Basic Health Program is named, and the Marketplace above it (42 CFR 600.305)."""
    oregon = {"state": "OR", "county": "41051"}
    assert points_to(member("ann", 30, income=[wages(2000)]), **oregon) == {"basic_health_may_fit"}
    assert points_to(member("ann", 30, income=[wages(2800)]), **oregon) == MARKETPLACE


def test_a_limit_names_the_law_of_its_own_group() -> None:
    """A child's limit cites the rule on children and the state's figure for them; a parent's, that of parents, and neither the other's."""
    found = medicaid(parent(), member("kid", 8, parents=["mia"]), state="GA", county="13121")
    laws = {}
    for who, determination in found.items():
        [step] = [s for s in determination.to_dict()["steps"] if s["name"] == "limit_of_category"]
        laws[who] = " ".join(c["law"] for c in step["citations"])
    assert "435.118" in laws["kid"] and "Georgia DCH, 2026" in laws["kid"] and "Parent/Caretaker" not in laws["kid"]
    assert "Parent/Caretaker" in laws["mia"] and "435.118" not in laws["mia"] and "435.119" not in laws["mia"]


def determinations() -> Iterator[tuple[dict[str, Any], Any]]:
    for seed in range(60):
        house = whole(seed)
        for found in screen(house, programs=["medicaid"]):
            yield house, found


def test_no_advice_to_earn_less() -> None:
    """What somebody may do is never to earn less, to work less, or to live apart."""
    said = [c["text"]["en"].lower() for _, found in determinations() for c in found.to_dict()["changes"]]
    assert said
    assert not any(w in text for text in said for w in ("earn less", "quit", "work less", "separate"))


def test_a_page_of_family_is_told_in_full() -> None:
    """The households of these tests leave nothing open: no determination waits for anything."""
    for found in screen(family(parent(), member("kid", 8, parents=["mia"])), programs=["medicaid", "chip"]):
        assert not found.needs
