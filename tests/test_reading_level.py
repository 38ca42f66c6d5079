"""Everything said to a family is for a reader of the sixth grade, in English and in Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from benefits_rules import Rules, explain
from benefits_rules.render.spoken import SPOKEN
from benefits_rules.render.words import WORDS
from reading_level import grade, measure, syllables

#: Too few words for a formula made for passages: of these, only what is far out is refused; of fewer still, nothing.
SHORT, FEW = 8, 4


def wordings(rules: Rules) -> Iterator[tuple[str, Any]]:
    """Every wording that a family may meet, and where it stands."""
    for (entity, name), fact in rules.catalogue.facts.items():
        yield f"{entity}.{name}", fact.ask
        if fact.note is not None:
            yield f"{entity}.{name} note", fact.note
    for (program, kind), words in rules.notices.words.items():
        yield f"{program} {kind}", words.title
        yield from ((f"{program} {kind} {s.code}", s.say) for s in words.sentences)
    yield from rules.words.items()
    yield from spoken_in_interviews(rules)
    for table in (explain.STATUS, explain.CAUTIONS, explain.OUTCOME):
        yield from table.items()
    for key, text in WORDS["en"].items():
        yield f"layout {key}", {"en": text, "es": WORDS["es"][key]}
    for key, text in SPOKEN["en"].items():
        yield f"spoken {key}", {"en": text, "es": SPOKEN["es"][key]}
    for page in rules.pages():
        module = rules.module(page)
        for d in module.definitions.values():
            yield from ((f"{page} {d.name} {outcome}", said) for outcome, said in d.say.items())
            for variant in d.variants:
                yield from ((f"{page} {d.name} {x.name}", x.say) for x in getattr(variant.content, "exceptions", ()) if x.say)
        yield from ((f"{page} awaiting", p.words) for p in (module.result.awaiting if module.result is not None else ()))


def spoken_in_interviews(rules: Rules) -> Iterator[tuple[str, Any]]:
    """What the interview's script says; the labels of options are names (what stands on the card), and are not measured."""
    script = rules.script
    for plan in script.screens:
        yield f"screen {plan.name}", plan.title
        yield f"screen {plan.name} why", plan.why
        if plan.counts is not None:
            yield f"screen {plan.name} counts", plan.counts
    for question in script.questions.values():
        yield f"question {question.name}", question.ask
        if question.note is not None:
            yield f"question {question.name} note", question.note
    yield from (("renewal", w) for w in (script.renewal.title, script.renewal.why, script.renewal.ask, *script.renewal.topics.values()))
    yield from (("safety", script.safety.say), ("spared", script.spared.say))
    yield from ((f"required {program} {d.name}", d.say) for program, duties in script.required.items() for d in duties)
    yield from ((f"outside {name}", w) for name, w in script.outside.items())


def said(rules: Rules, lang: str) -> Iterator[tuple[str, str]]:
    for where, words in wordings(rules):
        yield where, words[lang] if isinstance(words, dict) else getattr(words, lang)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_all_that_is_said_together_is_for_grade_six(rules: Rules, lang: str) -> None:
    """The wordings as one text: grade 6 or less by the formula of the language; so are its whole sentences without the fragments."""
    every = [measure(text, lang) for _, text in said(rules, lang)]
    whole = [m for m in every if m[1] >= SHORT]
    assert len(whole) > 100
    for found in (every, whole):
        assert grade(*(sum(m[i] for m in found) for i in range(3)), lang) <= 6


@pytest.mark.parametrize("lang", ["en", "es"])
def test_no_single_sentence_is_above_grade_nine(rules: Rules, lang: str) -> None:
    """Each sentence of eight words or more is of grade 9 or less; of the shorter ones none is above 12."""
    hard = []
    for where, text in said(rules, lang):
        for sentence in re.split(r"(?<=[.!?])\s", text):
            measured = measure(sentence, lang)
            if measured[1] >= FEW and grade(*measured, lang) > (9 if measured[1] >= SHORT else 12):
                hard.append(f"{where}: {sentence}")
    assert hard == []


def test_the_measure_tells_hard_from_easy() -> None:
    """Lawyers' sentences are far above grade 9 in both languages, a child's are below 3; syllables are counted right."""
    hard = {
        "en": "The State agency shall provide the household timely and adequate advance notification before the adverse action is taken.",
        "es": "La agencia estatal proporcionará a la unidad familiar una notificación anticipada, oportuna y adecuada antes de la acción adversa.",
    }
    easy = {"en": "The dog ran to the big red barn. It was hot.", "es": "El sol sale por la mañana. El perro va con el niño."}
    for lang in ("en", "es"):
        assert grade(*measure(hard[lang], lang), lang) > 11
        assert grade(*measure(easy[lang], lang), lang) < 4
    known = {
        "en": {"household": 2, "income": 2, "agency": 3, "eligible": 4, "people": 2, "of": 1},
        "es": {"hogar": 2, "ingreso": 3, "agencia": 3, "día": 2, "quiere": 2, "ciudadano": 4, "energía": 4, "y": 1},
    }
    for lang, words in known.items():
        assert {w: syllables(w, lang) for w in words} == words
    assert measure("Your income is $1,234.50 (7 CFR 273.9(a)).", "en")[1] == 5
