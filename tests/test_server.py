"""The HTTP example, as it runs: a process of its own, asked over a real socket."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from benefits_rules import Household, Interview, Rules, screen
from benefits_rules.respond import answers_of
from benefits_rules.schema import NAMES, openapi, schema
from benefits_rules.schema_openapi import MAX_BODY
from benefits_rules.script import opens
from households import told
from interviews import knowing
from test_schema import server

EXAMPLE = Path(__file__).parents[1] / "examples" / "interview_server.py"
#: Values that no other text has, to be looked for in what the server writes.
SECRET_ID, SECRET_AMOUNT, SECRET_DAY = "qzjxk", "4173.19", "1957-03-29"


@dataclass(frozen=True)
class Running:
    """The server, a client of it, its port, and the files into which it writes."""

    client: httpx.Client
    port: int
    output: tuple[Path, Path]

    def next(self, **body: Any) -> httpx.Response:
        return self.client.post("/interview/next", json=body)

    def written(self) -> str:
        return "".join(path.read_text() for path in self.output)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    output = folder / "stdout", folder / "stderr"
    with output[0].open("w") as out, output[1].open("w") as err:
        process = subprocess.Popen([sys.executable, str(EXAMPLE), "--port", str(port)], stdout=out, stderr=err)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
                _wait(client, process)
                yield Running(client, port, output)
        finally:
            process.terminate()
            process.wait(20)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            client.get("/schema/screen")
        except httpx.TransportError:
            assert process.poll() is None, "the server has ended"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")


def said_to(shown: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What a family says to a screen that came as JSON: what it knows; a checklist only where it is not as usual."""
    said: dict[str, Any] = {}
    for question in shown["questions"]:
        when = question.get("when")
        if when is not None and opens(said.get(when["id"]), frozenset(when["is"])) is False:
            continue
        value = known.get(question["id"])
        if value is None and not shown["checklist"] and not question.get("optional"):
            said[question["id"]] = "unknown"
        elif value is not None and not (shown["checklist"] and value == question["usual"]):
            said[question["id"]] = value
    return said


def as_described(name: str, data: Any) -> bool:
    """Whether data is what a component of the OpenAPI document says."""
    document = openapi()
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]}).is_valid(data)


# ---------------------------------------------------------------- what it does


@pytest.mark.parametrize("seed", [2, 7])
def test_a_whole_interview_over_http_is_that_in_process(seed: int, running: Running, rules: Rules) -> None:
    """Step by step the same session, screens, results and certificate, and each request and answer as the document says."""
    programs = ["snap", "tanf"]
    house = knowing(rules, Household.model_validate(told(seed, ("GA",), ("2026-11",))), programs)
    known = answers_of(rules.script, house)
    talk = Interview("GA", programs, month="2026-11", rules=rules)
    request: dict[str, Any] = {"state": "GA", "programs": programs, "month": "2026-11"}
    for steps in range(100):
        assert as_described("NextRequest", request)
        given = running.next(**request)
        assert given.status_code == 200, given.text
        found, shown = given.json(), talk.next()
        assert as_described("Next", found)
        assert found["session"] == talk.to_json()
        assert found["screen"] == (json.loads(json.dumps(shown.to_dict())) if shown is not None else None)
        if steps:
            assert found["results"] == json.loads(json.dumps(talk.results().to_dict()["results"]))
        if shown is None:
            break
        assert "certificate" not in found
        answers = said_to(found["screen"], known)
        talk.answer(answers)
        request = {"session": found["session"], "answers": answers}
    assert steps > 3
    assert [r["decided"] for r in found["results"]] == [o.decided for o in talk.outlooks]
    assert found["certificate"] == json.loads(json.dumps(talk.certificate().to_dict()))


def test_steps_back_and_corrections(running: Running) -> None:
    """`change` corrects, `back` shows the last screen again with its answers, and a session alone changes nothing."""
    start = running.next(state="GA", programs=["snap"]).json()
    told = {"people": [{"id": "ana", "age": 34}], "applied_on": "2026-11-05"}
    assert start["results"] == []
    first = running.next(session=start["session"], answers=told).json()
    assert running.next(session=first["session"]).json() == first
    changed = running.next(session=first["session"], change={"people": [{"id": "ana", "age": 34}, {"id": "ben", "age": 3}]}).json()
    assert changed["screen"]["people"] == ["ana", "ben"]
    back = running.next(session=first["session"], back=True).json()
    assert back["screen"]["name"] == "home"
    assert {q["id"]: q.get("before") for q in back["screen"]["questions"]}["people"] == told["people"]


def test_a_household_is_judged(running: Running, rules: Rules) -> None:
    """`/screen` gives what `screen` gives, for the programs and the month of its query."""
    house = told(3, ("GA",), ("2026-03",))
    text = json.dumps(house, default=str)
    given = running.client.post("/screen", content=text, params={"programs": ["snap", "tanf"], "month": "2026-11"})
    assert given.status_code == 200, given.text
    assert given.json() == json.loads(screen(text.encode(), ["snap", "tanf"], month="2026-11", rules=rules).to_json())
    assert as_described("Determinations", given.json())
    assert given.headers["cache-control"] == "no-store"


def test_it_describes_itself(running: Running) -> None:
    """The OpenAPI document and every schema, as the library has them."""
    assert running.client.get("/openapi.json").json() == openapi()
    for name in NAMES:
        assert running.client.get(f"/schema/{name}").json() == schema(name)


# ---------------------------------------------------------------- what it refuses


def refused(given: httpx.Response, status: int) -> list[dict[str, str]]:
    """The errors of an answer, which has this status and the shape that the document says."""
    assert given.status_code == status, given.text
    assert as_described("Errors", given.json())
    errors: list[dict[str, str]] = given.json()["errors"]
    return errors


def test_a_session_changed_by_hand_is_refused(running: Running) -> None:
    """One digit, one space, or the session's data in place of its text: 422."""
    session = running.next(state="GA", programs=["snap"], month="2026-11").json()["session"]
    for changed in (session.replace("2026-11", "2026-12", 1), session[:-1], session.replace('"GA"', '"CA"'), "", "{}", json.dumps(session)):
        [error] = refused(running.next(session=changed), 422)
        assert "session" in error["what"]
    [error] = refused(running.next(session=json.loads(session)), 422)
    assert error["path"] == "session"


def test_bad_answers_are_named_by_question(running: Running) -> None:
    """Every question at fault is named with its mend, and the session given before still stands."""
    session = running.next(state="GA", programs=["snap"], month="2026-11").json()["session"]
    errors = refused(running.next(session=session, answers={"people": [{"id": "ana", "age": 340}], "hair": "red"}), 422)
    assert "hair" in {e["path"] for e in errors}
    assert all(e["what"] and e["mend"] for e in errors)
    assert "340" not in json.dumps(errors)
    assert running.next(session=session).status_code == 200


@pytest.mark.parametrize("path", ["/interview/next", "/screen"])
@pytest.mark.parametrize("body", [b"", b"{", b"state: GA", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"])
def test_what_is_no_json_is_400(path: str, body: bytes, running: Running) -> None:
    """Nothing, half of it, YAML, what is no number, no UTF-8, or nested without end: 400."""
    refused(running.client.post(path, content=body), 400)


@pytest.mark.parametrize(
    "body",
    [
        [], "GA", {}, {"state": 1}, {"state": "ZZ"}, {"state": ["GA"]}, {"state": "GA", "programs": "snap"}, {"state": "GA", "programs": [["snap"]]},
        {"state": "GA", "programs": ["lottery"]}, {"state": "GA", "months": 99}, {"state": "GA", "months": True}, {"state": "GA", "month": "soon"},
        {"state": "GA", "colour": 1}, {"session": None}, {"session": "x", "answers": {}, "back": True}, {"session": "x", "state": "GA"},
    ],
)  # fmt: skip
def test_what_is_no_request_is_422(body: Any, running: Running) -> None:
    """JSON that asks for nothing there is: 422, and the document's schema refuses it too, unless only the session's text is none."""
    refused(running.client.post("/interview/next", json=body), 422)
    assert not as_described("NextRequest", body)


def test_steps_that_cannot_be_taken_are_422(running: Running) -> None:
    """No way back from the first screen, answers that are no mapping, and what is nested ever deeper."""
    session = running.next(state="GA", programs=["snap"], month="2026-11").json()["session"]
    deep = "[" * 700 + "]" * 700
    for step in ('"back": true', '"back": false', '"answers": []', '"answers": 3', '"change": null', f'"answers": {{"people": {deep}}}'):
        body = f'{{"session": {json.dumps(session)}, {step}}}'
        refused(running.client.post("/interview/next", content=body), 422)
    refused(running.client.post("/screen?month=soon", json=told(3, ("GA",), ("2026-03",))), 422)
    refused(running.client.post("/screen?programs=lottery", content=json.dumps(told(3, ("GA",), ("2026-03",)), default=str)), 422)
    refused(running.client.post("/screen?program=snap", content=b"{}"), 422)
    refused(running.client.post("/screen", content=b"{}"), 422)


def test_what_is_not_there_is_404_or_405(running: Running) -> None:
    """Another path, another name, another method: plain text."""
    for path in ("/", "/screen/", "/schema/scren", "/schema/", "/interview", "/docs", "/schema/../screen"):
        given = running.client.get(path)
        assert given.status_code == (405 if path == "/schema/../screen" else 404)  # which the client makes /screen of
        assert given.headers["content-type"].startswith("text/plain")
    assert running.client.get("/interview/next").status_code == 405
    assert running.client.post("/openapi.json", content=b"{}").status_code == 405


def spoken(port: int, *parts: bytes) -> bytes:
    """What the server says to these bytes, while more of the body is still to come."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        for part in parts:
            line.sendall(part)
        return line.recv(65_536)


def test_a_large_body_is_refused_before_it_is_read(running: Running) -> None:
    """With its length told nothing of the body is waited for; in chunks, nothing beyond the most that may be."""
    head = b"POST /screen HTTP/1.1\r\nhost: localhost\r\n"
    assert spoken(running.port, head + b"content-length: %d\r\n\r\n" % (MAX_BODY + 1)).startswith(b"HTTP/1.1 413")
    assert spoken(running.port, head + b"content-length: 1000000000000\r\n\r\n{").startswith(b"HTTP/1.1 413")
    piece = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
    whole, rest = divmod(MAX_BODY, 0x8000)
    last = b"%x\r\n" % (rest + 1) + b" " * (rest + 1) + b"\r\n"
    assert spoken(running.port, head + b"transfer-encoding: chunked\r\n\r\n", *[piece] * whole, last).startswith(b"HTTP/1.1 413")
    assert refused(running.client.post("/interview/next", content=b"{" * (MAX_BODY + 1)), 413)
    assert running.client.get("/schema/screen").status_code == 200


def test_a_client_that_leaves_harms_nobody(running: Running) -> None:
    """A body that is cut off leaves the server as it was."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as line:
        line.sendall(b"POST /screen HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{")
    assert running.client.get("/schema/screen").status_code == 200


# ---------------------------------------------------------------- what it keeps to itself


def test_no_errors_show_a_value_and_nothing_is_written(running: Running) -> None:
    """Good or bad, what a household tells stands in no error, and the server has written nothing at all, whatever came before."""
    person = {"id": SECRET_ID, "birth_date": SECRET_DAY, "income": [{"source": "wages", "amount": SECRET_AMOUNT, "every": "month"}]}
    house: dict[str, Any] = {"state": "GA", "month": "2026-11", "people": [person]}
    assert running.client.post("/screen", json=house).status_code == 200
    session = running.next(state="GA", programs=["snap"], month="2026-11").json()["session"]
    bad = [
        running.client.post("/screen", json={**house, "county": SECRET_AMOUNT}),
        running.client.post("/screen", json={**house, SECRET_AMOUNT: SECRET_DAY}),
        running.client.post("/screen", json={**house, "applied_on": {"min": SECRET_AMOUNT, "max": SECRET_DAY}}),
        running.client.post("/screen", json=house, params={"month": SECRET_AMOUNT}),
        running.next(session=session, answers={"people": [{"id": "a", "age": SECRET_AMOUNT}], SECRET_DAY + " ": 1}),
        running.next(session=session, change={f"people.{SECRET_AMOUNT} {SECRET_DAY}.age": SECRET_AMOUNT}),
        running.next(session=session.replace("GA", SECRET_DAY)),
        running.next(state=SECRET_DAY),
        running.next(state="GA", programs=[SECRET_AMOUNT]),
        running.client.post("/interview/next", content=f'{{"session": {SECRET_AMOUNT}'),
    ]
    for given in bad:
        assert given.status_code in (400, 422)
        assert SECRET_AMOUNT not in given.text
        assert SECRET_DAY not in given.text
    assert running.written() == ""


def test_of_a_fault_of_ours_only_kind_and_place_are_written(capfd: pytest.CaptureFixture[str]) -> None:
    """An exception that quotes a value becomes 500 and one line without it."""
    from starlette.requests import Request

    async def failing(_: Request) -> Any:
        raise KeyError(SECRET_AMOUNT)

    answer = asyncio.run(server().guarded(failing)(Request({"type": "http"})))
    written = capfd.readouterr()
    assert answer.status_code == 500
    assert SECRET_AMOUNT not in bytes(answer.body).decode() + written.out + written.err
    assert "KeyError at test_server.py" in written.err
