"""schema_determinations: the shape of what :func:`~benefits_rules.screening.screen` gives, as parts of a schema."""

from __future__ import annotations

from typing import get_args

from benefits_rules.explain import CAUTIONS, OUTCOMES
from benefits_rules.judge import Status
from benefits_rules.schema_forms import DECIMAL, DIGEST, FLAG, NULL, TEXT, WHOLE, Schema, closed, either, one_of, ref, rows
from benefits_rules.screening import SCHEMA
from benefits_rules.wordings import KINDS


def determination_parts() -> dict[str, Schema]:
    """Every part of the determinations by its name; the household and its leaves stand elsewhere."""
    laws, people = {"citations": rows(ref("Citation"))}, {"people": rows(ref("Id"))}
    said = {"code": TEXT, "text": ref("Words")} | laws
    maybe_amount = either(ref("Amount"), NULL)
    parts = {
        "Words": closed("What people read, in English and in Spanish.", {"en": TEXT, "es": TEXT}),
        "Citation": closed("The law that a figure or a reason stands under; `url` may be empty.", {"law": TEXT, "url": TEXT}),
        "Rules": closed("The rules that were applied, by their version and digest, and the engine's version.",
                        {"version": TEXT, "digest": DIGEST, "engine": TEXT}),
        "Standing": {"description": "How a result stands.", **one_of(get_args(Status))},
        "Amount": closed("An amount every so often; money as a decimal in text.", {"value": DECIMAL, "unit": TEXT}),
        "AmountBounds": closed("The amount lies between these, both included.", {"min": DECIMAL, "max": DECIMAL, "unit": TEXT}),
        "Value": {
            "description": "A figure (money and rates as text), yes or no, a word; bounds where it is not certain, or null.",
            **either(FLAG, WHOLE, TEXT, NULL, closed("", {"min": either(WHOLE, TEXT), "max": either(WHOLE, TEXT)})),
        },
        "Test": closed("A test of the program.", {
            "name": TEXT, "outcome": one_of((*OUTCOMES, "unknown")), "value": ref("Value"), "limit": ref("Value"),
        }),
        "Said": closed("Words with the law they stand under; `people` where they are about these alone.", said, people),
        "Supplement": closed("What the state pays of its own money, beside the amount.",
                             said | {"amount": maybe_amount, "funding": one_of(["state"])}, people),
        "Step": closed("A step of the computation.", {"name": TEXT, "value": ref("Value"), "text": ref("Words")} | laws),
        "Assumption": closed("A usual value that stood in for a fact not told.", {"fact": TEXT, "value": ref("Value")} | people),
        "Caution": closed("Why a figure may not be the last word.", {"code": one_of(CAUTIONS), "text": ref("Words")}),
        "NoticeItem": closed("", {"text": ref("Words")} | laws),
        "NoticeSentence": closed("A sentence, and what is named under it.", said | {"items": rows(ref("NoticeItem"))}),
        "Notice": closed("What an adequate notice must say; `open` is what only the agency knows.", {
            "kind": one_of(KINDS), "title": ref("Words"), "sentences": rows(ref("NoticeSentence")), "open": rows(TEXT),
        }),
        "Determination": closed("One program's answer for one unit in one month.", {
            "program": ref("Program"), "month": ref("Month"), "scenario": TEXT, "people": rows(ref("Id")),
            "status": ref("Standing"), "amount": maybe_amount, "amount_first_month": maybe_amount,
            "amount_bounds": either(ref("AmountBounds"), NULL), "category": either(TEXT, NULL), "coverage": either(TEXT, NULL),
            "funding": either(TEXT, NULL), "supplements": rows(ref("Supplement")), "tests": rows(ref("Test")),
            "values": {"type": "object", "additionalProperties": either(ref("Value"), rows(ref("Id")))},
            "reasons": rows(ref("Said")), "steps": rows(ref("Step")), "needs": rows(TEXT), "awaiting": rows(TEXT),
            "assumptions": rows(ref("Assumption")), "cautions": rows(ref("Caution")), "notes": rows(ref("Said")),
            "notices": rows(ref("Notice")), "changes": rows(ref("Said")),
        }),
        "Request": closed("The programs and months asked for.", {"programs": rows(ref("Program")), "months": rows(ref("Month"))}),
        "Determinations": closed("A household's determinations, with all that it takes to make them again.", {
            "schema": {"const": SCHEMA}, "mode": one_of(["estimate"]), "rules": ref("Rules"), "request": ref("Request"),
            "household": ref("Household"), "determinations": rows(ref("Determination")), "choices": {"type": "array"},
        }),
    }  # fmt: skip
    return {name: {"title": name, **part} for name, part in parts.items()}
