"""The layouts: all say the same, and a Spanish result says nothing in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from markdown_it import MarkdownIt

from benefits_rules import RequestError, Screening, screen
from benefits_rules.cli import main
from benefits_rules.render import as_markdown, as_text, document, fragment, page
from benefits_rules.render.page import Law, Line, Page, Section
from test_api import FAMILY, family, idle_adult


def screenings() -> Iterator[Screening]:
    """Every status, several states and programs, months past the last figures."""
    yield screen(FAMILY)
    yield screen(FAMILY, month="2027-12")
    yield screen(idle_adult(), programs=["snap", "tanf"])
    told = family()
    for person in told["people"]:
        for key in ("income", "activities", "disabled", "citizenship", "student", "clocks"):
            person.pop(key, None)
    for key in ("expenses", "assets", "receives", "food_groups"):
        told.pop(key, None)
    for state, county in (("GA", "13121"), ("CA", "06037"), ("NY", "36061"), ("TX", "48201"), ("AK", "02020")):
        yield screen({**family(), "state": state, "county": county}, programs=["snap", "tanf"])
        yield screen({**told, "state": state, "county": county}, programs=["snap", "tanf"])
    rich = family()
    rich["people"][0]["income"] = [{"source": "wages", "amount": "9000.00", "every": "month"}]
    rich["people"][1]["citizenship"] = {"status": "undocumented"}
    yield screen(rich, programs=["snap", "tanf"])


ENGLISH = re.compile(r"\b(the|of|and|is|are|was|were|your|you|we|not|with|what|for|this|that|from|each|which|to|income|limit|rule|test|met|unknown)\b", re.I)


def sentences(page: Page) -> Iterator[str]:
    yield from (page.title, page.answer, page.close)
    yield from (part for pair in page.amounts for part in pair)
    for section in page.sections:
        yield from (section.heading, section.intro, section.caption, *section.columns)
        for line in section.lines:
            yield from (line.text, *line.under)


def test_a_spanish_result_has_no_english_sentence() -> None:
    """In Spanish, everything said is Spanish: no English word and no name of a rule. Names of laws stay as they are, and are marked."""
    said = 0
    for result in screenings():
        for found in result:
            for text in sentences(page(found, "es")):
                assert not ENGLISH.search(text), text
                assert not re.search(r"[a-z]_[a-z]", text), text
                said += 1
    assert said > 500


def test_both_languages_say_as_much() -> None:
    """Every line of the English result has its line in the Spanish one, and differs from it."""
    for result in screenings():
        for found in result:
            en, es = (list(sentences(page(found, lang))) for lang in ("en", "es"))
            assert len(en) == len(es)
            same = {a for a, b in zip(en, es, strict=True) if a == b and a}
            assert not {s for s in same if re.search("[a-z]{4}", s)} - {"each person"}, same


def test_every_layout_says_everything() -> None:
    """Text, Markdown and HTML hold each sentence of the page."""
    for result in screenings():
        for lang in ("en", "es"):
            pages = [page(d, lang) for d in result]
            shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", MarkdownIt("commonmark").enable("table").render(as_markdown(pages))))
            web = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", document(pages)))
            text = as_text(pages)
            for each in pages:
                for section in each.sections:
                    for line in section.lines:
                        escaped = line.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                        assert line.text in text
                        assert escaped.replace('"', "&quot;") in shown, line.text
                        assert escaped.replace('"', "&quot;").replace("'", "&#x27;") in web, line.text


@pytest.mark.parametrize("layout", ["rich", "text", "md", "html", "json"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_command_has_every_layout(layout: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`screen --format` prints each layout in each language, with the amount in it."""
    assert main(["screen", str(FAMILY), "--programs", "snap", "--format", layout, "--lang", lang]) == 0
    assert "917" in capsys.readouterr().out


def test_first_month_supplements_and_changes_are_shown() -> None:
    """Where a determination has them, the first month's amount, state money and what the family may do stand in every layout."""
    [found] = screen(FAMILY, programs=["snap"])["snap"]
    data = found.to_dict()
    both = {"en": "The state adds this.", "es": "El estado añade esto."}
    data |= {
        "amount_first_month": {"value": "611.00", "unit": "USD/month"},
        "supplements": [{"name": "state_supplement", "amount": {"value": "25.00", "unit": "USD/month"}, "funding": "state", "text": both, "citations": []}],
        "changes": [{"code": "proof", "text": {"en": "Bring a bill.", "es": "Traiga una cuenta."}, "citations": [{"law": "7 CFR 273.9(d)", "url": "https://www.ecfr.gov"}]}],
    }  # fmt: skip

    class Told:
        def __getattr__(self, name: str) -> Any:
            return getattr(found, name)

        def to_dict(self) -> dict[str, Any]:
            return data

    for lang, words in (("en", ("$611", "$25", "State money", "Bring a bill.")), ("es", ("$611", "$25", "Dinero del estado", "Traiga una cuenta."))):
        made = [page(Told(), lang)]  # type: ignore[arg-type]
        for said in (as_text(made), as_markdown(made).replace("\\", ""), document(made), fragment(made)):
            for word in words:
                assert word in said


def test_hostile_text_stays_text() -> None:
    """Whatever a page of rules or an agency writes is text: no tag, no attribute, no script address comes of it."""
    bad = '<script>alert("x")</script>" onload="x'
    made = [
        Page("en", bad, bad, (bad,) * 3, ((bad, bad),) * 2, (
            Section("reasons", bad, (Line(bad, (Law(bad, "javascript:alert(1)"), Law(bad, f"https://a.gov/{bad}")), "people.a"),), bad, bad, (bad, bad)),
            Section("notice", bad + " ", (Line(bad, under=(bad,)),)),
        ), bad),
    ] * 2  # fmt: skip
    for html in (document(made), fragment(made), MarkdownIt("commonmark").enable("table").render(as_markdown(made))):
        assert "<script" not in html
        assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', html))
        assert 'href="javascript' not in html


def test_notebooks_show_a_fragment() -> None:
    """`_repr_html_` of a screening and of a determination is a part of a page: no document, no ids, no formula between dollar signs."""
    result = screen(FAMILY, programs=["snap"])
    for html in (result._repr_html_(), result["snap"][0]._repr_html_()):
        assert "<html" not in html
        assert " id=" not in html
        assert "mathjax_ignore" in html
        assert "$917" in html


def test_an_unknown_language_is_refused() -> None:
    """A language that is not there is a clear error."""
    result = screen(FAMILY, programs=["snap"])
    for make in (result.to_html, result.to_text, result.to_markdown, result["snap"][0].to_html):
        with pytest.raises(RequestError, match="en, es"):
            make("fr")


def test_a_determination_alone_still_renders() -> None:
    """Without its rules, a determination is shown without questions, in neither language with a hole."""
    [found] = screen(FAMILY, programs=["snap"])["snap"]
    for lang in ("en", "es"):
        assert "$917" in as_text([page(replace(found, rules=None), lang)])
