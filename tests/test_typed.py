"""What somebody types, read as an answer: each kind of input, good and bad."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benefits_rules import typed
from benefits_rules.render.spoken import COMMANDS, SPOKEN
from benefits_rules.typed import Mistyped

KINDS = ("rent", "water", "gas")
HERE = ("ana", "ben", "lea")
OFFERED = [("none", "does not go to school"), ("secondary", "high school"), ("higher_education", "high courses"), ("vocational", "trade school")]

GOOD: list[tuple[Callable[[str], Any], dict[str, Any]]] = [
    (lambda t: typed.yes_no(t, "en"), {"y": True, "Yes": True, "n": False, "NO": False}),
    (lambda t: typed.yes_no(t, "es"), {"s": True, "Sí": True, "si": True, "n": False, "no": False}),
    (lambda t: typed.choice(t, OFFERED), {"1": "none", "4": "vocational", "secondary": "secondary", "High School": "secondary",
                                          "higher education": "higher_education", "trade": "vocational"}),
    (lambda t: typed.whole(t, 0, 7), {"0": 0, "7": 7, "2-3": {"min": 2, "max": 3}, "2 to 3": {"min": 2, "max": 3}, "3..3": 3}),
    (typed.money, {"1234.5": "1234.5", "$1,234.50": "1234.50", "$ 0": "0", "007": "7", "900-1200": {"min": "900", "max": "1200"},
                   "$900 – $1,200.5": {"min": "900", "max": "1200.5"}, "9 a 10": {"min": "9", "max": "10"}, "5-5": "5"}),
    (typed.hours, {"7.5": "7.5", "168": "168", "20-25": {"min": "20", "max": "25"}}),
    (typed.day, {"2026-03-31": "2026-03-31", "2026-3-1": "2026-03-01", "03/31/2026": "2026-03-31", "2/29/2024": "2024-02-29",
                 "2026-03-01..2026-03-15": {"min": "2026-03-01", "max": "2026-03-15"},
                 "3/1/2026 - 3/15/2026": {"min": "2026-03-01", "max": "2026-03-15"}}),
    (typed.county, {"13121": "13121", "06037": "06037"}),
    (typed.age, {"0": 0, "34": 34, "30-40": {"min": 30, "max": 40}, "1991-08-14": "1991-08-14", "8/14/1991": "1991-08-14",
                 "1991-01-01..1991-12-31": {"min": "1991-01-01", "max": "1991-12-31"}}),
    (lambda t: typed.marks(t, 3), {"0": [], "1 3": [(0, True), (2, True)], "3,1": [(2, True), (0, True)], "2?": [(1, False)]}),
    (lambda t: typed.kinds(t, KINDS), {"1": ["rent"], "1 1, 3": ["rent", "rent", "gas"], "0": [],
                                       "1 3? 3?": {"rows": ["rent"], "unknown": ["gas"]}}),
    (lambda t: typed.people(t, HERE), {"1 3": ["ana", "lea"], "ben,1": ["ben", "ana"], "all": list(HERE), "todos": list(HERE), "2 2": ["ben"], "0": []}),
    (lambda t: typed.person(t, HERE), {"2": "ben", "lea": "lea"}),
    (lambda t: typed.tag(t, HERE), {"x": "x", "kid-2": "kid-2", "Ana": "Ana"}),
    (typed.word, {"?": "unknown", "-": "declined", "y": None, "": None, "1-2": None}),
]  # fmt: skip

BAD: list[tuple[Callable[[str], Any], str, tuple[str, ...]]] = [
    (lambda t: typed.yes_no(t, "en"), "bad_yes/no", ("", "s", "maybe", "1")),
    (lambda t: typed.yes_no(t, "es"), "bad_yes/no", ("", "y", "1")),
    (lambda t: typed.choice(t, OFFERED), "bad_choice", ("", "0", "5", "-1", "college", "1 2")),
    (lambda t: typed.choice(t, OFFERED), "bad_word", ("high",)),
    (lambda t: typed.whole(t, 0, 7), "bad_whole", ("", "8", "-1", "1.5", "two", "2-9", "-", "1-2-3", "٣")),
    (lambda t: typed.whole(t, 0, 7), "bad_range", ("3-2",)),
    (typed.money, "bad_money", ("", "-5", "1.234", "12,34", "1e3", "NaN", "$", "1,5", "9" * 15, "900-", "900-x", "a lot")),
    (typed.money, "bad_range", ("1200-900",)),
    (typed.hours, "bad_hours", ("", "168.5", "-1", "1000", "7 1/2")),
    (typed.day, "bad_date", ("", "2026-02-30", "31/03/2026", "03/31/26", "1899-12-31", "2101-01-01", "tomorrow", "2026-03")),
    (typed.day, "bad_range", ("2026-03-15..2026-03-01",)),
    (typed.county, "bad_county", ("", "1312", "131210", "Fulton", "1312a", "١٣١٢١")),
    (typed.age, "bad_age", ("", "131", "-1", "x", "1990-02-30", "1990", "3.5")),
    (typed.age, "bad_range", ("40-30",)),
    (lambda t: typed.marks(t, 3), "bad_numbers", ("", "4", "0 1", "x", "1-3", "?", ",")),
    (lambda t: typed.kinds(t, KINDS), "bad_numbers", ("", "4", "rent")),
    (lambda t: typed.people(t, HERE), "bad_numbers", ("4", "gus", "0 1", "-")),
    (lambda t: typed.person(t, HERE), "bad_choice", ("", "0", "1 2", "all")),
    (lambda t: typed.tag(t, HERE), "bad_tag", ("", "1", "ana maria", "a.b", "unknown", "ñ", "x" * 65, "123-45-6789a")),
    (lambda t: typed.tag(t, HERE), "tag_taken", ("ana",)),
]


@pytest.mark.parametrize(("how", "texts"), GOOD)
def test_what_is_typed_well_is_read(how: Callable[[str], Any], texts: dict[str, Any]) -> None:
    """Each way of writing an answer gives the answer that the interview takes, a range its two ends."""
    assert {text: how(text) for text in texts} == texts


@pytest.mark.parametrize(("how", "key", "texts"), BAD)
def test_what_is_mistyped_is_refused_in_words_of_ours(how: Callable[[str], Any], key: str, texts: tuple[str, ...]) -> None:
    """What is no answer is refused with a sentence that exists in both languages, and that shows nothing of what was typed."""
    for text in texts:
        with pytest.raises(Mistyped) as refused:
            how(text)
        assert refused.value.key == key, text
        for lang in ("en", "es"):
            SPOKEN[lang][key].format(**refused.value.figures)
        assert str(refused.value) == key


def test_who_eats_together() -> None:
    """People with the same label are one group; the groups stand in the order in which they were named."""
    assert typed.groups({"ana": "1", "ben": "2", "lea": "1", "gus": "B", "tom": "b"}) == [["ana", "lea"], ["ben"], ["gus", "tom"]]


def test_words_that_steer() -> None:
    """Each command is known in both languages, however it is written; an answer is none, and only `save` takes a name."""
    for text in ("back", "Back", "ATRÁS", "atras"):
        assert typed.command(text) == ("back", "")
    assert typed.command("¿Por  qué?") == ("why", "")
    assert typed.command("save my file.json") == ("save", "my file.json")
    assert typed.command("guardar x") == ("save", "x")
    assert {typed.command(word) for word in COMMANDS} == {(found, "") for found in COMMANDS.values()}
    for text in ("", "?", "-", "y", "backwards", "1 2", "quit now", "no"):
        assert typed.command(text) is None


def test_both_languages_say_the_same() -> None:
    """The two tables have the same sentences, which show the same figures."""
    assert list(SPOKEN["en"]) == list(SPOKEN["es"])
    import string

    def figures(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for key, text in SPOKEN["en"].items():
        assert figures(text) == figures(SPOKEN["es"][key]), key
