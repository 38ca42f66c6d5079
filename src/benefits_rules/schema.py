"""schema: what goes in and comes out of this library as JSON Schema (2020-12), and the HTTP example as OpenAPI (3.1).

    >>> from benefits_rules.schema import NAMES, schema
    >>> schema("household")["title"]
    'Household'

What may be told stems from the household's model, what may be asked from ``rules/common/interview.yaml``; each schema stands
alone. A schema cannot say everything: what must fit together is for whoever reads the household, the session or the answers.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from benefits_rules.errors import RequestError
from benefits_rules.schema_determinations import determination_parts
from benefits_rules.schema_forms import Schema, names_in
from benefits_rules.schema_household import household_parts
from benefits_rules.schema_interview import interview_parts
from benefits_rules.schema_openapi import document
from benefits_rules.screening import load_rules

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: The name of a schema → the part that it is of.
_ROOTS = {
    "household": "Household",
    "screen": "Screen",
    "answer": "Answers",
    "session": "Session",
    "results": "Results",
    "certificate": "Certificate",
    "determinations": "Determinations",
}
NAMES = tuple(_ROOTS)


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of this name (one of ``NAMES``), with every part it needs under ``$defs``.

    Raises :class:`RequestError` for a name that does not exist.
    """
    if name not in _ROOTS:
        raise RequestError(f"there is no such schema; known are {', '.join(NAMES)}")
    parts = _parts()
    root = parts[_ROOTS[name]]
    needed, waiting = dict[str, Schema](), [*names_in(root)]
    while waiting:
        part = waiting.pop()
        if part not in needed:
            needed[part] = parts[part]
            waiting += names_in(parts[part])
    head = {"$schema": DIALECT, "$id": f"urn:benefits-rules:schema:{name}"}
    return deepcopy({**head, **root, "$defs": {part: needed[part] for part in sorted(needed)}})


def openapi() -> dict[str, Any]:
    """The OpenAPI document of ``examples/interview_server.py``; its components are the parts of the schemas above."""
    return deepcopy(document(_parts(), NAMES))


@cache
def _parts() -> dict[str, Schema]:
    """Every part by its name. Nobody changes what is handed out of here: it is copied on the way."""
    household = household_parts()
    found = [household, determination_parts(), interview_parts(load_rules().script, household)]
    assert sum(map(len, found)) == len(set().union(*found)), "two parts have one name"
    return {name: part for parts in found for name, part in parts.items()}
