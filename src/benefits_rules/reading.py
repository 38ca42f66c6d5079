"""reading: a file, YAML or JSON text → plain data, and what could not be read in it.

Of YAML only ``true``, ``false``, plain numbers and text keep a meaning; of JSON numbers are exact. What is too
large, too deep or no text at all is refused at once; a value that cannot be read is a fault with its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from benefits_rules import source as guarded
from benefits_rules.errors import HouseholdError, Problem, RuleError

#: The most bytes that a household's text may have.
MAX_BYTES = 2_000_000
MAX_DEPTH = 40
#: The most values that a household may have; 40 people with full lists have fewer.
MAX_PARTS = 50_000
#: The most faults that one report names; a hostile text has more than anybody reads.
MAX_PROBLEMS = 100

#: Where something stands, what is wrong with it, and the mend.
Loc = tuple[str | int, ...]
Fault = tuple[Loc, str, str]


class Plain(dict[str, Any]):
    """A household as dicts and lists alone, and the ``faults`` already found in it; a copy that nobody else holds."""

    def __init__(self, told: Mapping[str, Any], faults: list[Fault]) -> None:
        super().__init__(told)
        self.faults = faults


def plain_data(source: str | Path | bytes | Mapping[str, Any]) -> Plain:
    """A file's path, YAML or JSON text, or plain data → plain data.

    A ``str`` of one line that does not begin with ``{`` is a path; any other is the text itself. Raises
    :class:`HouseholdError` where nothing can be read; a value that cannot be read stands in ``faults``.
    """
    if isinstance(source, Mapping):
        return _plain(source, [])
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        source = source.encode("utf-8", "surrogatepass")
    if isinstance(source, bytes):
        return _parsed(source, "household")
    path = Path(source)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):  # the message must not quote the path: it may be a household's text
        raise HouseholdError([Problem("household", "the file cannot be read", "check its path and its rights")]) from None
    return _parsed(data, path.name)


def _parsed(data: bytes, label: str) -> Plain:
    if len(data) > MAX_BYTES:
        raise HouseholdError([Problem(label, f"the text is over {MAX_BYTES:,} bytes", "one household a file")])
    is_json = label.endswith(".json") or (
        re.match(rb'(\xef\xbb\xbf)?\s*\{\s*"', data) is not None and not label.endswith((".yaml", ".yml"))
    )
    faults: list[Fault] = []
    return _plain(_from_json(data, label) if is_json else _from_yaml(data, label, faults), faults)


def _from_json(data: bytes, label: str) -> Any:
    """JSON with exact numbers; NaN, Infinity and a key that stands twice are refused."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        return found if len(found) == len(items) else _Twice(found)

    def whole(text: str) -> int | object:
        return int(text) if len(text) < 20 else _BAD

    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=pairs, parse_float=Decimal, parse_int=whole, parse_constant=lambda _: _BAD
        )
    except json.JSONDecodeError as error:
        problem = Problem(f"{label}:{error.lineno}", f"this is not JSON: {error.msg}", "check commas, quotes and brackets")
    except UnicodeDecodeError:
        problem = Problem(label, "the text is not UTF-8", "save the file as UTF-8")
    except RecursionError:
        problem = Problem(label, f"more than {MAX_DEPTH} levels are nested here", "flatten it")
    raise HouseholdError([problem]) from None


class _Twice(dict[str, Any]):
    """A JSON object in which a key stands twice."""


_BAD = object()  # stands where a value was that could not be read at all

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,17})\.\d{1,18}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?", re.ASCII)
_NULL = re.compile(r"~?|null", re.IGNORECASE)
_SURPRISE_YES_NO = re.compile(r"y|n|yes|no|on|off|true|false", re.IGNORECASE)
_SURPRISE_NUMBER = re.compile(r"[-+.]?[\d.][\d_:.,]*([eE][-+]?\d*)?|0[xXoObB]\w*|[-+]?\.(inf|nan)", re.IGNORECASE | re.ASCII)


def _from_yaml(data: bytes, label: str, faults: list[Fault]) -> Any:
    """YAML of which only ``true``, ``false``, plain numbers and text keep a meaning."""
    try:
        root = guarded.read_bytes(data, label)
    except RuleError as error:  # its excerpt quotes the household, so only line and reason go on
        problems = [Problem(f"{p.file}:{p.line}", p.what, p.mend) for p in error.problems]
        raise HouseholdError(problems) from None
    return _yaml_plain(root, (), faults)


def _yaml_plain(node: guarded.Node, at: Loc, faults: list[Fault]) -> Any:
    if isinstance(node, guarded.Mapping):
        return {key: _yaml_plain(value, (*at, key), faults) for key, (_, value) in node.entries.items()}
    if isinstance(node, guarded.Sequence):
        return [_yaml_plain(item, (*at, i), faults) for i, item in enumerate(node.items)]
    if node.style is not None or _DATE.fullmatch(node.text):
        return node.text
    if node.text in ("true", "false"):
        return node.text == "true"
    if _INTEGER.fullmatch(node.text):
        return int(node.text)
    if _DECIMAL.fullmatch(node.text):
        return Decimal(node.text)
    for pattern, what, mend in (
        (_NULL, "there is nothing here", "leave the key out, or write unknown"),
        (_SURPRISE_YES_NO, "YAML readers disagree about this word", "write true or false; put other text in quotes"),
        (
            _SURPRISE_NUMBER,
            "YAML readers disagree about this number",
            "write digits with at most one point; put other text in quotes",
        ),
    ):
        if pattern.fullmatch(node.text):
            if len(faults) > MAX_PROBLEMS:
                return _BAD
            line = node.source.text.count("\n", 0, node.start) + 1
            faults.append((at, f"{what} (line {line})", mend))
            return _BAD
    return node.text


def _plain(told: Any, faults: list[Fault]) -> Plain:
    _weigh(told)
    clean = _walked(told, (), faults)
    if not isinstance(clean, dict):
        raise HouseholdError([Problem("household", "this is not a household", "write keys such as state, month and people")])
    return Plain(clean, faults)


def _weigh(plain: Any) -> None:
    """Refuse what is too large to look at, and data that holds itself."""
    waiting, count = [plain], 0
    while waiting:
        part = waiting.pop()
        count += 1
        if isinstance(part, Mapping):
            waiting += part.values()
        elif isinstance(part, (list, tuple)):
            waiting += part
        if count + len(waiting) > MAX_PARTS:
            raise HouseholdError([Problem("household", f"there are more than {MAX_PARTS:,} values", "tell one household")])


def _walked(value: Any, at: Loc, faults: list[Fault]) -> Any:
    """A copy made of dicts and lists alone; what could never be part of a household is a fault."""
    if len(at) > MAX_DEPTH:
        faults.append((at[:4], f"more than {MAX_DEPTH} levels are nested here", "flatten it"))
        return _BAD
    if isinstance(value, Mapping):
        if isinstance(value, _Twice):
            faults.append((at, "a key stands twice here", "remove one of the two"))
        return {
            k if isinstance(k, str) else "?": _walked(v, (*at, k if isinstance(k, str) else "?"), faults)
            for k, v in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_walked(v, (*at, i), faults) for i, v in enumerate(value)]
    if len(faults) > MAX_PROBLEMS:
        return value
    if value is None:
        faults.append((at, "there is nothing here", "leave the key out, or write unknown"))
        return _BAD
    if value is _BAD and not any(f[0] == at for f in faults):
        faults.append((at, "this is not a number that can be used", "write plain digits"))
    return value
