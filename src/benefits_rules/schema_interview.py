"""schema_interview: the shapes of an interview, its screens, answers, session, results and certificate, as parts of a schema.

What may stand at a question is what the household's model has at its leaf; which questions there are, the script says.
"""

from __future__ import annotations

from typing import Any, get_args

from benefits_rules.factdef import ENTITIES
from benefits_rules.judge import Status
from benefits_rules.schema_forms import DECIMAL, DIGEST, FLAG, NULL, TEXT, WHOLE, Schema, closed, either, named, one_of, ref, rows
from benefits_rules.script import INPUTS, LISTS, Question, Script
from benefits_rules.session import MAX_ENTRIES, SCHEMA
from benefits_rules.values import MAX_PEOPLE

#: A person's id, and a row's in place of its number, as they stand in a question's id.
_ID, _ROW = "[A-Za-z0-9_-]{1,64}", r"[a-z_]{1,40}(-[1-9][0-9]?)?"


def interview_parts(script: Script, household: dict[str, Schema]) -> dict[str, Schema]:
    """Every part of an interview by its name. ``household`` are the household's parts."""
    answers = _Answers(script, household)
    asked = {"id": TEXT, "ask": ref("Words")}
    result = {
        "program": ref("Program"), "month": ref("Month"), "people": rows(ref("Id")), "status": one_of(get_args(Status)),
    }  # fmt: skip
    parts = {
        "PersonTold": answers.person(),
        "Answers": {
            "description": "Answers by the id of their question. null: not answered; in a correction: taken back.",
            **answers.all(),
        },
        "Carried": {"description": "What was told before, by the id of its question.", **answers.all(carried=True)},
        "Option": closed("", {"value": TEXT, "label": ref("Words")}),
        "Condition": closed("The question has a meaning only beside one of these answers; `above 0`: any amount.",
                            {"id": TEXT, "is": rows(either(FLAG, TEXT), minItems=1)}),
        "Question": closed("One question; `input` says what kind of answer it takes.", asked | {"input": one_of(INPUTS)}, {
            "person": ref("Id"), "row": ref("Words"), "note": ref("Words"), "options": rows(ref("Option"), minItems=1),
            "range": closed("", {"min": WHOLE, "max": WHOLE}), "when": ref("Condition"),
            "usual": either(FLAG, TEXT, NULL), "optional": {"const": True},
            "before": {"description": "The answer before: taken back, or of last time."},
        }),
        "Progress": closed("How many of the programs are decided.", {"decided": WHOLE, "programs": WHOLE}),
        "Screen": closed("One screen of an interview; on a checklist, what is not answered is as usual.", {
            "id": TEXT, "name": TEXT, "title": ref("Words"), "why": ref("Words"), "checklist": FLAG, "people": rows(ref("Id")),
            "progress": ref("Progress"), "questions": rows(ref("Question"), minItems=1),
        }, {"counts": ref("Words")}),
        "Entry": either(
            closed("A screen's answers.", {"screen": TEXT, "answers": ref("Answers")}),
            closed("Corrections.", {"change": ref("Answers")}),
            closed("The last screen's answers are taken back.", {"back": {"const": True}}),
        ),
        "Session": closed("An interview as it is kept: its answers in the order given. `check` is a sum over the exact text "
                          "of the rest, so keep that text as it is.", {
            "schema": {"const": SCHEMA}, "rules": ref("Rules"), "state": ref("State"),
            "programs": rows(ref("Program"), minItems=1),
            "months": ref("Horizon"), "check": DIGEST, "log": rows(ref("Entry"), maxItems=MAX_ENTRIES),
        }, {"month": ref("Month"), "carried": ref("Carried")}),
        "Between": closed("US dollars, both included.", {"min": DECIMAL, "max": DECIMAL}),
        "Open": closed("What a result waits for: a path, and its question.", {"path": TEXT, "ask": ref("Words")}),
        "Result": closed("A result as far as it is known: what holds whatever is still told.", result | {
            "decided": FLAG, "amount": either(ref("Between"), NULL),
            "open": rows(ref("Open")), "awaiting": rows(ref("Words")),
        }),
        "Results": closed("What an interview can say at a moment: each result, and all determinations as things stand.",
                          {"results": rows(ref("Result")), "screening": ref("Determinations")}),
        "Certificate": closed("Why the interview could stop where it did.", {
            "decided": rows(closed("A result that nothing untold can change.", result)),
            "undecided": rows(closed("A result that waits for these paths.", result | {"open": rows(TEXT)})),
            "proved_irrelevant": rows(closed("A question that no decided result needs.", asked)),
            "required_by_law": rows(closed("What the law requires whatever the answer.", {
                "program": ref("Program"), "name": TEXT, "say": ref("Words"), "citations": rows(TEXT),
            })),
            "outside_the_model": rows(closed("What these rules do not know.", {"name": TEXT, "say": ref("Words")})),
            "not_told": {"description": "Questions answered with unknown or declined.", **rows(TEXT)},
            "spared": closed("Papers of people who want no help: not asked for, though telling could change a result.", {
                "ids": rows(TEXT), "say": {"anyOf": [ref("Words"), {"type": "null"}]}, "citations": rows(TEXT),
            }),
        }),
    }  # fmt: skip
    return {name: {"title": name, **part} for name, part in parts.items()}


class _Answers:
    """What an answer to each question of the script may be."""

    def __init__(self, script: Script, household: dict[str, Schema]) -> None:
        self.script, self.parts = script, household

    def all(self, carried: bool = False) -> Schema:
        """A mapping of ids to answers. What is ``carried`` from last time may tell a list of help in part."""
        found = {"^changed$": either(rows(one_of(self.script.renewal.topics)), ref("Word"), NULL)}
        for question in self.script.questions.values():
            where, model = self.place(question)
            leaf = self.leaf(model, question.leaf)
            value = leaf if carried and question.input == "help" else self.value(question, model, leaf)
            found[f"^{where}{question.leaf.replace('.', '[.]')}$"] = either(value, NULL)
        return {"type": "object", "patternProperties": found, "additionalProperties": False}

    def person(self) -> Schema:
        """Somebody as the question of who lives here takes them."""
        known = self.parts["Person"]["properties"]
        told = {key: known[key] for key in ("age", "birth_date", "applying_for")}
        return closed("Who lives here: a tag, the age or the day of birth, and what to ask for where it is not everything.",
                      {"id": ref("Id")}, told)  # fmt: skip

    def place(self, question: Question) -> tuple[str, str]:
        """What stands before the leaf in a question's id, as a pattern, and the part that has the leaf."""
        if question.entity not in LISTS:
            return ("", "Household") if question.entity == "household" else (rf"people[.]{_ID}[.]", "Person")
        at = LISTS[question.entity]
        whose = "Person" if at in self.parts["Person"]["properties"] else "Household"
        before = rf"people[.]{_ID}[.]" if whose == "Person" else ""
        return rf"{before}{at}[.]{_ROW}[.]", self.row(whose, at)

    def row(self, whose: str, at: str) -> str:
        """The part that the rows of a list are."""
        listed: Schema = self.parts[whose]["properties"][at]["anyOf"][0]
        return named(listed["items"])

    def leaf(self, part: str, leaf: str) -> Schema:
        """What the model has at a leaf."""
        *keys, last = leaf.split(".")
        for key in keys:
            part = named(self.parts[part]["properties"][key])
        found: dict[str, Any] = self.parts[part]["properties"][last]
        return found

    def value(self, question: Question, model: str, leaf: Schema) -> Schema:
        """What a question takes: what the model has there, save where it is asked for otherwise than it is told."""
        match question.input:
            case "age":
                return either(leaf, self.leaf(model, "birth_date"))
            case "people":
                return rows(ref("PersonTold"), minItems=1, maxItems=MAX_PEOPLE)
            case "help":
                return either(leaf["anyOf"][0], ref("Word"))
            case "kinds":
                entity = next(e for e, at in LISTS.items() if at == question.leaf)
                kind = self.parts[self.row(model, question.leaf)]["properties"][ENTITIES[entity].type_]["anyOf"][0]
                listed = rows(either(kind, ref("Word")), maxItems=leaf["anyOf"][0]["maxItems"])
                partly = closed("These, and maybe more of those.", {"rows": listed, "unknown": rows(kind, minItems=1)})
                return either(listed, ref("Word"), partly)
            case _:
                return leaf
