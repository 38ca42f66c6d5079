"""walk: a household as plain data → every place in it at which something is told, with what else may stand there.

What may stand at a key is read off the model itself, so that a key that the model gains is met here at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from benefits_rules.leaves import WORDS, Between, Frozen, OneOf, Partly
from benefits_rules.model import Household


@dataclass(frozen=True, slots=True)
class Kind:
    """What may stand at a key. ``lo`` and ``hi`` are a whole number's, ``kinds`` the words of a list told in part."""

    required: bool
    words: bool = False
    bound: bool = False
    choice: bool = False
    options: tuple[Any, ...] = ()
    kinds: tuple[str, ...] = ()
    rows: type[Frozen] | None = None
    part: type[Frozen] | None = None
    lo: int = 0
    hi: int = 0
    measure: Literal["", "int", "Decimal", "date"] = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One key of one part: ``path`` as errors name it."""

    holder: dict[str, Any]
    key: str
    path: str
    kind: Kind

    @property
    def value(self) -> Any:
        return self.holder[self.key]


def kinds_of(model: type[Frozen]) -> dict[str, Kind]:
    """What may stand at each key of a part."""
    if model not in _KINDS:
        fields = model.model_fields.items()
        _KINDS[model] = {f.alias or n: _kind(f.is_required(), (f.annotation, *f.metadata)) for n, f in fields}
    return _KINDS[model]


_KINDS: dict[type[Frozen], dict[str, Kind]] = {}  # read off once: models do not change


def _kind(required: bool, annotations: tuple[Any, ...]) -> Kind:
    found: dict[str, Any] = {}
    for part in (p for a in annotations for p in _parts(a)):
        generic = getattr(part, "__pydantic_generic_metadata__", {}).get("origin")
        if generic is Partly:
            found["kinds"] = get_args(generic_arguments(part)[1])
        elif generic in (Between, OneOf):
            found["bound" if generic is Between else "choice"] = True
        elif isinstance(part, type) and issubclass(part, Frozen):
            found.setdefault("part", part)
        elif get_origin(part) is tuple and isinstance(get_args(part)[0], type) and issubclass(get_args(part)[0], Frozen):
            found["rows"] = get_args(part)[0]
        elif get_origin(part) is Literal:
            options = get_args(part)
            found |= {"words": True} if set(options) == WORDS else {"options": options}
        elif part is bool:
            found["options"] = (True, False)
        elif getattr(part, "__name__", "") in ("int", "Decimal", "date"):
            found["measure"] = part.__name__
        elif hasattr(part, "hi"):
            found |= {"lo": int(getattr(part, "lo", 0)), "hi": int(part.hi)}
    if "rows" in found or "kinds" in found:
        found.pop("part", None)
        found.pop("options", None)
    return Kind(required, **found)


def generic_arguments(part: Any) -> tuple[Any, ...]:
    return tuple(part.__pydantic_generic_metadata__["args"])


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    if get_origin(annotation) is not Literal:
        for part in (*get_args(annotation), *getattr(annotation, "__metadata__", ())):
            yield from _parts(part)


def places(house: dict[str, Any]) -> list[Place]:
    """Every key that a household tells, deepest last; the rows of lists told in part too."""
    return list(_places(house, Household, ""))


def _places(part: dict[str, Any], model: type[Frozen], prefix: str) -> Iterator[Place]:
    for key, kind in kinds_of(model).items():
        if key not in part:
            continue
        yield Place(part, key, prefix + key, kind)
        value = part[key]
        rows = value.get("rows", ()) if isinstance(value, dict) and kind.rows else value
        if kind.part and isinstance(value, dict):
            yield from _places(value, kind.part, f"{prefix}{key}.")
        elif kind.rows and isinstance(rows, (list, tuple)):
            for i, row in enumerate(rows):
                if isinstance(row, dict):
                    name = row["id"] if key == "people" and not prefix else i
                    yield from _places(row, kind.rows, f"{prefix}{key}.{name}.")
