"""A small HTTP service over benefits_rules: interviews and screenings. It stores nothing and logs nothing of what it is told.

Run it:

    pip install "benefits-rules[server]"
    python examples/interview_server.py --port 8000

Begin an interview, then hand the session back with each answer, exactly as it was given out (a text with a check sum of its own):

    curl -s localhost:8000/interview/next -d '{"state": "GA", "programs": ["snap"], "month": "2026-11"}'
    curl -s localhost:8000/interview/next -d '{"session": "…", "answers": {"people": [{"id": "ana", "age": 34}]}}'
    curl -s localhost:8000/interview/next -d '{"session": "…", "change": {"people.ana.age": 35}}'
    curl -s localhost:8000/interview/next -d '{"session": "…", "back": true}'

Each gives {"session", "screen", "results"}; once `screen` is null nothing more is asked, and "certificate" says why. A household
that is told already is judged at once; programs may be named several times:

    curl -s 'localhost:8000/screen?programs=snap&programs=tanf&month=2026-11' -d @household.json

`GET /openapi.json` describes all of it, `GET /schema/{name}` one JSON Schema. What cannot be used is 400 (no JSON), 413 (too
large) or 422, with {"errors": [{"path", "what", "mend"}]}, of which none shows a value.

It speaks plain HTTP on the loopback interface: what makes it a public service (TLS, limits on how often one may ask, who may) is
for a proxy in front of it. The proxy should keep no bodies either.
"""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from benefits_rules import AnswerError, HouseholdError, InputError, Interview, screen
from benefits_rules.errors import Problem, RuleError
from benefits_rules.schema import NAMES, openapi, schema
from benefits_rules.schema_openapi import MAX_BODY

#: What else may stand beside a session; one of these at most.
STEPS = ("answers", "change", "back")
BEGINNING: dict[str, type] = {"state": str, "programs": list, "month": str, "months": int}
Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """A request that is answered with a status and what is wrong with it."""

    def __init__(self, status: int, *problems: Problem) -> None:
        super().__init__(status)
        self.status, self.problems = status, problems


def refuse(path: str, what: str, mend: str = "") -> NoReturn:
    """Raises :class:`Refused` with 422."""
    raise Refused(422, Problem(path, what, mend))


# ---------------------------------------------------------------- what is done


def next_step(told: dict[str, Any]) -> dict[str, Any]:
    """A request's data → the session, its next screen and its results. Raises :class:`Refused` and :class:`InputError`."""
    talk = _went_on(told) if "session" in told else _begun(told)
    shown = talk.next()
    found = {
        "session": talk.to_json(),
        "screen": shown.to_dict() if shown is not None else None,
        "results": talk.results().to_dict()["results"] if talk.outlooks else [],
    }
    if talk.made_under is not None:
        found["made_under"] = talk.made_under
    return found if shown is not None else {**found, "certificate": talk.certificate().to_dict()}


def _begun(told: dict[str, Any]) -> Interview:
    _closed(told, tuple(BEGINNING))
    for key, kind in BEGINNING.items():
        if key in told and type(told[key]) is not kind:
            refuse(key, "this has another type than it must have", "see GET /openapi.json")
    if "state" not in told:
        refuse("state", "this key is missing", "begin with a state, or go on with a session")
    programs = told.get("programs")
    if programs is not None and not all(isinstance(p, str) for p in programs):
        refuse("programs", "this is not a list of programs", "name each as text")
    return Interview(told["state"], programs, month=told.get("month"), months=told.get("months", 1))


def _went_on(told: dict[str, Any]) -> Interview:
    _closed(told, ("session", *STEPS))
    if not isinstance(told["session"], str):
        refuse("session", "a session is handed over as text", "give the text that you were given, not what it says")
    steps = [step for step in STEPS if step in told]
    if len(steps) > 1:
        refuse(steps[1], "this is more than one step", f"give one of {', '.join(STEPS)}")
    talk = Interview.from_json(told["session"])
    if "answers" in told:
        talk.answer(told["answers"])
    elif "change" in told:
        talk.change(told["change"])
    elif "back" in told:
        if told["back"] is not True:
            refuse("back", "this can only be true", "leave it out to stay here")
        talk.back()
    return talk


def _closed(told: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if any(key not in known for key in told):
        refuse("", "there is a key here that is not known", f"known are {', '.join(known)}")


def judged(body: bytes, programs: list[str], month: str | None) -> dict[str, Any]:
    """A household's JSON → its determinations. Raises :class:`Refused` and :class:`InputError`."""
    parsed(body)  # else it might be YAML
    return screen(body, programs or None, month=month).to_dict()


def parsed(body: bytes) -> dict[str, Any]:
    """A body's JSON object. Raises :class:`Refused`."""
    try:
        told = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(400, Problem("", "the body is not JSON", "send a JSON object as UTF-8")) from None
    if not isinstance(told, dict):
        refuse("", "the body is not a JSON object", "see GET /openapi.json")
    return told


def _no_number(_: str) -> NoReturn:
    raise ValueError  # NaN and Infinity are no JSON


# ---------------------------------------------------------------- how it is spoken


async def body_of(request: Request) -> bytes:
    """The body, of which no more is read than may be. Raises :class:`Refused` with 413."""
    large = Refused(413, Problem("", f"the body is over {MAX_BODY:,} bytes", "send less"))
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > MAX_BODY:
        raise large
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MAX_BODY:
            raise large
    return bytes(found)


def answered(data: Any, status: int = 200) -> Response:
    """Plain data as JSON that no cache keeps; in ASCII, since a text may hold half a character."""
    return Response(
        json.dumps(data, separators=(",", ":"), allow_nan=False), status, {"cache-control": "no-store"}, "application/json"
    )


def guarded(handler: Handler) -> Handler:
    """The handler, with every error as an answer. Of a fault of ours only its kind and place are logged, never what it says."""

    async def careful(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refused:
            return _errors(refused.status, refused.problems)
        except (AnswerError, HouseholdError) as error:
            return _errors(422, error.problems)
        except RuleError as error:
            return _ours(error)
        except InputError as error:
            return _errors(422, [Problem("", line) for line in error.lines()])
        except ClientDisconnect:
            return Response(status_code=400)
        except HTTPException:
            raise
        except Exception as error:
            return _ours(error)

    return careful


def _errors(status: int, problems: tuple[Problem, ...] | list[Problem]) -> Response:
    found = answered({"errors": [{"path": p.path, "what": p.what, "mend": p.mend} for p in problems]}, status)
    if status == 413:
        found.headers["connection"] = "close"  # the rest of the body is not read
    return found


def _ours(error: Exception) -> Response:
    place = traceback.extract_tb(error.__traceback__)[-1]
    print(f"a fault of ours: {type(error).__name__} at {Path(place.filename).name}:{place.lineno}", file=sys.stderr, flush=True)
    return PlainTextResponse("a fault of ours", 500)


@guarded
async def interview_next(request: Request) -> Response:
    body = await body_of(request)
    return answered(await run_in_threadpool(lambda: next_step(parsed(body))))


@guarded
async def screening(request: Request) -> Response:
    body = await body_of(request)
    if set(request.query_params) - {"programs", "month"}:
        refuse("", "there is a parameter here that is not known", "known are programs, month")
    programs, month = request.query_params.getlist("programs"), request.query_params.get("month")
    return answered(await run_in_threadpool(judged, body, programs, month))


@guarded
async def described(_: Request) -> Response:
    return answered(await run_in_threadpool(openapi))


@guarded
async def schema_named(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in NAMES:
        raise HTTPException(404)
    return answered(await run_in_threadpool(schema, name))


ROUTES = [
    Route("/interview/next", interview_next, methods=["POST"]),
    Route("/screen", screening, methods=["POST"]),
    Route("/openapi.json", described, methods=["GET"]),
    Route("/schema/{name}", schema_named, methods=["GET"]),
]
app = Starlette(routes=ROUTES)
app.router.redirect_slashes = False  # another path is another path


def main() -> None:
    parser = argparse.ArgumentParser(description="Interviews and screenings over HTTP; nothing is stored.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    uvicorn.run(app, host=options.host, port=options.port, access_log=False, log_level="warning", server_header=False)


if __name__ == "__main__":
    main()
