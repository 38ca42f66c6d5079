"""record: a result kept as JSON → the same screening again, to the byte, or what differs, by path and never by value.

A record names its rules by their digest and holds the household, the programs and the months that were asked for. So
:func:`replay` finds those very rules (among those given, and the library's own), screens again, and compares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from benefits_rules.canonical import canonical_json
from benefits_rules.complaints import shown
from benefits_rules.errors import InputError, RequestError
from benefits_rules.resolve import Rules
from benefits_rules.rulefiles import CATALOGUE
from benefits_rules.screening import SCHEMA, Screening, load_rules, screen
from benefits_rules.version import ENGINE

#: The most that a record may hold: forty people over two years have less.
MAX_BYTES = 16_000_000
MAX_PARTS = 400_000
#: The most paths that one replay names.
MAX_PATHS = 100

Source = Mapping[str, Any] | str | Path | bytes
RulesSource = Rules | str | Path


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of screening a record's household again. Its repr shows nothing of the household."""

    #: Whether the same bytes came out.
    same: bool
    #: The paths that differ, such as ``determinations.0.amount.value``; empty where only the layout of the text does.
    differences: tuple[str, ...]
    #: The version of the engine that made the record, as it says; this one's is ``benefits_rules.__version__``.
    engine: str
    screening: Screening = field(repr=False)

    def lines(self) -> list[str]:
        """What there is to say, a line each."""
        if self.same:
            return ["the same, to the byte"]
        found = []
        if self.engine != ENGINE:
            found.append(f"the record was made by engine {self.engine}, and this is engine {ENGINE}")
        if not self.differences:
            found.append("the same data, but the record's text is not canonical JSON: it was laid out anew")
        return found + [f"differs: {path}" for path in self.differences]


def replay(record: Source, *, rules: RulesSource | Sequence[RulesSource] | None = None) -> Replay:
    """Screen the household of a record again, by the rules that it names.

    ``record`` is what :meth:`Screening.to_json` or :meth:`Screening.to_dict` gave: plain data, text, or a file's path.
    ``rules`` are where else to look than in the library's own: rules, bundles, folders of rules, folders of bundles.

    Raises :class:`RequestError` for what is no record, or where its rules are not found; :class:`RuleError` for faulty rules;
    :class:`HouseholdError` for a household that cannot be used. None of them shows a value.
    """
    text, told = _read(record)
    kept, request = _part(told, "rules"), _part(told, "request")
    programs, months = _words(request, "programs"), _words(request, "months")
    if not months:
        _refuse("request.months is missing")
    household = _part(told, "household")
    found = _rules_of(kept.get("digest"), rules)
    again = screen(household, programs, month=months[0], rules=found)
    anew = again.to_json()
    differences = tuple(_differences(told, json.loads(anew), ()))
    return Replay(text == anew, differences[:MAX_PATHS], _version(kept.get("engine")), again)


def _refuse(what: str) -> NoReturn:
    raise RequestError(f"this is not a record of benefits_rules: {what}; hand over what `screen --format json` gave")


# ---------------------------------------------------------------- reading


def _read(record: Source) -> tuple[str, dict[str, Any]]:
    """A record → its text without the last line's end, and its data."""
    if isinstance(record, Mapping):
        try:
            text = canonical_json(record)
        except (TypeError, ValueError, RecursionError):
            _refuse("it holds more than plain data")
        return text, _parsed(text)
    if isinstance(record, str) and record.lstrip().startswith("{"):
        record = record.encode("utf-8", "surrogatepass")
    if not isinstance(record, (str, Path, bytes)):
        _refuse("it is neither data nor text nor a path")
    if not isinstance(record, bytes):
        try:
            with Path(record).open("rb") as file:
                record = file.read(MAX_BYTES + 1)
        except (OSError, ValueError):  # the message must not quote the path: it may be a record's text
            raise RequestError("the record's file cannot be read; check its path and its rights") from None
    if len(record) > MAX_BYTES:
        _refuse(f"it is over {MAX_BYTES:,} bytes")
    try:
        text = record.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("it is not UTF-8")
    return text.removesuffix("\n"), _parsed(text)


def _parsed(text: str) -> dict[str, Any]:
    """JSON text → data. Refused before anything is made of it where it has too many parts."""
    if len(text) > MAX_BYTES or sum(map(text.count, ",[{")) > MAX_PARTS:
        _refuse(f"it has more than {MAX_PARTS:,} parts")
    try:
        told = json.loads(text, object_pairs_hook=_once, parse_constant=_constant)
    except json.JSONDecodeError as error:
        _refuse(f"line {error.lineno}, column {error.colno} is not JSON")
    except RecursionError:
        _refuse("it is nested too deep")
    except ValueError:
        _refuse("a key stands in it twice, or a number that JSON does not have")
    if not isinstance(told, dict) or told.get("schema") != SCHEMA:
        _refuse(f"its schema is not {SCHEMA}")
    return told


def _once(items: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(items)
    if len(found) < len(items):
        raise ValueError
    return found


def _constant(_: str) -> NoReturn:
    raise ValueError


def _part(told: dict[str, Any], key: str) -> dict[str, Any]:
    part = told.get(key)
    if not isinstance(part, dict):
        _refuse(f"{key} is missing")
    return part


def _words(request: dict[str, Any], key: str) -> list[str]:
    words = request.get(key)
    if not isinstance(words, list) or not all(isinstance(w, str) for w in words):
        _refuse(f"request.{key} is missing")
    return words


def _version(text: object) -> str:
    """The version that a record names, if it is one."""
    return text if isinstance(text, str) and re.fullmatch(r"[0-9A-Za-z.+]{1,30}", text, re.ASCII) else "unknown"


# ---------------------------------------------------------------- the rules that it names


def _rules_of(digest: object, given: RulesSource | Sequence[RulesSource] | None) -> Rules:
    """The rules of a digest: among those given, in their order, else the library's own."""
    if not isinstance(digest, str):
        _refuse("rules.digest is missing")
    sources = [given] if isinstance(given, (Rules, str, Path)) else list(given or ())
    faults = list[str]()
    for each in (*sources, None):
        for source in _spread(each):
            try:
                rules = source if isinstance(source, Rules) else load_rules(source)
            except InputError as error:  # another one may be what is looked for
                faults += error.lines()
                continue
            if rules.digest == digest:
                return rules
    named = f" {digest}" if re.fullmatch(r"sha256:[0-9a-f]{64}", digest, re.ASCII) else ""
    what = f"the record's rules{named} are not here: hand over the bundle that was kept of them"
    raise RequestError("\n".join([what, *faults]))


def _spread(source: RulesSource | None) -> Iterator[RulesSource | None]:
    """A source of rules, or each bundle of a folder of bundles."""
    if isinstance(source, (str, Path)) and not (Path(source) / CATALOGUE).is_file():
        bundles = sorted(Path(source).glob("*.zip"))
        if bundles:
            yield from bundles
            return
    yield source


# ---------------------------------------------------------------- what differs


def _differences(was: Any, now: Any, at: tuple[str | int, ...]) -> Iterator[str]:
    """The paths at which two sets of plain data differ; a key that could be anything is shown as ``?``."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*now, *was]):
            if key in was and key in now:
                yield from _differences(was[key], now[key], (*at, key))
            else:
                yield _path((*at, key))
        if list(was) != list(now) and set(was) == set(now):
            yield _path((*at, "order"))
    elif isinstance(was, list) and isinstance(now, list):
        for i in range(max(len(was), len(now))):
            if i < len(was) and i < len(now):
                yield from _differences(was[i], now[i], (*at, i))
            else:
                yield _path((*at, i))
    elif type(was) is not type(now) or was != now:
        yield _path(at)


def _path(at: tuple[str | int, ...]) -> str:
    return ".".join(map(shown, at)) or "record"
