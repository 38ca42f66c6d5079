"""The HTML as a person meets it who listens to it, who sees no colour, who prints it: WCAG 2.2 as far as a parser can tell."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
import pytest

from benefits_rules import notice, screen
from benefits_rules.render.style import SHEET
from test_api import FAMILY
from test_notices import OFFICE, eligible, ineligible, undetermined
from test_render import screenings


def pages() -> list[str]:
    found = [result.to_html(lang) for result in screenings() for lang in ("en", "es")]
    found += [d.to_html(lang) for d in screen(FAMILY, programs=["snap", "tanf"]) for lang in ("en", "es")]
    return found + [notice(make(), OFFICE).to_html(lang) for make in (eligible, ineligible, undetermined) for lang in ("en", "es")]


PAGES = pages()


def parsed(html: str) -> Element:
    """The document's tree; raises for anything that HTML's own grammar calls an error."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return tree


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def trees() -> list[Element]:
    return [parsed(html) for html in PAGES]


def test_the_document_names_its_language_and_title(trees: list[Element]) -> None:
    """3.1.1, 2.4.2: `lang` and a title, and in a Spanish page what is English (names of laws) is marked so (3.1.2)."""
    for tree in trees:
        assert tree.get("lang") in ("en", "es")
        assert text(tree.find("head/title"))  # type: ignore[arg-type]
        assert all(a.get("lang") == "en" for a in tree.iter("a") if (a.get("href") or "").startswith("http"))
    assert {t.get("lang") for t in trees} == {"en", "es"}


def test_landmarks_and_headings_are_in_order(trees: list[Element]) -> None:
    """1.3.1, 2.4.1: one main, one heading of the first level, no level skipped, every section labelled by a heading that is there."""
    for tree in trees:
        assert len(list(tree.iter("main"))) == 1
        levels = [int(e.tag[1]) for e in tree.iter() if isinstance(e.tag, str) and re.fullmatch("h[1-6]", e.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        ids = [e.get("id") for e in tree.iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        for section in tree.iter("section"):
            assert section.get("aria-labelledby") in ids
        assert all(text(h) for level in "123" for h in tree.iter(f"h{level}"))


def test_tables_have_captions_and_scoped_heads(trees: list[Element]) -> None:
    """1.3.1: each table has a caption, each head its scope, each row a head, and every row is as long as the others."""
    count = 0
    for tree in trees:
        for table in tree.iter("table"):
            count += 1
            assert text(table.find("caption"))  # type: ignore[arg-type]
            assert all(th.get("scope") in ("col", "row") and text(th) for th in table.iter("th"))
            rows = list(table.iter("tr"))
            assert len({len(list(row)) for row in rows}) == 1
            assert all(row.find("th") is not None for row in rows)
    assert count > 50


def test_links_say_where_they_lead(trees: list[Element]) -> None:
    """2.4.4: a link's text is never empty, never an address or "here", and one text leads to one place only."""
    for tree in trees:
        ids = {e.get("id") for e in tree.iter() if e.get("id")}
        places: dict[str, str] = {}
        for a in tree.iter("a"):
            href, said = a.get("href") or "", text(a)
            assert said
            assert not said.startswith("http")
            assert said.lower() not in ("here", "link", "aquí", "more")
            assert re.match("https?://", href) or href.removeprefix("#") in ids, href
            assert places.setdefault(said, href) == href


def test_nothing_but_text_and_style(trees: list[Element]) -> None:
    """No script, image, frame, form or outside file: it works offline, and nothing is said by a picture."""
    for tree in trees:
        tags = {e.tag for e in tree.iter()}
        assert not tags & {"script", "img", "iframe", "form", "link", "object", "embed", "svg", "font"}
        assert not [e for e in tree.iter() if e.get("style") or [k for k in e.attrib if k.startswith("on")]]
    assert "url(" not in SHEET
    assert "@import" not in SHEET


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes(css: str) -> list[dict[str, str]]:
    """The palettes of the style sheet as shipped: for light, for dark, for print."""
    return [dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block)) for block in re.findall(r"\{([^{}]*--ground:[^{}]*)\}", css)]


def test_the_measure_of_contrast_is_wcags() -> None:
    """Black on white is 21 to 1; the grey #767676 is the known edge of 4.5."""
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert 4.5 <= contrast("#767676", "#ffffff") < 4.6
    assert contrast("#777777", "#ffffff") < 4.5


def test_contrast_is_enough_in_every_scheme() -> None:
    """1.4.3, 1.4.11: every text colour on every ground has 4.5 to 1, rules and outlines 3 to 1, in light, dark and print."""
    for html in (PAGES[0], screen(FAMILY, programs=["snap"])._repr_html_()):
        css = "".join(re.findall(r"<style>(.*?)</style>", html, re.S))
        found = palettes(css)
        assert len(found) == 3
        assert found[0] == found[2] != found[1]
        texts = set(re.findall(r"(?<![-\w])color: var\(--(\w+)\)", css))
        grounds = set(re.findall(r"background: var\(--(\w+)\)", css))
        rules = set(re.findall(r"solid var\(--(\w+)\)", css))
        assert texts >= {"text", "quiet", "link"}
        assert grounds >= {"ground", "raised"}
        for palette in found:
            assert min(contrast(palette[t], palette[g]) for t in texts for g in grounds) >= 4.5
            assert min(contrast(palette[r], palette[g]) for r in rules for g in grounds) >= 3
        used = re.sub(r"--\w+: #[0-9a-f]{6};", "", css)
        assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl|opacity", used)  # no colour beside the palettes


def test_without_colour_nothing_is_lost(trees: list[Element]) -> None:
    """1.4.1: no class is about a colour or a status, links are underlined, and the answer stands in words."""
    assert re.search(r"a \{[^}]*text-decoration: underline", SHEET)
    for tree in trees:
        classes = {c for e in tree.iter() for c in (e.get("class") or "").split()}
        assert classes <= {"benefits-rules", "sheet", "program", "answer", "amounts", "laws", "quiet"}
        assert all(len(text(p)) > 10 for p in tree.iter("p") if p.get("class") == "answer")


def test_the_look_goes_no_further_than_the_fragment() -> None:
    """In a notebook every rule of the style sheet is about the fragment alone."""
    bare = re.sub(r"@media[^{]*\{", "", SHEET)
    for selector in re.findall(r"([^{}]+)\{", bare):
        assert all(part.strip().startswith(".benefits-rules") for part in selector.split(",")), selector
