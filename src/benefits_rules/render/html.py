"""Pages as HTML: a document that stands alone, or a fragment for a notebook. No script; every text is escaped.

The document has one heading of the first level, a ``main``, and a labelled section for each page; tables have a caption and
scoped heads; the language is named, and that laws are named in English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape

from benefits_rules.render.page import Law, Line, Page, Section
from benefits_rules.render.style import SHEET
from benefits_rules.render.words import WORDS


def document(pages: list[Page]) -> str:
    """A whole page of the web, one file."""
    lang = pages[0].lang if pages else "en"
    title = pages[0].title if len(pages) == 1 else WORDS[lang]["title"]
    parts = [
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>\n<style>{SHEET}body {{ margin: 0; }}\n</style>\n</head>",
        '<body class="benefits-rules">\n<main class="sheet">',
        f"<h1>{escape(title)}</h1>",
        *(_summary(pages) if len(pages) > 1 else ()),
    ]
    for number, page in enumerate(pages, 1):
        parts += _page(page, f"answer-{number}", titled=len(pages) > 1)
    return "\n".join([*parts, "</main>\n</body>\n</html>\n"])


def fragment(pages: list[Page]) -> str:
    """The same for a notebook's cell: no ids, which another cell might have too, and no formulas between dollar signs."""
    lang = pages[0].lang if pages else "en"
    parts = [f"<style>{SHEET}</style>", f'<div class="benefits-rules tex2jax_ignore mathjax_ignore" lang="{lang}">']
    for page in pages:
        parts += _page(page, "", titled=True)
    return "\n".join([*parts, "</div>\n"])


def _summary(pages: list[Page]) -> Iterator[str]:
    words = WORDS[pages[0].lang]
    yield f"<table>\n<caption>{escape(words['summary'])}</caption>\n<thead><tr>"
    yield from (f'<th scope="col">{escape(words[key])}</th>' for key in ("program", "people", "answer"))
    yield "</tr></thead>\n<tbody>"
    programs = Counter(page.about[:2] for page in pages)
    for number, page in enumerate(pages, 1):
        program, month, people = map(escape, page.about)
        link = f"{program}, {month}" if programs[page.about[:2]] == 1 else escape(page.title)  # one answer a person
        yield f'<tr><th scope="row"><a href="#answer-{number}">{link}</a></th>'
        yield f"<td>{people}</td><td>{escape(page.answer)}</td></tr>"
    yield "</tbody>\n</table>"


def _page(page: Page, name: str, titled: bool) -> Iterator[str]:
    if titled:
        label = f'aria-labelledby="{name}"' if name else f'aria-label="{escape(page.title)}"'
        heading = f'h2 id="{name}"' if name else "h2"
        yield f'<section class="program" {label}>\n<{heading}>{escape(page.title)}</h2>'
    level = 3 if titled else 2
    if page.answer:
        yield f'<p class="answer">{escape(page.answer)}</p>'
    if len(page.amounts) > 1:
        yield from _amounts(page)
    for section in page.sections:
        if section.heading != page.title:
            yield f"<h{level}>{escape(section.heading)}</h{level}>"
        if section.intro:
            yield f"<p>{escape(section.intro)}</p>"
        yield from _table(section) if section.caption else _list(section)
    if page.close:
        yield f'<p class="quiet">{escape(page.close)}</p>'
    if titled:
        yield "</section>"


def _amounts(page: Page) -> Iterator[str]:
    yield f'<table class="amounts">\n<caption>{escape(WORDS[page.lang]["amounts_caption"])}</caption>\n<tbody>'
    yield from (f'<tr><th scope="row">{escape(when)}</th><td>{escape(amount)}</td></tr>' for when, amount in page.amounts)
    yield "</tbody>\n</table>"


def _table(section: Section) -> Iterator[str]:
    said, law = map(escape, section.columns)
    yield f"<table>\n<caption>{escape(section.caption)}</caption>"
    yield f'<thead><tr><th scope="col">{said}</th><th scope="col" class="laws">{law}</th></tr></thead>\n<tbody>'
    for line in section.lines:
        yield f'<tr><th scope="row">{escape(line.text)}</th><td class="laws">{_laws(line)}</td></tr>'
    yield "</tbody>\n</table>"


def _list(section: Section) -> Iterator[str]:
    yield "<ul>"
    for line in section.lines:
        path = f" <code>{escape(line.path)}</code>" if line.path else ""
        laws = f' <span class="quiet">({_laws(line)})</span>' if line.laws else ""
        under = "".join(f"<li>{escape(part)}</li>" for part in line.under)
        yield f"<li>{escape(line.text)}{path}{laws}" + (f"<ul>{under}</ul>" if under else "") + "</li>"
    yield "</ul>"


def _laws(line: Line) -> str:
    return "; ".join(_law(law) for law in line.laws)


def _law(law: Law) -> str:
    """A link where the law has an address of the web; a page of an agency's own may name any other."""
    if re.match(r"https?://", law.url):
        return f'<a href="{escape(law.url)}" hreflang="en" lang="en">{escape(law.text)}</a>'
    return f'<span lang="en">{escape(law.text)}</span>'
