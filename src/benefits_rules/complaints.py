"""complaints: what pydantic found wrong with a household → problems in our words, none of which shows a value."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from benefits_rules import coherence
from benefits_rules.errors import Problem
from benefits_rules.leaves import is_id
from benefits_rules.reading import MAX_PROBLEMS, Fault, Loc, Plain
from benefits_rules.shape import Story, keys_below, parts_at

#: The keys that a household may have, which say nothing of anybody.
_KEYS = keys_below(Story)


def complaints(told: Any, error: ValidationError) -> list[Problem]:
    """Every problem of data that is no household: of its text, of its leaves and, as far as can be seen, of the whole."""
    known = told.faults if isinstance(told, Plain) else []
    errors = error.errors(include_url=False)
    if len(errors) + len(known) > MAX_PROBLEMS:
        some = [*known, *(_explained(e) for e in errors[:MAX_PROBLEMS])][:MAX_PROBLEMS]
        return [*_problems(some, told), Problem("household", "there are more faults than these", "mend these first")]
    found = _problems([*known, *_news(errors, [at for at, _, _ in known])], told)
    return [*found, *_beyond(told, error)] if isinstance(told, Plain) else found


def known_problems(told: Any) -> list[Problem]:
    """The problems that reading has found already."""
    return _problems(told.faults, told) if isinstance(told, Plain) else []


def _news(errors: list[ErrorDetails], known: list[Loc]) -> list[Fault]:
    """What pydantic adds to the faults known: nothing at or below their places, no list short of its own faulty rows."""
    places = known + [_loc(e["loc"]) for e in errors]
    new = []
    for e in errors:
        at = _loc(e["loc"])
        below = e["type"] == "too_short" and any(len(p) > len(at) and p[: len(at)] == at for p in places)
        if not below and not any(at[: len(k)] == k for k in known):
            new.append(_explained(e))
    return new


def _loc(loc: Loc) -> Loc:
    """A place without the names of union branches."""
    return tuple(part for part in loc if part not in ("~told", "~word", "~bound"))


def _explained(error: ErrorDetails) -> Fault:
    """One fault that pydantic found, in our words."""
    at, kind, context = _loc(error["loc"]), error["type"], error.get("ctx", {})
    if kind == "told":
        return at, context["what"], context["mend"]
    if kind == "missing":
        return at, "this key is missing", "add it"
    if kind == "extra_forbidden":
        return at, "there is no such key", _near(str(at[-1]), _keys_at(at[:-1]))
    if kind == "literal_error":
        return at, "this is not one of the options", _near(error["input"], re.findall(r"'([^']*)'", context["expected"]))
    if kind in ("too_long", "too_short"):
        limit = f"at most {context['max_length']}" if kind == "too_long" else f"at least {context['min_length']}"
        return at, f"this list has too {'many' if kind == 'too_long' else 'few'} rows", f"{limit} may stand here"
    if kind in ("tuple_type", "list_type"):
        return at, "this is not a list", "write [...], or one row a line, each after a dash"
    return at, "this is not what may stand here", f"write {_FORMS.get(kind, 'what the household example shows')}"


_FORMS = {"model_type": "keys and values", "model_attributes_type": "keys and values", "dict_type": "keys and values"}


def _near(word: Any, options: Sequence[str]) -> str:
    """The mend for a word that is not known: what it was most likely meant to be, or all that may stand there."""
    close = difflib.get_close_matches(word[:60], options, 1) if isinstance(word, str) else []
    if close:
        return f"did you mean `{close[0]}`?"
    return (
        "one of: " + ", ".join(options)
        if len(options) <= 24
        else f"one of {len(options)} options, such as {', '.join(options[:3])}"
    )


def _keys_at(at: Loc) -> list[str]:
    models = parts_at((p for p in at if isinstance(p, str) and p != "rows"), Story)
    return list(dict.fromkeys(f.alias or n for m in models for n, f in m.model_fields.items()))


def _problems(faults: Iterable[Fault], told: Any) -> list[Problem]:
    return list(dict.fromkeys(Problem(_path(at, told), what, mend) for at, what, mend in faults))


def _path(at: Loc, told: Any) -> str:
    """A place as people name it: a person by id where she has one of her own, an odd key as ``?``."""
    parts = [shown(p) for p in at]
    if len(at) > 1 and at[0] == "evidence" and isinstance(at[1], str):  # its keys are paths: counted, not shown
        parts[1] = str([*told["evidence"], at[1]].index(at[1]))
    if len(at) > 2 and at[0] == "people" and isinstance(at[1], int):
        parts[1] = _person(told["people"], at[1])
    return ".".join(p for p, key in zip(parts, at, strict=True) if not p == key == "rows") or "household"


def shown(part: str | int) -> str:
    """A key or index of a path as people may see it: an odd key, which could be anything, as ``?``."""
    if isinstance(part, int) or part in _KEYS or (len(part) <= 30 and re.fullmatch(r"[a-z]+(_[a-z]+)*", part)):
        return str(part)
    return "?"


def _person(people: Any, i: int) -> str:
    """A person's id where it is one and hers alone, else her number. Objects of the model may stand among plain data."""
    if not isinstance(people, (list, tuple)):
        return str(i)
    ids = [p.get("id") if isinstance(p, Mapping) else getattr(p, "id", None) for p in people]
    own = ids[i]
    return own if isinstance(own, str) and ids.count(own) == 1 and is_id(own) else str(i)


def _beyond(plain: Plain, error: ValidationError) -> list[Problem]:
    """The faults that only a whole household shows, looked for with every faulty part taken as not told."""
    faulty = {e["loc"][0] for e in error.errors(include_url=False) if e["loc"]}
    if "state" in faulty:
        plain["state"] = "GA"
        plain.pop("county", None)
    if "month" in faulty:
        plain["month"] = "2000-01"
        people = plain.get("people")
        for person in people if isinstance(people, list) else ():
            _mended(person, ("birth_date",), remove=True)
    for up in range(4):  # first the leaf becomes unknown, then it goes, then what holds it
        for fault in error.errors(include_url=False):
            at = _loc(fault["loc"])
            if at in (("state",), ("month",)):
                continue
            _mended(plain, at[: len(at) - max(0, up - 1)], remove=up > 0 or fault["type"] == "extra_forbidden")
        try:
            story = Story.model_validate(plain)
        except ValidationError as again:
            error = again
        else:
            return [p for p in coherence.faults(story) if not (up and p.path.startswith("evidence"))]
    return []


def _mended(part: Any, at: Loc, *, remove: bool) -> None:
    """Take the leaf at a place away, or make it unknown; a place that is not there is left alone."""
    for name in at[:-1]:
        if not _holds(part, name):
            return
        part = part[name]
    if at and remove and isinstance(part, dict):
        part.pop(at[-1], None)
    elif at and not remove and (isinstance(part, dict) or _holds(part, at[-1])):
        part[at[-1]] = "unknown"


def _holds(part: Any, name: str | int) -> bool:
    return name in part if isinstance(part, dict) else isinstance(part, list) and isinstance(name, int) and name < len(part)
