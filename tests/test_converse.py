"""The interview in a terminal: the same answers as without a keyboard, in both languages, and nothing lost on the way."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest
from rich.console import Console

from benefits_rules import Household, Interview, Rules, interview, screen
from benefits_rules.cli import main
from benefits_rules.converse import FAULTS, converse
from benefits_rules.desk import Desk
from benefits_rules.opening import begin
from benefits_rules.render.spoken import SPOKEN
from households import told
from test_api import family
from typists import at_desk, conversed, script, told_here

#: A single adult with a job and rent: who, when applied, how they live, health and papers, the job, help, the home, savings, rare things.
WHO, JOB, HOME, REST = ["a 34", "", "2026-03-01", "", "n", "n", "1", "1"], ["1", "$1,000", "6", "", "", ""], ["", "1", "1", "700", "6"], ["", ""]
ADULT = [*WHO, *JOB, *HOME, *REST]
HOUSE: dict[str, Any] = {
    "state": "GA", "month": "2026-03", "applied_on": "2026-03-01",
    "people": [{
        "id": "a", "age": 34, "citizenship": {"status": "citizen"}, "disabled": False, "pregnant": False, "student": {"level": "none"},
        "income": [{"source": "wages", "amount": "1000.00", "every": "month"}],
    }],
    "food_groups": [["a"]], "housing": {"kind": "rent"}, "expenses": [{"kind": "rent", "amount": "700.00", "every": "month"}],
    "assets": [], "receives": [], "choices": {"apply_for": ["snap"]},
}  # fmt: skip
#: $1,000 less 20% and the standard deduction of $209 is $591; the rent is $404.50 above half of it; net $187 (186.50 rounded
#: up); 30% of it, $57, off the most for one, $298.
AMOUNT = "241.00"


def adult() -> Interview:
    return Interview("GA", ["snap"], month="2026-03")


def results(talk: Interview) -> list[Any]:
    return [(d.program, d.people, d.status, d.to_dict()["amount"]) for d in talk.results().screening]


# ---------------------------------------------------------------- whole interviews


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_single_adult(lang: str) -> None:
    """A single adult's conversation ends in the amount that the law gives, as `screen` does, in the language asked for."""
    yes_no = {"en": "n", "es": "N"}
    talk = adult()
    status, said = conversed(talk, [yes_no[lang] if line == "n" else line for line in ADULT] + [""], lang)
    assert status == 0 and talk.next() is None
    [found] = talk.results()["snap"]
    assert found.to_dict()["amount"]["value"] == AMOUNT
    assert found.to_dict()["amount"] == screen(HOUSE)["snap"][0].to_dict()["amount"]
    assert {"en": "$241 a month", "es": "$241 al mes"}[lang] in said
    assert {"en": "SNAP (food help): You show who you are and where you live. [7 CFR 273.2(f)(1)]",
            "es": "SNAP (ayuda de comida): Usted muestra quién es y dónde vive. [7 CFR 273.2(f)(1)]"}[lang] in said  # fmt: skip
    assert "\x1b" not in said  # no colour and no steering of a terminal where there is none


def test_a_spanish_conversation_has_no_english_sentence() -> None:
    """All that is said in a Spanish conversation, with its mistakes, help, reasons and results, is Spanish."""
    lines = ["ayuda", "por qué", "resultados", "x y z", *WHO[:5], "resultados", "por qué", "y", *WHO[5:], *JOB, *HOME, *REST, "/no/such/place", ""]
    status, said = conversed(adult(), lines, "es")
    assert status == 0
    unlawful = re.sub(r"\[[^\]]*\]|(?m:│[^│\n]*│$)", "", said)  # laws are named in English
    english = re.compile(r"\b(the|of|and|is|are|your|you|with|what|for|this|that|from|which|to|please|type)\b", re.I)
    assert not english.search(unlawful), english.search(unlawful)


@pytest.mark.parametrize(("seed", "programs", "lang"), [
    (None, ["snap", "tanf"], "en"), (None, ["snap", "tanf"], "es"), (3, ["snap", "tanf"], "es"), (6, ["snap"], "en"),
])  # fmt: skip
def test_a_family_at_the_keyboard(rules: Rules, seed: int | None, programs: list[str], lang: str) -> None:
    """Whatever a family types, piece by piece, comes to the household and the results of the same answers without a keyboard, and
    to what `screen` says of all that it knows.

    Among the answers: several people with parents, food groups, people elsewhere, who wants which help, help for some, kinds
    twice, health costs, checklists for several.
    """
    house = Household.model_validate(family() if seed is None else told(seed, ("GA", "CA"), ("2026-03", "2025-11")))
    known = told_here(rules, house, programs)
    lines, other = script(rules, known, programs, lang)
    talk = Interview(known.state, programs, month=known.month, rules=rules)
    status, _ = conversed(talk, [*lines, ""], lang)
    assert status == 0
    assert talk.household == other.household
    assert results(talk) == [(d.program, d.people, d.status, d.to_dict()["amount"]) for d in screen(known, programs, rules=rules)]


def test_no_screen_asks_a_question_twice(rules: Rules) -> None:
    """A question stands on its screen once, also where a result waits for what may be told beside it anyway (whose savings it is)."""
    known = told_here(rules, Household.model_validate(told(3, ("GA", "CA"), ("2026-03", "2025-11"))), ["snap", "tanf"])
    _, talk = script(rules, known, ["snap", "tanf"], "en")
    screens = 0
    while talk._said.screens:
        talk.back()
        shown = talk.next()
        assert shown is not None
        assert len({a.id for a in shown.asked}) == len(shown.asked)
        screens += 1
    assert screens > 8


# ---------------------------------------------------------------- on the way


def test_back_loses_nothing() -> None:
    """`back` goes to the question before, and over the start of a screen to the one before; Enter keeps each answer shown again."""
    talk = adult()
    back = ["back"] * 3  # from the job's third question to its first, and to the screen before
    lines = [*WHO, "1", "$1,000", "6", "", *back, "back", "", "", "", "", "", "", *HOME, *REST, ""]
    status, said = conversed(talk, lines)
    assert status == 0
    assert "Enter keeps: $1,000" in said and "Enter keeps: pay from a job" in said and "Enter keeps: a month" in said
    assert talk.household.to_dict()["people"][0]["income"] == [{"source": "wages", "amount": "1000.00", "every": "month"}]
    assert talk.results()["snap"][0].to_dict()["amount"]["value"] == AMOUNT
    status, said = conversed(adult(), ["back", "a", "back", "b 30"])
    assert "This is the first question." in said
    assert said.count("Who lives here? Give each one a short tag") == 3  # a longer answer begins anew


@pytest.mark.parametrize(("seed", "lang"), [(None, "en"), (3, "es")])
def test_all_the_way_back_and_enter_everywhere(rules: Rules, seed: int | None, lang: str) -> None:
    """Whoever goes back to the very start and presses Enter at every question has told the same; each answer is shown in words."""
    house = Household.model_validate(family() if seed is None else told(seed, ("GA", "CA"), ("2026-03", "2025-11")))
    known = told_here(rules, house, ["snap", "tanf"])
    lines, other = script(rules, known, ["snap", "tanf"], lang)
    back = {"en": "back", "es": "atrás"}[lang]
    talk = Interview(known.state, ["snap", "tanf"], month=known.month, rules=rules)
    status, said = conversed(talk, [*lines, *[back] * (len(other._said.screens) + 1), *[""] * 1000], lang)
    assert status == 0 and SPOKEN[lang]["first_screen"] in said
    assert talk.household == other.household
    kept = re.findall(SPOKEN[lang]["keep"].format(text="(.*)"), said)
    assert len(kept) > 30
    assert not [text for text in kept if re.search(r"[{}\[\]']|[a-z]_[a-z]|True|False|None", text)]


def test_an_answer_about_others_is_not_kept() -> None:
    """Once somebody comes or goes, an earlier answer that does not fit who lives here is no longer offered, and must be given again."""
    talk = adult()
    lines = ["a 34", "b 30", "", "", "2026-03-01", "1", "", "", "", "n", "1", "2"]  # married, and eating apart
    lines += ["back", *[""] * 4, *["back"] * 5]  # from the next screen to the last question of this one, then to who lives here
    lines += ["a 34", "c 5", "", "y", "", "", "", "", "1", "", "", "y"]
    _, said = conversed(talk, lines)
    assert said.count("Enter keeps: b") == 1 + 1 and said.count("Enter keeps: (a), (b)") == 1  # while b was here
    assert SPOKEN["en"]["must_answer"] in said
    house = talk.household.to_dict()
    assert [p["id"] for p in house["people"]] == ["a", "c"]
    assert house["food_groups"] == [["a", "c"]]
    assert "spouse" not in house["people"][0] and house["people"][1]["parents"] == ["a"]


def test_back_at_the_end() -> None:
    """At the end `back` opens the last screen again, with what was ticked; 0 takes the ticks back."""
    talk = adult()
    status, said = conversed(talk, [*ADULT[:-1], "2 3?", "back", "", "back", "0", ""])
    assert status == 0 and "Enter keeps: 2, 3?" in said
    assert talk.household.to_dict()["people"][0]["on_strike"] is False
    assert talk.results()["snap"][0].to_dict()["amount"]["value"] == AMOUNT


def test_unknown_declined_ranges_and_mistakes() -> None:
    """`?`, `-` and ranges are taken where the household may tell them; a mistake is said in words, and the question asked again."""
    talk = adult()
    lines = ["?", "", "ana.m", "a", "old", "?", "a", "", "soon", "2026-03-01", "9", "", "?", "?", "-", "maybe", "none", "yes", "1", "1",
             "-5", "900-1200", "", "month", "3/1/2026", "", "", "1", "0"]  # fmt: skip
    status, said = conversed(talk, lines)
    assert status == 1
    told = talk.household.to_dict()
    person = told["people"][0]
    assert (person["age"], person["disabled"], person["pregnant"]) == ("unknown", "unknown", "declined")
    assert person["income"] == [{"source": "wages", "amount": {"min": "900.00", "max": "1200.00"}, "every": "month", "from": "2026-03-01"}]
    for key in ("must_tell", "nobody", "bad_tag", "bad_age", "tag_taken", "bad_date", "bad_choice", "bad_money", "must_answer"):
        assert SPOKEN["en"][key] in said, key
    assert "Please type numbers from 1 to 2" in said
    assert SPOKEN["en"]["ended_never"] in said


def test_help_why_and_results_answer_nothing() -> None:
    """Help, reasons and results so far are shown wherever something is asked, and the same question is asked again."""
    talk = adult()
    plain = adult()
    asides = ["help", "why", "results"]
    status, said = conversed(talk, [line for each in ADULT for line in (*asides, each)] + [*asides, ""])
    conversed(plain, [*ADULT, ""])
    assert status == 0 and talk.to_json() == plain.to_json()
    assert "Your answer may still change this: SNAP (food help)." in said
    assert "We know nothing yet." in said
    assert "SNAP (food help), March 2026, for a: We are not sure yet. We still need to know more. Between $0 and $298 a month. This may still change." in said
    assert "From what you told us, you can get this. $241 a month. This is sure." in said


def test_what_does_not_fit_is_asked_again_alone() -> None:
    """What the interview refuses is said beside its question in plain words; that question is asked again, the others are kept."""
    talk = adult()
    job = ["1", "1000", "6", "2026-03-10", "2026-03-01", "", "2026-03-20"]
    _, said = conversed(talk, [*WHO, *job])
    [income] = talk.household.to_dict()["people"][0]["income"]
    assert (income["from"], income["to"], income["amount"]) == ("2026-03-10", "2026-03-20", "1000.00")
    assert said.count(SPOKEN["en"]["fault_ends"]) == 1
    assert said.count("How much does a get each time") == 1
    new_york = Interview("NY", ["snap"], month="2026-03")
    _, said = conversed(new_york, ["a 34", "", "2026-03-01", "13121", "", "36061"])
    assert said.count(SPOKEN["en"]["fault_county"]) == 1
    assert SPOKEN["en"]["must_answer"] in said  # what cannot be is not kept by Enter
    assert new_york.household.county == "36061"


def test_every_fault_has_its_words() -> None:
    """The sentences for what does not fit belong to faults that the library still finds."""
    sources = [Path(interview.__file__).read_text(encoding="utf-8"), Path(interview.__file__).with_name("coherence.py").read_text(encoding="utf-8")]
    assert all(any(f'"{what}"' in text for text in sources) for what in FAULTS)
    assert set(FAULTS.values()) <= set(SPOKEN["en"])


# ---------------------------------------------------------------- beginning, keeping, ending


def test_the_words_of_safety_are_nowhere_kept(tmp_path: Path, rules: Rules) -> None:
    """The words of safety come first and are passed with Enter; what is typed there is in no session, and a terminal forgets them."""
    desk, said = at_desk(["he hurts me", "ga", "save " + str(tmp_path / "kept.json")])
    assert begin(desk, rules, None, ["snap"], "2026-03", None) == 1
    assert said.getvalue().startswith(rules.script.safety.say.en)
    assert "hurts" not in (tmp_path / "kept.json").read_text(encoding="utf-8")
    screen_ = io.StringIO()
    console = Console(file=screen_, force_terminal=True, width=300, _environ={"TERM": "xterm"})
    assert begin(Desk(console, io.StringIO("\n"), "en"), rules, "GA", ["snap"], "2026-03", None) == 1
    before, _, rest = screen_.getvalue().partition("\x1b[?1049l")
    assert before.startswith("\x1b[?1049h") and rules.script.safety.say.en in before and rules.script.safety.say.en not in rest


@pytest.mark.parametrize("lang", ["en", "es"])
def test_saved_midway_and_resumed(tmp_path: Path, rules: Rules, lang: str) -> None:
    """A conversation saved midway and resumed ends as one that was never broken off; the file is its owner's alone."""
    path, whole = tmp_path / "mine.json", adult()
    conversed(whole, [*ADULT, ""], lang)
    save = {"en": f"save {path}", "es": f"guardar {path}"}[lang]
    status, said = conversed(adult(), [*WHO, "1", save, {"en": "quit", "es": "salir"}[lang]], lang)
    assert status == 0 and SPOKEN[lang]["saved"] in said
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["mine.json"]
    desk, output = at_desk(["", *JOB[1:], *HOME, *REST, str(path), ""], lang)
    assert begin(desk, rules, None, None, None, str(path)) == 0
    assert SPOKEN[lang]["resumed"] in output.getvalue() and SPOKEN[lang]["other_rules"] not in output.getvalue()
    kept = Interview.from_json(path.read_bytes())
    assert kept.to_json() == whole.to_json()


def test_nothing_is_lost_without_a_word(tmp_path: Path) -> None:
    """Whoever ends early is told what is not saved; a file that is not ours is written over only on request."""
    path = tmp_path / "mine.json"
    for lines, key in (
        ([], "ended_kept"),
        (WHO, "ended_never"),
        ([*WHO, f"save {path}", "1"], "ended_lost"),
        ([*WHO, "save", str(path), "y"], "ended_kept"),
        ([*WHO[:4], "quit"], "ended_never"),
    ):
        status, said = conversed(adult(), lines)
        assert status == 1 and said.rstrip().endswith(SPOKEN["en"][key]), key
    status, said = conversed(adult(), [*WHO, "quit", ""])
    assert status == 0 and SPOKEN["en"]["save_quit"] in said
    other = tmp_path / "other.txt"
    other.write_text("theirs", encoding="utf-8")
    status, said = conversed(adult(), [*WHO, f"save {other}", "n", f"save {tmp_path}", f"save {tmp_path / 'no' / 'way'}", "save", "", "quit", str(other), "y"])
    assert status == 0 and Interview.from_json(other.read_bytes()).household.people[0].id == "a"
    assert said.count(SPOKEN["en"]["save_over"]) == 2 and said.count(SPOKEN["en"]["not_saved"]) == 2
    assert said.count(SPOKEN["en"]["save_failed"]) == 2
    assert str(tmp_path) not in said
    status, said = conversed(adult(), [*WHO[:-1], f"save {tmp_path / 'part.json'}", *WHO[-1:]])
    assert SPOKEN["en"]["saved_part"] in said


def test_ctrl_c_ends_politely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Breaking off with Ctrl-C says what is lost, and the exit status is 1."""
    desk, said = at_desk(WHO)
    lines, read = iter(WHO), desk.line

    def line() -> str:
        if next(lines, None) is None:
            raise KeyboardInterrupt
        return read()

    monkeypatch.setattr(desk, "line", line)
    assert converse(desk, adult()) == 1
    assert said.getvalue().rstrip().endswith(SPOKEN["en"]["ended_never"])


def test_a_session_of_other_rules_says_so(tmp_path: Path) -> None:
    """A session that was made under other rules is resumed, and that is said."""
    talk = adult()
    talk.made_under = "sha256:another"
    _, said = conversed(talk, [], kept=tmp_path / "mine.json")
    assert SPOKEN["en"]["other_rules"] in said


@pytest.mark.parametrize("arguments", [
    ["--state", "ZZ"], ["--programs", "snapp"], ["--month", "2026"], ["--resume", "no such file"], ["--resume", __file__],
    ["--resume", "x", "--state", "GA"],
])  # fmt: skip
def test_what_cannot_be_begun_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A state, program, month or file that is none is said in one line on standard error, with exit status 2, before any question."""
    assert main(["interview", *arguments]) == 2
    out, error = capsys.readouterr()
    assert out == "" and len(error.splitlines()) == 1 and os.sep not in error


# ---------------------------------------------------------------- the installed command, in a terminal


#: What is answered to each question, known by its words.
ANSWERS = {
    "Press Enter to go on": "", "Tag of a person": "a 34", "On what day did you apply": "03/01/2026", "Does a pay the family": "",
    "Does a get a benefit for being disabled": "n", "Is a pregnant": "n", "What kind of school": "1", "Is a a U.S. citizen": "citizen",
    "What money does a get": "1", "How much does a get each time": "$1,000", "How often does a get it": "month", "Did this money start": "",
    "Does this money end": "", "Is it quite sure": "", "Where do you live now": "1", "Which of these do you pay for": "1",
    "How much do you pay each time": "700", "How often do you pay it": "month", "Which help do you get now": "",
    "What do you own or have saved": "", "Is a barred from SNAP": "", "To keep your answers": "",
}  # fmt: skip


def at_terminal(*arguments: str, stop: str = "", path: str = "") -> tuple[str, int | None]:
    """What the installed command says in a terminal, and its exit status; at ``stop``, a question, it is saved and left."""
    command = Path(sys.executable).with_name("benefits-rules")
    env = {**os.environ, "TERM": "dumb"}
    child = pexpect.spawn(str(command), ["interview", *arguments], env=env, encoding="utf-8", timeout=60, dimensions=(50, 200))
    said = ""
    tags = iter(["a 34", ""])
    try:
        while child.expect_exact(["\r\n> ", pexpect.EOF]) == 0:
            asked = child.before or ""
            said += asked
            question = [q for q in ANSWERS if q in asked][-1]
            if question == stop:
                child.sendline(f"save {path}")
                child.expect_exact("Your answers are saved.")
                child.expect_exact("\r\n> ")
                child.sendline("quit")
                stop = ""
                continue
            child.sendline(next(tags) if question == "Tag of a person" else ANSWERS[question])
        said += child.before or ""
    finally:
        child.close()
    return said, child.exitstatus


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_command_in_a_terminal() -> None:
    """`benefits-rules interview` leads a single adult with a job and rent in Georgia to the right amount of SNAP."""
    said, status = at_terminal("--state", "GA", "--programs", "snap", "--month", "2026-03")
    assert status == 0
    assert "Georgia SNAP, March 2026, for a" in said and "$241 a month · From what you told us, you can get this." in said
    assert "\x1b" not in said


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_command_saved_left_and_resumed(tmp_path: Path) -> None:
    """Saved midway, left, and resumed in another process, the command comes to the same amount and asks nothing twice."""
    path = str(tmp_path / "mine.json")
    first = ["--state", "GA", "--programs", "snap", "--month", "2026-03"]
    said, status = at_terminal(*first, stop="Where do you live now", path=path)
    assert status == 0 and "$241" not in said
    said, status = at_terminal("--resume", path)
    assert status == 0
    assert "$241 a month · From what you told us, you can get this." in said
    assert "Tag of a person" not in said and "What money does a get" not in said

