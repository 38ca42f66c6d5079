"""posing: any question of a screen, put to somebody at a desk → its answer; ``None`` where it is left out.

Answers of one line are :mod:`benefits_rules.answering`'s; the longer ones, such as who lives here, are asked for piece by piece.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from benefits_rules import typed
from benefits_rules.answering import NOTHING, Answering, some
from benefits_rules.asking import Asked, Screen
from benefits_rules.desk import Desk
from benefits_rules.typed import Mistyped

_PARENTS = ("biological", "adoptive", "step", "foster", "guardian")
_EVERY = ("hour", "day", "week", "two_weeks", "half_month", "month", "quarter", "year", "once")
_TIES = (("parent_of", "elsewhere_parent"), ("child_of", "elsewhere_child"), ("spouse_of", "elsewhere_spouse"))


def pose(desk: Desk, shown: Screen, asked: Asked, before: Any, programs: Sequence[str], outsiders: Sequence[str]) -> Any:
    """The answer to one question; ``before`` is an earlier one, which an empty line keeps.

    ``programs`` are those that the interview is about, ``outsiders`` those who live elsewhere (a tax return may name them).
    """
    kept = None if _stale(shown, asked, before) else before
    return _Pieces(desk, shown, asked, kept, tuple(programs), tuple(outsiders)).answer()


def _stale(shown: Screen, asked: Asked, before: Any) -> bool:
    """Whether an earlier answer speaks of others than those who live here now: somebody came or went since."""
    how, here = asked.question.input, set(shown.people)
    if how == "groups" and isinstance(before, list):
        return {who for group in before for who in group} != here
    if how == "person" and isinstance(before, str):
        return before not in here
    if how in ("members", "parents") and isinstance(before, list):
        return not {p["id"] if isinstance(p, Mapping) else p for p in before} <= here
    return False


class _Pieces(Answering):
    """The questions whose answer has several pieces."""

    def people(self) -> Any:
        desk, rows = self.desk, list[dict[str, Any]]()

        def tagged(text: str) -> tuple[str, Any]:
            """A tag, and the age where it stands behind it."""
            name, _, rest = (part.strip() for part in text.partition(" "))
            return typed.tag(name, [r["id"] for r in rows]), (typed.word(rest) or typed.age(rest)) if rest else None

        whole, told = self.first(tagged, desk.word("tag"), empty=NOTHING)
        while told is not None and not whole:
            name, age = told
            if age is None:
                desk.tell("age_of", person=name)
                age = desk.known(typed.age, desk.word("hint_age"))
            rows.append({"id": name, "birth_date" if _is_day(age) else "age": age})
            told = desk.read(lambda text: tagged(text) if text else None, desk.word("tag"))
        return told if whole else self.wanting(rows)

    def wanting(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows with the programs that each one wants, where not everybody wants all."""
        desk, offered = self.desk, [(p, self.shown.label("program", p, self.desk.lang)) for p in self.programs]
        if len(rows) < 2:
            return rows
        desk.tell("all_want", programs=", ".join(label for _, label in offered))
        if desk.yes_no(desk.word("enter_yes"), enter=True):
            return rows
        if len(offered) > 1:
            desk.offer([label for _, label in offered])
        for row in rows:
            if len(offered) == 1:
                desk.tell("wants_one", person=row["id"])
                wanted = list(self.programs) if desk.yes_no() else []
            else:
                desk.tell("wants", person=row["id"])
                wanted = desk.read(self.wanted)
            if set(wanted) != set(self.programs):
                row["applying_for"] = list(dict.fromkeys(wanted))
        return rows

    def wanted(self, text: str) -> list[str]:
        return [self.programs[i] for i, _ in typed.marks(text, len(self.programs))] if text else list(self.programs)

    def parents(self) -> Any:
        others = self.others()
        found = self.one(lambda text: typed.people(text, others), self.numbered(others))
        if not found or found is self.before:
            return found
        offered = self.offered(_PARENTS, "parent.kind")
        parents: list[Any] = []
        for parent in found:
            self.desk.tell("parent_kind", parent=parent, person=self.asked.person)
            self.desk.offer([label for _, label in offered])
            kind = self.desk.read(lambda text: typed.choice(text or "1", offered), self.desk.word("hint_choice"))
            parents.append(parent if kind == offered[0][0] else {"id": parent, "kind": kind})
        return parents

    def groups(self) -> Any:
        desk, here = self.desk, self.shown.people
        desk.tell("eat_together")

        def all_of_us(text: str) -> bool:
            return text.casefold() in ("all", desk.word("all")) or typed.yes_no(text, desk.lang)

        whole, together = self.first(all_of_us, desk.word("hint_yes/no"), empty=NOTHING)
        if whole:
            return together
        return [list(here)] if together else typed.groups({who: self.group(who) for who in here})

    def group(self, who: str) -> str:
        self.desk.tell("group_of", person=who)
        return self.desk.read(_group)

    def outside(self) -> Any:
        desk, here, found = self.desk, self.shown.people, list[dict[str, Any]]()

        def tagged(text: str) -> str:
            return typed.tag(text, [*here, *(o["id"] for o in found)])

        whole, name = self.first(tagged, desk.word("elsewhere_tag"), empty=None)
        if whole:
            return name
        while name:
            row: dict[str, Any] = {"id": name}
            desk.tell("elsewhere_age", person=name)
            age = desk.known(lambda text: typed.whole(text, 0, 130) if text else "unknown")
            for key, question in _TIES:
                desk.tell(question, person=name)
                whom = desk.read(partial(_whom, here, key), self.numbered(here))
                if whom:
                    row[key] = whom
            found.append(row if age == "unknown" else {**row, "age": age})
            name = desk.read(lambda text: tagged(text) if text else "", desk.word("elsewhere_tag"))
        return found

    def help(self) -> Any:
        desk, options, here = self.desk, self.asked.question.options, self.shown.people
        offered = self.offered(options)
        desk.offer([label for _, label in offered])
        whole, told = self.first(lambda text: typed.marks(text, len(options)), desk.word("hint_numbers"), empty=[])
        if whole:
            return told
        found = []
        for i, _ in told:
            whom = list(here)
            if len(here) > 1:
                desk.say(f"{offered[i][1]}:")
                desk.tell("for_whom", text=self.numbered(here))
                whom = desk.read(lambda text: some(typed.people(text, here)) if text else list(here))
            found.append({"program": options[i], "people": whom})
        return found

    def rows(self) -> Any:
        return self.returns() if self.asked.question.leaf == "tax_returns" else self.costs()

    def costs(self) -> Any:
        desk, found = self.desk, list[dict[str, Any]]()
        offered = self.offered(_EVERY, "every")
        desk.tell("cost")
        whole, amount = self.first(typed.money, desk.word("hint_money"), desk.word("hint_rows"), empty=[])
        while amount is not None and not whole:
            desk.tell("how_often")
            desk.offer([label for _, label in offered])
            row = {"amount": amount, "every": desk.known(lambda text: typed.choice(text, offered), desk.word("hint_choice"))}
            if row["every"] == "once":
                desk.tell("paid_on")
                row["received_on"] = desk.known(typed.day, desk.word("hint_date"))
            found.append(row)
            desk.tell("cost")
            amount = desk.read(lambda text: typed.money(text) if text else None, desk.word("hint_money"), desk.word("hint_rows"))
        return amount if whole else found

    def returns(self) -> Any:
        desk, everybody, found = self.desk, (*self.shown.people, *self.outsiders), list[dict[str, Any]]()
        desk.tell("filers")
        whole, filers = self.first(lambda text: _filers(text, everybody), self.numbered(everybody), empty=[])
        while filers and not whole:
            desk.tell("claims")
            rest = tuple(p for p in everybody if p not in filers)
            claimed = desk.read(partial(_claimed, rest), self.numbered(rest))
            found.append({"filers": filers, "dependents": claimed})
            desk.tell("filers")
            filers = desk.read(lambda text: _filers(text, everybody) if text else [], self.numbered(everybody))
        return filers if whole else found


def _filers(text: str, everybody: Sequence[str]) -> list[str]:
    found = some(typed.people(text, everybody))
    if len(found) > 2:
        raise Mistyped("too_many")
    return found


def _claimed(rest: Sequence[str], text: str) -> list[str]:
    return typed.people(text, rest) if text else []


def _whom(here: Sequence[str], key: str, text: str) -> Any:
    if not text or text == "0":
        return None
    return typed.person(text, here) if key == "spouse_of" else typed.people(text, here)


def _group(text: str) -> str:
    if not text or len(text) > 20:
        raise Mistyped("bad_group")
    return text


def _is_day(age: Any) -> bool:
    told = age.get("min") if isinstance(age, Mapping) else age
    return isinstance(told, str) and told[:1].isdigit()
