"""Pages as Markdown (CommonMark with tables)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benefits_rules.render.page import Law, Line, Page, Section
from benefits_rules.render.words import WORDS

# A dollar sign too: notebooks take what stands between two of them for a formula.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


def as_markdown(pages: list[Page]) -> str:
    """One document; a heading of the second level for each page."""
    lang = pages[0].lang if pages else "en"
    lines = [f"# {plain(WORDS[lang]['title'])}", "", *(line for page in pages for line in _page(page))]
    return "\n".join(lines)


def plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _page(page: Page) -> Iterator[str]:
    yield from (f"## {plain(page.title)}", "")
    if page.answer:
        yield from (f"**{plain(page.answer)}**", "")
    if len(page.amounts) > 1:
        yield from (f"- {plain(when)}: {plain(amount)}" for when, amount in page.amounts)
        yield ""
    for section in page.sections:
        if section.heading != page.title:
            yield from (f"### {plain(section.heading)}", "")
        if section.intro:
            yield from (plain(section.intro), "")
        yield from _table(section) if section.caption else _list(section)
        yield ""
    if page.close:
        yield from (plain(page.close), "")


def _table(section: Section) -> Iterator[str]:
    yield f"| {plain(section.columns[0])} | {plain(section.columns[1])} |"
    yield "| --- | --- |"
    for line in section.lines:
        yield f"| {plain(line.text)} | {_laws(line)} |"


def _list(section: Section) -> Iterator[str]:
    for line in section.lines:
        yield f"- {plain(line.text)}" + (f" (`{line.path}`)" if line.path else "") + (f" ({_laws(line)})" if line.laws else "")
        yield from (f"  - {plain(part)}" for part in line.under)


def _laws(line: Line) -> str:
    return "; ".join(_law(law) for law in line.laws)


def _law(law: Law) -> str:
    """A link where the law has an address of the web that can stand in one."""
    fits = re.fullmatch(r"https?://[^\s<>|\\]+", law.url)
    return f"[{plain(law.text)}](<{law.url}>)" if fits else plain(law.text)
