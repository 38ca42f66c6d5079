"""schema_openapi: the parts of the schemas → the OpenAPI 3.1 document of ``examples/interview_server.py``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benefits_rules.schema_forms import DIGEST, TEXT, Schema, closed, either, moved, one_of, ref, rows
from benefits_rules.version import ENGINE

#: The most bytes that a request may have; a session of the most bytes is less as text in JSON.
MAX_BODY = 4_500_000
_HELD = {"type": "string", "contentMediaType": "application/json", "contentSchema": ref("Session")}


def document(parts: dict[str, Schema], names: Sequence[str]) -> dict[str, Any]:
    """The whole document. ``parts`` are those of all schemas by name, ``names`` those that ``GET /schema/{name}`` knows."""
    every = {**parts, **_bodies()}
    found = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "benefits_rules",
            "version": ENGINE,
            "summary": "Interviews and screenings for SNAP, TANF, Medicaid, CHIP and child care.",
            "description": "Nothing is stored: the caller keeps the session, and hands it over with each request. An estimate: "
            "the agency decides, and anyone may apply today.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": _paths(names),
        "components": {"schemas": {name: every[name] for name in sorted(every)}},
    }
    moved_: dict[str, Any] = moved(found, "#/components/schemas/")
    return moved_


def _bodies() -> dict[str, Schema]:
    """What only the service has: its requests and answers."""
    session = {"session": {"description": "The text that was given out, character for character.", **_HELD}}
    parts = {
        "Begin": closed("A new interview.", {"state": ref("State")}, {
            "programs": rows(ref("Program")), "month": ref("Month"), "months": ref("Horizon"),
        }),
        "Answer": closed("Answers to the screen that was shown.", session | {"answers": ref("Answers")}),
        "Change": closed("Corrections of any answers.", session | {"change": ref("Answers")}),
        "Back": closed("Back to the last screen.", session | {"back": {"const": True}}),
        "Look": closed("The session as it stands.", session),
        "NextRequest": either(*(ref(name) for name in ("Begin", "Answer", "Change", "Back", "Look"))),
        "Next": closed("What comes next. `screen` is null, and the certificate there, once nothing more is asked.", {
            "session": session["session"], "screen": either(ref("Screen"), {"type": "null"}), "results": rows(ref("Result")),
        }, {
            "certificate": ref("Certificate"),
            "made_under": {"description": "The digest of the rules under which the session was kept, if others.", **DIGEST},
        }),
        "Fault": closed("Where, what, and the mend; never a value.", {"path": TEXT, "what": TEXT, "mend": TEXT}),
        "Errors": closed("All that is wrong with a request.", {"errors": rows(ref("Fault"), minItems=1)}),
    }  # fmt: skip
    return {name: {"title": name, **part} for name, part in parts.items()}


def _paths(names: Sequence[str]) -> dict[str, Any]:
    name = {"name": "name", "in": "path", "required": True, "schema": one_of(names)}
    programs = _query("programs", "Repeated for each; default: those applied for.", rows(ref("Program")))
    month = _query("month", "Another first month than the household's.", ref("Month"))
    screen = _post("screen", "Judge a household.", "Household", "Determinations")
    return {
        "/interview/next": {"post": _post("next", "Begin an interview, or go on with it.", "NextRequest", "Next")},
        "/screen": {"post": screen | {"parameters": [programs, month]}},
        "/openapi.json": {"get": _get("openapi", "This document.")},
        "/schema/{name}": {"get": _get("schema", "One JSON Schema.", "404") | {"parameters": [name]}},
    }


def _query(name: str, said: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": said, "schema": schema}


def _post(operation: str, summary: str, takes: str, gives: str) -> dict[str, Any]:
    refused = {"400": "The body is not JSON.", "413": "The body is too large.", "422": "The request cannot be used."}
    return {
        "operationId": operation,
        "summary": summary,
        "requestBody": {"required": True, "content": _json(ref(takes))},
        "responses": {
            "200": {"description": "Done.", "content": _json(ref(gives))},
            **{status: {"description": said, "content": _json(ref("Errors"))} for status, said in refused.items()},
        },
    }


def _get(operation: str, summary: str, *refused: str) -> dict[str, Any]:
    responses = {"200": {"description": "Done.", "content": _json({"type": "object"})}}
    return {
        "operationId": operation,
        "summary": summary,
        "responses": responses | {status: {"description": "There is no such thing."} for status in refused},
    }


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
