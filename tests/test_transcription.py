"""The tables of the SNAP and Medicaid pages against a second transcription, retyped from the sources by another hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benefits_rules import Rules
from benefits_rules.syntax import Name, Number, Rows, YesNo

Cells = dict[tuple[str, str, str, tuple[str, ...]], dict[str, str]]
FOLDER = Path(__file__).parent / "transcription"
TRANSCRIBED: list[dict[str, Any]] = [e for file in sorted(FOLDER.glob("*.yaml")) for e in yaml.safe_load(file.read_text()) or ()]


def text(cell: object) -> str:
    """A figure without trailing zeros, or a word."""
    if isinstance(cell, (Name, Number)):
        cell = cell.text
    if isinstance(cell, YesNo):
        cell = cell.value
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    said = str(cell)
    return said.rstrip("0").rstrip(".") if "." in said else said


def sizes(key: str) -> list[str]:
    """The sizes of a band: 1..3 are three rows, 6+ begins with six."""
    first, dots, last = key.partition("..")
    return [str(n) for n in range(int(first), int(last) + 1)] if dots else [key.rstrip("+")]


def rows_of(rows: Rows, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    """Each innermost row of a table, with the keys above it."""
    own = {size: text(cell) for key, cell, _ in rows.cells if not isinstance(cell, Rows) for size in sizes(key)}
    more = {"each_more": rows.each_more, "at_most": rows.at_most}
    own |= {key: text(cell) for key, cell in more.items() if cell is not None}
    if own:
        yield keys, own
    for key, cell, _ in rows.cells:
        if isinstance(cell, Rows):
            yield from rows_of(cell, (*keys, key))


def on_the_pages(rules: Rules) -> Cells:
    found: Cells = {}
    for page in rules.pages():
        if not page.startswith(("snap/", "medicaid/", "common/")):
            continue
        for definition in rules.module(page).definitions.values():
            for variant in definition.variants:
                if isinstance(variant.content, Rows):
                    start = variant.period.start
                    for keys, row in rows_of(variant.content, ()):
                        found[page, definition.name, start.isoformat() if start else "2023-10-01", keys] = row
    return found


def transcribed() -> Cells:
    found: Cells = {}
    for entry in TRANSCRIBED:
        row = {size: text(v) for k, v in entry["row"].items() for size in sizes(str(k))}
        row |= {k: text(entry[k]) for k in ("each_more", "at_most") if k in entry}
        found[entry["page"], entry["table"], entry["from"], tuple(map(str, entry["keys"]))] = row
    return found


def test_every_cell_was_typed_twice_and_agrees(rules: Rules) -> None:
    """Every row of every SNAP table stands in the second transcription, with the same figures."""
    pages, again = on_the_pages(rules), transcribed()
    assert set(pages) == set(again)
    assert {key: row for key, row in pages.items() if row != again[key]} == {}
    assert sum(map(len, pages.values())) > 700
