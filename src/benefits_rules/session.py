"""session: an interview's log, what it comes to, and how it is kept as text.

{"screen": "person:ana", "answers": {…}}   a screen's answers, every question of it; null is asked and left out
{"change": {…}}                            corrections; null takes an answer back
{"back": true}                             the last screen's answers are taken back
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benefits_rules.canonical import canonical_json
from benefits_rules.errors import SessionError

SCHEMA = "benefits-rules/interview/1"
#: The most bytes that a kept session may have, and the most entries in its log.
MAX_BYTES = 2_000_000
MAX_ENTRIES = 5_000
_CUT = "this session lacks a part: it was cut short or changed"


@dataclass(frozen=True, slots=True)
class Said:
    """The last answer to each question, what was taken back, and the screens answered."""

    answers: dict[str, Any] = field(repr=False)
    before: dict[str, Any] = field(repr=False)
    screens: tuple[str, ...]


def said(log: Sequence[Mapping[str, Any]]) -> Said:
    """What a log comes to. An answer that was taken back stands aside, to be shown again."""
    entries: list[Mapping[str, Any]] = []
    before: dict[str, Any] = {}
    for entry in log:
        if "back" in entry:
            last = next(i for i in range(len(entries) - 1, -1, -1) if "screen" in entries[i])
            before |= entries.pop(last)["answers"]
        else:
            entries.append(entry)
    answers: dict[str, Any] = {}
    for entry in entries:
        taken_back = "change" in entry
        for key, value in entry["change" if taken_back else "answers"].items():
            if value is not None or not taken_back:
                answers[key] = value
            elif key in answers:
                before[key] = answers.pop(key)
    return Said(answers, before, tuple(e["screen"] for e in entries if "screen" in e))


def keep(parts: Mapping[str, Any]) -> str:
    """The parts of a session as canonical JSON, with a check sum of their own."""
    return canonical_json({**parts, "check": _check(parts)})


def kept(text: str | bytes) -> dict[str, Any]:
    """The text of a session → its parts, each of the right shape. Raises :class:`SessionError`."""
    if not isinstance(text, (str, bytes)) or len(text) > MAX_BYTES:
        raise SessionError(f"a session is text of at most {MAX_BYTES:,} bytes")
    try:
        found = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise SessionError("this is no session: it is not JSON, or cut short") from None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise SessionError(f"this is no session: its `schema` must be {SCHEMA}")
    check = found.pop("check", None)
    shapes = {"rules": dict, "state": str, "programs": list, "months": int, "log": list}
    if any(not isinstance(found.get(key), kind) for key, kind in shapes.items()) or not _sound(found["log"]):
        raise SessionError(_CUT)
    if not all(isinstance(p, str) for p in found["programs"]) or not isinstance(found.get("month", ""), str):
        raise SessionError(_CUT)
    if not isinstance(found.get("carried", {}), dict) or check != _check(found):
        raise SessionError("this session was changed since it was kept: take it as it was given out")
    return found


def _check(parts: Mapping[str, Any]) -> str:
    return "sha256:" + hashlib.sha256(canonical_json(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _refuse(_: str) -> Any:
    raise ValueError  # amounts are text in a session: nothing in it was ever a float


def _sound(log: list[Any]) -> bool:
    """Whether every entry has one of the three shapes, and nothing is taken back that was not there."""
    depth = 0
    for entry in log[: MAX_ENTRIES + 1]:
        if not isinstance(entry, dict):
            return False
        if set(entry) == {"screen", "answers"}:
            depth += 1
            sound = isinstance(entry["screen"], str) and isinstance(entry["answers"], dict)
        elif set(entry) == {"change"}:
            sound = isinstance(entry["change"], dict)
        else:
            depth -= 1
            sound = entry == {"back": True} and depth >= 0
        if not sound:
            return False
    return len(log) <= MAX_ENTRIES
