"""count: every page → what it covers, what it is made of, and how much of it nobody could check yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from statistics import median
from typing import Any

from benefits_rules.leaves import STATES
from benefits_rules.resolve import Rules
from benefits_rules.syntax import Definition, Module, Rows, Variant

FIRST_MONTH = date(2023, 10, 1)  # where neither a page nor its base says `since`


@dataclass(frozen=True, slots=True)
class PageCount:
    """One program in one state. Without a page everything is zero.

    ``until`` is the last month in which every figure in force is known, the base page's too; None is open. A cell is a figure
    in a row of a table, ``each_more`` and ``at_most`` among them, each period's on its own. ``to_verify_by_year`` counts what is
    marked ``verify`` in each federal fiscal year in which it is in force, so that one mark may count in several.
    """

    program: str
    state: str
    page: bool
    since: str | None = None
    until: str | None = None
    lines: int = 0
    definitions: int = 0
    cited: int = 0
    citations: int = 0
    cells: int = 0
    cells_to_verify: int = 0
    definitions_to_verify: int = 0
    to_verify_by_year: dict[str, int] | None = None


def coverage(rules: Rules) -> list[PageCount]:
    """Every program in the nation (its base page) and in each state, in order. Raises :class:`RuleError` for faulty pages."""
    return [_count(rules, program, state) for program in rules.programs() for state in ("US", *sorted(STATES))]


def coverage_dict(counts: Iterable[PageCount]) -> dict[str, Any]:
    """The counts and their sums as plain data."""
    found = list(counts)
    return {"schema": "benefits-rules/coverage/1", "pages": [asdict(c) for c in found], "total": totals(found)}


def totals(counts: Iterable[PageCount]) -> dict[str, Any]:
    """The sums over all pages, percentages as text with one decimal, and the median length of a state's page."""
    pages = [c for c in counts if c.page]
    states = [c.lines for c in pages if c.state != "US"]
    cells, marked = sum(c.cells for c in pages), sum(c.cells_to_verify for c in pages)
    definitions, cited = sum(c.definitions for c in pages), sum(c.cited for c in pages)
    by_year = sum((Counter(c.to_verify_by_year) for c in pages), Counter[str]())
    return {
        "pages": len(pages),
        "lines": sum(c.lines for c in pages),
        "median_lines_of_a_state_page": int(median(states)) if states else 0,
        "definitions": definitions,
        "definitions_cited_percent": percent(cited, definitions),
        "cells": cells,
        "cells_to_verify": marked,
        "cells_to_verify_percent": percent(marked, cells),
        "definitions_to_verify": sum(c.definitions_to_verify for c in pages),
        "to_verify_by_year": dict(sorted(by_year.items())),
    }


def percent(part: int, whole: int) -> str:
    """``part`` of ``whole`` with one decimal, half up; 0.0 of nothing."""
    tenths = (2000 * part + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10}"


def _count(rules: Rules, program: str, state: str) -> PageCount:
    page = f"{program}/{state.lower()}"
    if page not in rules.pages():
        return PageCount(program, state, False)
    module, base = rules.module(page), rules.module(f"{program}/us")
    since = max(m.since or FIRST_MONTH for m in (module, base))
    inherited = rules.definitions(program, None if state == "US" else state)
    ends = [end for d in inherited.values() if (end := _known_until(d)) is not None]
    own = [(d, v) for d in module.definitions.values() for v in d.variants]
    marked = [(d, v) for d, v in own if v.verify]
    lawful = [d for d in module.definitions.values() if d.kind != "set"]  # a list of words needs no law of its own
    year_ends = [v.period.end or v.period.start or since for _, v in own] + ends
    last = max((_fiscal_year(day) for day in year_ends if day.year < 9999), default=_fiscal_year(since))
    years = Counter[str]()
    for definition, variant in marked:
        weight = _cells(variant.content) if definition.kind == "table" and isinstance(variant.content, Rows) else 1
        years.update({f"FY{y}": weight for y in _in_force(variant, since, last)})
    return PageCount(
        program,
        state,
        True,
        f"{since:%Y-%m}",
        f"{min(ends):%Y-%m}" if ends else None,
        len(module.source.text.splitlines()),
        len(lawful),
        sum(all(v.citations for v in d.variants) for d in lawful),
        len(_citations(module)),
        sum(_cells(v.content) for _, v in own if isinstance(v.content, Rows)),
        sum(_cells(v.content) for _, v in marked if isinstance(v.content, Rows)),
        len({d.name for d, v in marked if not isinstance(v.content, Rows)}),
        dict(sorted(years.items())),
    )


def _cells(rows: Rows) -> int:
    below = sum(_cells(cell) if isinstance(cell, Rows) else 1 for _, cell, _ in rows.cells)
    return below + (rows.each_more is not None) + (rows.at_most is not None)


def _citations(module: Module) -> set[tuple[str, str]]:
    return {(c.law, c.url) for d in module.definitions.values() for v in d.variants for c in v.citations}


def _known_until(definition: Definition) -> date | None:
    """The last day that a definition says something for; None where that is open, or nothing is said at all."""
    ends = [v.period.end for v in definition.variants]
    known = [end for end in ends if end is not None and end.year < 9999]
    return max(known) if known and len(known) == len(ends) else None


def _fiscal_year(day: date) -> int:
    """The federal fiscal year, from October to September, that a day lies in."""
    return day.year + (day.month >= 10)


def _in_force(variant: Variant, since: date, last: int) -> Iterator[int]:
    """The fiscal years in which a variant is in force, among those that the program is known for."""
    start, end = max(variant.period.start or since, since), variant.period.end or date(last, 9, 30)
    yield from range(_fiscal_year(start), min(_fiscal_year(end), last) + 1) if end >= start else ()


# ---------------------------------------------------------------- layouts

HEADINGS = ("page", "months", "lines", "rules", "cited", "laws", "cells", "verify", "of cells", "verify in")


def rows(counts: Iterable[PageCount]) -> Iterator[tuple[str, ...]]:
    """What the layouts show of each page there is, under :data:`HEADINGS`."""
    for c in counts:
        if c.page:
            years = ", ".join(f"{y} {n}" for y, n in (c.to_verify_by_year or {}).items())
            yield (
                f"{c.program}/{c.state.lower()}",
                f"{c.since} to {c.until or 'open'}",
                str(c.lines),
                str(c.definitions),
                f"{percent(c.cited, c.definitions)}%",
                str(c.citations),
                str(c.cells),
                str(c.cells_to_verify + c.definitions_to_verify),
                f"{percent(c.cells_to_verify, c.cells)}%",
                years,
            )


def sums(counts: list[PageCount]) -> Iterator[str]:
    """The lines below the table: what there is in all, and where there is no page."""
    t = totals(counts)
    yield f"{t['pages']} pages, {t['lines']:,} lines; a state's page has {t['median_lines_of_a_state_page']} lines (median)."
    yield f"{t['definitions']:,} rules, {t['definitions_cited_percent']} % of them cited."
    marked = f"{t['cells_to_verify']} cells ({t['cells_to_verify_percent']} %), {t['definitions_to_verify']} rules"
    yield f"{t['cells']:,} cells; to verify: {marked}."
    for program in dict.fromkeys(c.program for c in counts):
        missing = [c.state for c in counts if c.program == program and not c.page]
        yield f"{program}: no page of {', '.join(missing)}." if missing else f"{program}: every state has a page."


def as_text(counts: list[PageCount]) -> str:
    """The table as plain text, in columns."""
    table = [HEADINGS, *rows(counts)]
    widths = [max(len(r[i]) for r in table) for i in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(w) if i in (0, 1, 9) else cell.rjust(w) for i, (cell, w) in enumerate(zip(r, widths, strict=True)))
        for r in table
    ]
    return "\n".join([*(line.rstrip() for line in lines), "", *sums(counts)]) + "\n"
