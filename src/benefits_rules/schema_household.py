"""schema_household: what pydantic says of the model → the same as parts with names of our own.

pydantic's schema is that of the Python model, in which an absent key is ``None``; in a household's text there is no null. It
names the bounds after their types, and repeats every leaf where it stands: here each leaf is a part of its own.
"""

from __future__ import annotations

from typing import Any, get_args

from benefits_rules import leaves
from benefits_rules.model import Household
from benefits_rules.schema_forms import Schema, either, named, ref

#: Leaves that are read, and what may be said of them to who writes a household.
_READ = {
    "Id": "A tag for a person: no name, no number of anybody's papers.",
    "Money": "US dollars, at most two decimals. As text nothing is rounded on the way.",
    "Hours": "Hours a week, at most two decimals.",
    "Day": "A day that there is, YYYY-MM-DD.",
    "Month": "YYYY-MM.",
    "County": "The five FIPS digits of a county, as text.",
    "State": "One of the 50 states, or DC.",
    "Age": "Completed years.", "YesNo": "", "Babies": "", "Days": "", "Count": "", "Months": "", "Horizon": "",
    "TimeLimitMonths": "",
}  # fmt: skip
_CHOSEN = (
    "Every", "Program", "Area", "HousingKind", "Status", "StudentLevel", "Enrollment", "Disqualification", "Provider",
    "IncomeSource", "ActivityKind", "ExpenseKind", "AssetKind", "ReceivedProgram", "ParentKind", "Word",
)  # fmt: skip
_SAID = {
    "Household": (
        "What a household tells, once: a dated case. A key that is absent is not told, which is never zero or no; `unknown` and "
        "`declined` say that it was asked. That ids, families and days fit together, a minimum is no more than its maximum and "
        "an amount has no third decimal is beyond a schema: who reads the household says so, by path."
    ),
    "Word": "Asked, and not known or not told.",
    "Receives": "Help in payment or authorised, for these people; `amount` is what it pays each time.",
}


def household_parts() -> dict[str, Schema]:
    """Every part of a household by its name: ``Household``, ``Person``, ``Income``, ``Money``, ``MoneyRange`` …"""
    whole = Household.model_json_schema()
    told: dict[str, Schema] = {**whole.pop("$defs"), "Household": whole}
    known = _leaves()
    parts = {name: _cleaned(part, known) for name, part in told.items()}
    names = {name: _name(name, part) for name, part in parts.items()}
    found = {names[name]: _renamed(part, names) for name, part in parts.items()}
    for name, leaf in known.items():
        found[name] = {**leaf, **({"description": _READ[name]} if _READ.get(name) else {})}
    for name, said in _SAID.items():
        found[name] = {**found[name], "description": said}
    return {name: _with_title(name, found[name]) for name in sorted(found)}


def _leaves() -> dict[str, Schema]:
    read = {name: get_args(getattr(leaves, name))[1].schema() for name in _READ}
    return {**read, **{name: {"enum": list(get_args(getattr(leaves, name))), "type": "string"} for name in _CHOSEN}}


def _cleaned(node: Any, known: dict[str, Schema]) -> Any:
    """A schema without nulls, their defaults and titles made of keys; its leaves are references."""
    if isinstance(node, list):
        return [_cleaned(v, known) for v in node]
    if not isinstance(node, dict):
        return node
    found: Schema = {}
    for key, value in node.items():
        if key == "properties":
            found[key] = {name: _cleaned(v, known) for name, v in value.items()}
        elif key in ("anyOf", "oneOf"):
            found["anyOf"] = [_cleaned(v, known) for v in value if v != {"type": "null"}]
        elif key == "allOf" and len(value) == 1:  # how pydantic before 2.9 puts a default beside a reference
            found |= _cleaned(value[0], known)
        elif key == "description":
            found[key] = value.replace("``", "`")
        elif key not in ("title", "default") or (key == "default" and isinstance(value, (str, int))):
            found[key] = value if key in ("enum", "const", "default", "required", "not") else _cleaned(value, known)
    default = {"default": found.pop("default")} if "default" in found else {}
    leaf = next((name for name, part in known.items() if part == found), None)
    if leaf is not None:
        return {**ref(leaf), **default}
    if "anyOf" in found:
        found = {**{k: v for k, v in found.items() if k != "anyOf"}, **either(*found["anyOf"])}
    return {**found, **default}


def _name(name: str, part: Schema) -> str:
    """The name of a part, which is pydantic's unless it is one of the generic forms."""
    properties: Schema = part.get("properties", {})
    match list(properties):
        case ["any_of"]:
            return named(properties["any_of"]["items"]) + "Options"
        case ["min", "max"]:
            return named(properties["min"]) + "Range"
        case ["rows", "unknown"]:
            return named(properties["rows"]["items"]) + "Partly"
        case _:
            return name


def _renamed(node: Any, names: dict[str, str]) -> Any:
    if isinstance(node, dict):
        if named(node) in names:
            return {**node, **ref(names[named(node)])}
        return {key: _renamed(value, names) for key, value in node.items()}
    return [_renamed(value, names) for value in node] if isinstance(node, list) else node


def _with_title(name: str, part: Schema) -> Schema:
    said = {"description": part["description"]} if "description" in part else {}
    return {"title": name, **said, **part}
