"""Pages for a terminal, by rich. Nothing is said by colour alone."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from benefits_rules.render.page import Line, Page, Section


def show(pages: list[Page], console: Console) -> None:
    """Print the pages, each in a frame of its own."""
    for page in pages:
        parts: list[Any] = [Text(page.answer, style="bold")]
        if len(page.amounts) > 1:
            parts += [Text(f"{when}: {amount}") for when, amount in page.amounts]
        parts.append(Text())
        for section in page.sections:
            parts += _table(section) if section.caption else _list(section)
        if page.close:
            parts.append(Text(page.close, style="italic"))
        console.print(Panel(Group(*parts), title=Text(page.title), title_align="left"))


def _table(section: Section) -> list[Any]:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", expand=True, pad_edge=False)
    table.add_column(section.columns[0], ratio=5)
    table.add_column(section.columns[1], ratio=2, style="dim", overflow="fold")
    for line in section.lines:
        table.add_row(Text(line.text), Text(_laws(line)))
    return [Text(section.heading, style="bold"), table]


def _list(section: Section) -> list[Any]:
    lines = [Text(section.heading, style="bold")]
    if section.intro:
        lines.append(Text(f"  {section.intro}"))
    for line in section.lines:
        laws = _laws(line)
        text = Text(f"  • {line.text}" + (f" ({line.path})" if line.path else ""))
        lines += [text.append(f" [{laws}]", style="dim") if laws else text, *(Text(f"      – {part}") for part in line.under)]
    return [*lines, Text()]


def _laws(line: Line) -> str:
    return "; ".join(law.text for law in line.laws)
