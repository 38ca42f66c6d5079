"""interview: one conversation that ends in a decision, and asks nothing that cannot change it.

    >>> from benefits_rules import Interview
    >>> talk = Interview("GA", ["snap"], month="2026-11")
    >>> talk.next().name
    'home'
    >>> talk.answer({"people": [{"id": "ana", "age": 34}], "applied_on": "2026-11-05"})
    >>> talk.next().name
    'living'
    >>> talk.answer({})  # a checklist: nothing on it is so
    >>> talk.next().name
    'person'

After each answer the bounds reading says which results are certain whatever else the family would tell, and which facts can
still change the others; only these are asked. A session is its log of answers and nothing else: what comes of it depends on the
last answer to each question, in whatever order they came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from benefits_rules.asking import Screen, faults, plain
from benefits_rules.certificate import Certificate, certify
from benefits_rules.errors import AnswerError, HouseholdError, Problem, RequestError, SessionError
from benefits_rules.finding import Known, next_screen
from benefits_rules.leaves import STATES
from benefits_rules.model import Household
from benefits_rules.outlook import Outlook, outlook
from benefits_rules.resolve import Rules
from benefits_rules.respond import answers_of
from benefits_rules.results import Results
from benefits_rules.screening import PROGRAMS, chosen_programs, load_rules, month_after, parse_month, screen
from benefits_rules.session import MAX_ENTRIES, SCHEMA, keep, kept, said
from benefits_rules.story import Story, people_of, tell
from benefits_rules.version import ENGINE


class Interview:
    """A conversation with one household about some programs in one state.

    ``month`` (YYYY-MM) is the first benefit month; where it is not given, it is that of the day of application, which is then
    asked. ``months`` are judged, one after the other. Raises :class:`RequestError` for a state, program or month unknown.
    """

    def __init__(
        self,
        state: str,
        programs: Sequence[str] | None = None,
        *,
        month: str | None = None,
        months: int = 1,
        rules: Rules | None = None,
    ) -> None:
        if state not in STATES:
            raise RequestError("there is no such state: write two capital letters, such as GA")
        if type(months) is not int or not 1 <= months <= 24:
            raise RequestError("an interview looks at 1 to 24 months")
        if month is not None:
            parse_month(month)
        self.rules = rules or load_rules()
        self.state, self.programs, self.month, self.months = state, chosen_programs(programs) or PROGRAMS, month, months
        #: The digest of the rules under which a kept session was made, where these are others.
        self.made_under: str | None = None
        self._carried: dict[str, Any] = {}
        self._log: list[dict[str, Any]] = []
        self._shown: tuple[Screen | None] | None
        self._household: Household | None
        self._outlooks: tuple[Outlook, ...] | None
        self._derive()

    def __repr__(self) -> str:
        return f"Interview({self.state!r}, {list(self.programs)!r}, {len(self._log)} entries)"

    # ------------------------------------------------------------ what is said

    def next(self) -> Screen | None:
        """The next screen; ``None`` once nothing that could be asked can change a result."""
        if self._shown is None:
            self._shown = (next_screen(self._known()),)
        return self._shown[0]

    def answer(self, values: Mapping[str, Any]) -> None:
        """Answer the screen that :meth:`next` shows. A checklist needs only what is not as usual.

        Raises :class:`AnswerError`, naming each question and the mend but no value; the session is then untouched.
        """
        shown = self.next()
        if shown is None:
            raise AnswerError([Problem("", "nothing is asked any more", "correct an answer with `change`")])
        self._add({"screen": shown.id, "answers": _whole(shown, _plain(values), self._story.people)})

    def change(self, values: Mapping[str, Any]) -> None:
        """Correct, add or take back (``None``) any answer, at any time; nothing else that was told is lost.

        ``change({"people": [...]})`` adds and removes people. Raises :class:`AnswerError` as :meth:`answer` does.
        """
        values, problems = _plain(values), []
        people = people_of({**self._answers, **values})
        for key, value in values.items():
            question = self.rules.script.question(key) if _shown(key) == key else None
            person = key.split(".")[1] if key.startswith("people.") else None
            if question is None or (person is not None and person not in people and key not in self._answers):
                problems.append(Problem(_shown(key), "there is no such question here", "use an id that a screen showed"))
            elif value is not None:
                problems += faults(key, question, value, people)
        if not problems:
            told = {**self._answers, **{key: value for key, value in values.items() if value is not None}}
            rows = {row.id for row in self._tell(told).rows}  # those too that the same answers name
            problems = [
                Problem(key, "there is no such row", "name it in its list first")
                for key in values
                if (row := self.rules.script.row(key)) and row not in rows and key not in self._answers
            ]
        if problems:
            raise AnswerError(problems)
        self._add({"change": values})

    def back(self) -> None:
        """Take back the last screen's answers; they are shown again as they were. Raises :class:`RequestError` at the start."""
        if not self._said.screens:
            raise RequestError("this is the first screen")
        self._log.append({"back": True})
        self._derive()

    # ------------------------------------------------------------ what comes of it

    @property
    def household(self) -> Household:
        """The household as told so far. Raises :class:`RequestError` before anybody is told of."""
        if self._household is None:
            if not people_of(self._answers) or self._first is None:
                raise RequestError("nobody has been told of yet")
            self._household = Household.model_validate(self._story.house)
        return self._household

    @property
    def outlooks(self) -> tuple[Outlook, ...]:
        """What is certain of each result whatever else will be told. Empty before anybody is told of."""
        if self._outlooks is None:
            self._outlooks = tuple(self._look())
        return self._outlooks

    def results(self) -> Results:
        """What is decided, bounds on the rest, and all determinations as things stand.

        Raises :class:`RequestError` before anybody is told of.
        """
        return Results(screen(self.household, self.programs, rules=self.rules), self.outlooks, self.rules)

    def certificate(self) -> Certificate:
        """What was proved irrelevant, what the law requires all the same, and what these rules do not know."""
        return certify(self.rules, self._story, self._answers, self.outlooks, self._wanted())

    # ------------------------------------------------------------ keeping it

    def to_json(self) -> str:
        """The session as canonical JSON, with the digest of its rules and a check sum of its own."""
        return keep(
            {
                "schema": SCHEMA,
                "rules": {"version": self.rules.version, "digest": self.rules.digest, "engine": ENGINE},
                "state": self.state,
                "programs": list(self.programs),
                **({} if self.month is None else {"month": self.month}),
                "months": self.months,
                **({"carried": self._carried} if self._carried else {}),
                "log": self._log,
            }
        )

    @classmethod
    def from_json(cls, text: str | bytes, *, rules: Rules | None = None) -> Interview:
        """A kept session. Under other rules than it was made with it is read all the same; ``made_under`` then says which.

        Raises :class:`SessionError` for what is no session, is cut short, or was changed by hand.
        """
        parts = kept(text)
        try:
            found = cls(parts["state"], parts["programs"], month=parts.get("month"), months=parts["months"], rules=rules)
            found._carried, found._log = parts.get("carried", {}), parts["log"]
            found._derive()
            found._check()
        except RequestError as error:
            raise SessionError(str(error)) from None
        except (HouseholdError, TypeError, KeyError, AttributeError):
            raise SessionError("the answers of this session do not fit together: begin anew") from None
        made = parts["rules"].get("digest")
        found.made_under = made if made != found.rules.digest else None
        return found

    @classmethod
    def renewal(
        cls,
        previous: Interview | Household,
        *,
        month: str,
        programs: Sequence[str] | None = None,
        months: int = 1,
        rules: Rules | None = None,
    ) -> Interview:
        """A new interview that starts from what was told before, and asks what has changed.

        Its first screen names the topics. Those that are ticked are asked again, with the last answers shown; so is what never
        lasts: who lives here, other help, rare circumstances. Raises :class:`RequestError` as the class does.
        """
        house = previous.household if isinstance(previous, Interview) else previous
        programs = programs or (previous.programs if isinstance(previous, Interview) else house.choices.apply_for)
        found = cls(house.state, programs, month=month, months=months, rules=rules)
        found._carried = answers_of(found.rules.script, house)
        found._derive()
        return found

    # ------------------------------------------------------------ inside: everything below is derived from the log

    def _add(self, entry: dict[str, Any]) -> None:
        """Append an entry if the household that comes of it is one; else leave the session as it was."""
        if len(self._log) >= MAX_ENTRIES:
            raise AnswerError([Problem("", "this session is too long", "begin a new one")])
        self._log.append(entry)
        try:
            self._derive()
            self._check()
        except HouseholdError as error:
            where = self._ids()
            problems = [Problem(_nearest(where, p.path), p.what, p.mend) for p in error.problems]
        except (TypeError, KeyError, AttributeError):  # an answer nested in a way that no question asks for
            problems = [Problem("", "an answer has another shape than its question asks for", "see the screen")]
        else:
            return
        self._log.pop()
        self._derive()
        raise AnswerError(problems) from None

    def _derive(self) -> None:
        self._said = said(self._log)
        self._answers = {**self._still_so(), **self._said.answers}
        applied = self._answers.get("applied_on")
        self._first = self.month or (applied[:7] if isinstance(applied, str) and applied[:1].isdigit() else None)
        self._story = self._tell(self._answers)
        self._shown = self._household = self._outlooks = None

    def _tell(self, answers: Mapping[str, Any]) -> Story:
        start = {"state": self.state, "month": self._first or "", "months": self.months}
        return tell(self.rules.script, answers, {**start, "choices": {"apply_for": list(self.programs)}})

    def _check(self) -> None:
        """Raises :class:`HouseholdError` if what is told so far is no household."""
        if "people" in self._answers:
            if self._first is None:
                raise HouseholdError(
                    [Problem("applied_on", "the day is missing", "the month that we look at is that of this day")]
                )
            _ = self.household

    def _still_so(self) -> dict[str, Any]:
        """Of what a renewal carries, what nobody has said to have changed."""
        changed = self._said.answers.get("changed")
        if not isinstance(changed, list):
            return {}
        return {key: v for key, v in self._carried.items() if (t := self._topic(key)) not in ("", "always") and t not in changed}

    def _topic(self, key: str) -> str:
        script = self.rules.script
        question = script.question(key)
        return next((s.renew for s in script.screens if question in s.ask), "")

    def _months(self) -> list[date]:
        return list(month_after(parse_month(self._first), self.months)) if self._first is not None else []

    def _look(self) -> Iterator[Outlook]:
        if people_of(self._answers):
            for program in self.programs:
                for month in self._months():
                    yield from outlook(self.rules, self.household, program, month, self.rules.script.opened)

    def _wanted(self) -> frozenset[tuple[str, str]]:
        """The facts that the programs read at all, in the months looked at."""
        found = frozenset[tuple[str, str]]()
        for program in self.programs:
            for month in self._months():
                if self.rules.available(program, self.state, month):
                    found |= self.rules.plan(program, self.state, month).wanted
        return found

    def _known(self) -> Known:
        script = self.rules.script
        waiting = {o.program for o in self.outlooks if not o.decided}
        decided = len(self.programs) - len(waiting) if self.outlooks else 0
        carried = {self._topic(key) for key in self._carried}
        return Known(
            self.rules,
            self._story,
            self._answers,
            {**self._carried, **self._said.before},
            self.outlooks,
            self._wanted(),
            tuple(t for t in script.renewal.topics if t in carried),
            self.month is None,
            (decided, len(self.programs)),
        )

    def _ids(self) -> dict[str, str]:
        """Household path → question id, of everything that may have been answered."""
        found = {key: key for key in self._answers}
        for row in self._story.rows:
            found[row.path] = row.id
            found |= {f"{row.path}.{q.leaf}": f"{row.id}.{q.leaf}" for q in self.rules.script.of(row.entity)}
        return found


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as JSON keeps them. Raises :class:`AnswerError` for what is no mapping of text to answers."""
    if not isinstance(values, Mapping) or not all(isinstance(key, str) for key in values):
        raise AnswerError([Problem("", "these are not answers", "give a mapping of question ids to values")])
    try:
        return {key: plain(value) for key, value in values.items()}
    except RecursionError:
        raise AnswerError([Problem("", "an answer is nested too deep", "see the screen")]) from None


def _whole(shown: Screen, values: Mapping[str, Any], here: tuple[str, ...]) -> dict[str, Any]:
    """Every question of a screen with its answer: left out is as usual on a checklist, and untold where it is optional."""
    asked = {a.id: a for a in shown.asked}
    problems = [
        Problem(_shown(key), "this was not asked", "answer what the screen shows; correct earlier answers with `change`")
        for key in values
        if key not in asked
    ]
    found: dict[str, Any] = {}
    for key, item in asked.items():
        value = values.get(key)
        if not item.applies(values):
            found[key] = None
        elif value is not None:
            problems += faults(key, item.question, value, here)
            found[key] = value
        elif shown.checklist:
            found[key] = item.question.usual
        elif item.question.optional:
            found[key] = None
        else:
            problems.append(Problem(key, "this is not answered", "answer it, or say unknown or declined"))
    if problems:
        raise AnswerError(problems)
    return found


def _shown(key: str) -> str:
    """An id that somebody handed over, as far as it may be shown: it could be anything."""
    return key if len(key) < 200 and all(c.isalnum() or c in "._-" for c in key) else "?"


def _nearest(where: Mapping[str, str], path: str) -> str:
    """The id of the question at a path, or of the closest one above it."""
    while path and path not in where:
        path = path.rpartition(".")[0]
    return where.get(path, "")
