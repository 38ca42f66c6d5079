"""schema_forms: the few forms of JSON Schema (2020-12) that the schemas of this library are made of.

Parts refer to each other by name (``#/$defs/NAME``); :mod:`benefits_rules.schema` puts together those that one schema needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
NULL: Schema = {"type": "null"}
DECIMAL: Schema = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"}
DIGEST: Schema = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
_PLACE = "#/$defs/"


def ref(name: str) -> Schema:
    """The part of this name."""
    return {"$ref": _PLACE + name}


def named(node: Schema) -> str:
    """The name of the part that a reference refers to; empty where it is none."""
    return str(node.get("$ref", "")).removeprefix(_PLACE)


def closed(description: str, required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object that has all of these keys, may have those, and has no others."""
    found: Schema = {"description": description} if description else {}
    properties = {**required, **(optional or {})}
    return {**found, "type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def rows(item: Schema, **bounds: int) -> Schema:
    """A list of such items; ``bounds`` are ``minItems`` and ``maxItems``."""
    return {"type": "array", "items": item, **bounds}


def one_of(words: Iterable[str]) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(words)}


def either(*forms: Schema) -> Schema:
    """Any of these; choices within are spread out, and each form stands once."""
    flat = [part for form in forms for part in (form["anyOf"] if set(form) == {"anyOf"} else [form])]
    once = [part for i, part in enumerate(flat) if part not in flat[:i]]
    return once[0] if len(once) == 1 else {"anyOf": once}


def names_in(node: Any) -> Iterator[str]:
    """Every name that a schema refers to, wherever it stands."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield named(node)
        for value in node.values():
            yield from names_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from names_in(value)


def moved(node: Any, place: str) -> Any:
    """The same schema, its references leading to ``place`` (such as ``#/components/schemas/``)."""
    if isinstance(node, dict):
        return {k: place + named(node) if k == "$ref" and isinstance(v, str) else moved(v, place) for k, v in node.items()}
    return [moved(v, place) for v in node] if isinstance(node, list) else node
