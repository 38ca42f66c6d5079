"""Pages as plain text, a line each."""

from __future__ import annotations

from collections.abc import Iterator

from benefits_rules.render.page import Line, Page


def as_text(pages: list[Page]) -> str:
    """Plain text, ready to print; ends with a line break."""
    return "".join(f"{line}\n" for each in pages for line in _page(each))


def _page(page: Page) -> Iterator[str]:
    yield page.title
    if page.answer:
        yield f"  {page.answer}"
    if len(page.amounts) > 1:
        yield from (f"  {when}: {amount}" for when, amount in page.amounts)
    yield ""
    for section in page.sections:
        if section.heading != page.title:
            yield section.heading
        if section.intro:
            yield f"  {section.intro}"
        for line in section.lines:
            yield f"  - {_line(line)}"
            yield from (f"    - {part}" for part in line.under)
        yield ""
    if page.close:
        yield page.close
        yield ""


def _line(line: Line) -> str:
    laws = "; ".join(law.text for law in line.laws)
    return line.text + (f" ({line.path})" if line.path else "") + (f" [{laws}]" if laws else "")
