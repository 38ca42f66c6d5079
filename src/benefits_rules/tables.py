"""check, the tables' part: rows as written → cells in row-major order and how a key finds its own.

Whole-number keys are made dense, so that every reading finds a cell by one subtraction; a key before the
first row takes the first, one after the last takes the last (``each_more`` continues the rows up to the
largest household there is). A table by county, or another code, lists its codes and an ``otherwise``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from benefits_rules.plan import Dimension
from benefits_rules.syntax import Name, Number, Rows, YesNo
from benefits_rules.units import Type
from benefits_rules.values import MAX_PEOPLE, decimals, micros

_KEY = re.compile(r"(\d+)(?:\.\.(\d+)|(\+))?\Z")
#: Sizes beyond the largest household: everybody in it, and children not yet born.
LARGEST_SIZE = MAX_PEOPLE + 20
OLDEST = 130


@dataclass(frozen=True, slots=True)
class Cells:
    dimensions: tuple[Dimension, ...]
    cells: tuple[int, ...]
    places: int


Complaint = tuple[int, str, str]  # where, what, how to mend it


class _Refused(Exception):
    def __init__(self, at: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.complaint = (at, what, mend)


def compile_table(rows: Rows, keys: tuple[Type, ...], unit: Type) -> Cells | Complaint:
    """A table's cells, or what is wrong with it."""
    try:
        dimensions = tuple(_dimension(rows, keys, depth) for depth in range(len(keys)))
        cells, places = _fill(rows, keys, dimensions, unit)
    except _Refused as refused:
        return refused.complaint
    return Cells(dimensions, tuple(cells), places)


def _level(rows: Rows, depth: int) -> list[Rows]:
    """All mappings of rows at one depth."""
    found = [rows]
    for _ in range(depth):
        found = [cell for r in found for _, cell, _ in r.cells if isinstance(cell, Rows)]
    return found


def _dimension(rows: Rows, keys: tuple[Type, ...], depth: int) -> Dimension:
    kind, levels = keys[depth], _level(rows, depth)
    if not levels:
        raise _Refused(
            rows.at, f"this table has fewer levels than keys ({len(keys)})", "nest its rows, or remove a key from `by`"
        )
    if kind.base == "one of":
        return Dimension(0, len(kind.options))
    if kind.base == "yes/no":
        return Dimension(0, 2)
    if kind.base == "code":
        codes = sorted({int(k) for level in levels for k, _, _ in level.cells if k.isdigit()})
        return Dimension(0, len(codes) + 1, tuple(codes))
    if kind.base not in ("count", "years", "months"):
        raise _Refused(rows.at, f"a table cannot be read by {kind}", "use a count, an age, a yes/no, a county or an enumeration")
    low, high = 10**9, 0
    for level in levels:
        for text, _, at in level.cells:
            first, last, is_open = _span(text, at)
            low, high = min(low, first), max(high, last)
            if is_open or level.each_more:
                high = max(high, OLDEST if kind.base == "years" else LARGEST_SIZE)
    if high - low > 2_000:
        raise _Refused(rows.at, "this table spans too many whole numbers", "use bands, such as 1..3 and 6+")
    return Dimension(low, high - low + 1)


def _span(text: str, at: int) -> tuple[int, int, bool]:
    found = _KEY.match(text)
    if not found:
        raise _Refused(at, f"`{text}` is not a key of this table", "write 3, 1..3 or 6+")
    first = int(found[1])
    return first, int(found[2] or first), bool(found[3])


def _fill(rows: Rows, keys: tuple[Type, ...], dimensions: tuple[Dimension, ...], unit: Type) -> tuple[list[int], int]:
    """The cells of one level, and the decimals that they need."""
    size = dimensions[0].size
    parts: list[list[int] | None] = [None] * size
    places = 0

    def put(index: int, part: list[int], at: int, text: str) -> None:
        if parts[index] is not None:
            raise _Refused(at, f"`{text}` stands twice in this table", "keep one")
        parts[index] = part

    rest: list[int] | None = None
    for text, cell, at in rows.cells:
        if isinstance(cell, Rows):
            if len(keys) == 1:
                raise _Refused(at, "this table has more levels than keys", "add a key to `by`")
            part, needs = _fill(cell, keys[1:], dimensions[1:], unit)
        else:
            if len(keys) > 1:
                raise _Refused(at, "rows are missing under this key", "nest rows for the table's next key")
            value, needs = _cell(cell, unit)
            part = [value]
        places = max(places, needs)
        if text == "otherwise":
            rest = part
            continue
        for index in _indices(text, at, keys[0], dimensions[0]):
            put(index, part, at, text)
    if rows.each_more is not None:
        places = max(places, decimals(rows.each_more.text))
        _continue(rows, parts, unit)
    filled: list[int] = []
    for index, found in enumerate(parts):
        use = found if found is not None else rest
        if use is None:
            raise _Refused(
                rows.at,
                f"this table has no row for {_key_name(index, keys[0], dimensions[0])}",
                "add the row, `each_more` or `otherwise`",
            )
        filled += use
    return filled, places


def _indices(text: str, at: int, kind: Type, dimension: Dimension) -> list[int]:
    if kind.base == "one of":
        if text not in kind.options:
            raise _Refused(at, f"`{text}` is not an option of {kind}", "use one of its options, or `otherwise`")
        return [kind.options.index(text)]
    if kind.base == "yes/no":
        if text not in ("yes", "no"):
            raise _Refused(at, "the rows of this table are `yes` and `no`", "write yes or no")
        return [int(text == "yes")]
    if kind.base == "code":
        if not text.isdigit():
            raise _Refused(at, f"`{text}` is not a code", "write its digits, or `otherwise`")
        return [dimension.codes.index(int(text))]
    first, last, is_open = _span(text, at)
    stop = dimension.size if is_open else last - dimension.low + 1
    return list(range(first - dimension.low, stop))


def _continue(rows: Rows, parts: list[list[int] | None], unit: Type) -> None:
    """``each_more``: the last row plus so much for each further person, up to ``at_most``."""
    assert rows.each_more is not None
    more, _ = _cell(rows.each_more, unit)
    most = _cell(rows.at_most, unit)[0] if rows.at_most is not None else None
    last = max((i for i, part in enumerate(parts) if part is not None), default=len(parts))
    for index in range(last + 1, len(parts)):
        before = parts[index - 1]
        assert before is not None
        value = before[0] + more
        parts[index] = [value if most is None else min(value, most)]


def _key_name(index: int, kind: Type, dimension: Dimension) -> str:
    if kind.options:
        return f"`{kind.options[index]}`"
    if kind.base == "yes/no":
        return "`yes`" if index else "`no`"
    if dimension.codes:
        return "other codes (`otherwise`)"
    return f"`{index + dimension.low}`"


def _cell(cell: Number | Name | YesNo, unit: Type) -> tuple[int, int]:
    """A cell's value in the table's unit, and the decimals that it needs."""
    if isinstance(cell, Name):
        if cell.text not in unit.options:
            raise _Refused(
                cell.at, f"`{cell.text}` is not one of {', '.join(unit.options) or str(unit)}", "write a cell of the table's unit"
            )
        return unit.options.index(cell.text), 0
    if isinstance(cell, Number) and decimals(cell.text) > (4 if cell.kind == "percent" else 6):
        raise _Refused(cell.at, "a figure has at most six decimals", "round it as the source does")
    if isinstance(cell, YesNo):
        if unit.base != "yes/no":
            raise _Refused(cell.at, f"a cell of this table is {unit}", "write a cell of the table's unit")
        return int(cell.value), 0
    if unit.base == "USD" and cell.kind in ("money", "whole", "decimal"):
        return micros(cell.text), decimals(cell.text)
    if unit.base == "rate" and cell.kind == "percent":
        return micros(cell.text) // 100, decimals(cell.text) + 2
    if unit.base in ("rate", "hours") and cell.kind in ("whole", "decimal"):
        return micros(cell.text), decimals(cell.text)
    if unit.base in ("count", "years", "months", "code") and cell.kind in ("whole", "years", "months"):
        return int(cell.text), 0
    raise _Refused(cell.at, f"a cell of this table is {unit}", "write a cell of the table's unit")
