"""The front door: ``load_rules`` and ``screen``, and what ``screen`` gives back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from benefits_rules import render
from benefits_rules.canonical import canonical_json
from benefits_rules.determine import Determination, determine
from benefits_rules.errors import RequestError
from benefits_rules.model import Household, read_household
from benefits_rules.render import Page
from benefits_rules.resolve import Rules
from benefits_rules.rulefiles import CATALOGUE, gather, lay_over, rules_folder
from benefits_rules.version import ENGINE

SCHEMA = "benefits-rules/determinations/1"
PROGRAMS = ("snap", "tanf", "medicaid", "chip", "child_care")


@lru_cache(maxsize=1)
def _own_rules() -> Rules:
    return Rules(rules_folder())


def load_rules(path: str | Path | None = None) -> Rules:
    """The rules that come with the library, an agency's own pages over them, or others altogether.

    ``path`` is a bundle (``benefits-rules rules bundle`` makes one), a whole folder of rules (it has a
    ``common/facts.yaml``), or a folder of some pages only, such as ``snap/ga.yaml``: these replace the library's pages of
    the same name, and all others stay. The digest covers every file that is then in force.

    Raises :class:`RequestError` if there is nothing of the kind, :class:`RuleError` if a file is not the one that a
    manifest lists, stands in no program's folder, or the catalogue is faulty.
    """
    if path is None:
        return _own_rules()
    place = Path(path)
    found = gather(place)
    if CATALOGUE in found:
        return Rules(found)
    if not place.is_dir() or not found.files:
        raise RequestError(f"there are no rules here: neither {CATALOGUE} (rules that stand alone) nor pages to lay over ours")
    return Rules(lay_over(_own_rules().files, found, place.resolve().name))


@dataclass(frozen=True, slots=True)
class Screening:
    """The determinations of a household, in the order of programs and months. ``result["snap"]`` is a sequence."""

    household: Household = field(repr=False)
    determinations: tuple[Determination, ...]
    programs: tuple[str, ...]
    months: tuple[date, ...]
    version: str
    digest: str

    def __getitem__(self, program: str) -> tuple[Determination, ...]:
        return tuple(d for d in self.determinations if d.program == program)

    def __iter__(self) -> Iterator[Determination]:
        return iter(self.determinations)

    def to_dict(self) -> dict[str, Any]:
        """The contract's shape as plain data; money as decimal strings."""
        return {
            "schema": SCHEMA,
            "mode": "estimate",
            "rules": {"version": self.version, "digest": self.digest, "engine": ENGINE},
            "request": {"programs": list(self.programs), "months": [f"{m:%Y-%m}" for m in self.months]},
            "household": self.household.to_dict(),
            "determinations": [d.to_dict() for d in self.determinations],
            "choices": [],
        }

    def to_json(self) -> str:
        """Canonical JSON: the same household and rules always give the same bytes."""
        return canonical_json(self.to_dict())

    def to_text(self, lang: str = "en") -> str:
        """Plain text in ``en`` or ``es``; :class:`RequestError` for any other language, here and below."""
        return render.as_text(self._pages(lang))

    def to_markdown(self, lang: str = "en") -> str:
        """Markdown (CommonMark with tables)."""
        return render.as_markdown(self._pages(lang))

    def to_html(self, lang: str = "en") -> str:
        """A whole page of the web in one file, without script."""
        return render.document(self._pages(lang))

    def _repr_html_(self) -> str:
        return render.fragment(self._pages("en"))

    def _pages(self, lang: str) -> list[Page]:
        return [render.page(d, lang) for d in self.determinations]


def screen(
    household: Household | Mapping[str, Any] | str | Path | bytes,
    programs: Sequence[str] | None = None,
    *,
    month: str | None = None,
    rules: Rules | None = None,
) -> Screening:
    """What a household can get, program by program, on the facts as told.

    ``household`` is a :class:`Household`, plain data, a path, or YAML or JSON text. ``programs`` are those to
    judge (default: those applied for). ``month`` (YYYY-MM) stands for the household's own first month.

    Raises :class:`HouseholdError` for a household that cannot be used, :class:`RequestError` for a program
    or month that does not exist, :class:`RuleError` for faulty rule files.
    """
    told = read_household(household)
    rules = rules or _own_rules()
    wanted = chosen_programs(programs) if programs is not None else told.choices.apply_for or PROGRAMS
    first = parse_month(month) if month is not None else told.first_month
    months = tuple(month_after(first, told.months))
    found = [d for program in wanted for m in months for d in determine(rules, told, program, m)]
    return Screening(told, tuple(replace(d, rules=rules) for d in found), wanted, months, rules.version, rules.digest)


def parse_month(text: str) -> date:
    """``YYYY-MM`` → the first day of that month. Raises :class:`RequestError`."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise RequestError("a month is written YYYY-MM, such as 2026-03") from None
    if not 1990 <= found.year <= 2100:
        raise RequestError("a month lies between 1990 and 2100")
    return found


def chosen_programs(programs: Sequence[str] | None) -> tuple[str, ...]:
    """The programs named, each once; none where nobody chose. Raises :class:`RequestError` for one that does not exist."""
    wanted = tuple(dict.fromkeys(programs or ()))
    for program in wanted:
        if program not in PROGRAMS:
            close = get_close_matches(str(program), PROGRAMS, 1)
            raise RequestError(
                "there is no such program" + (f": did you mean `{close[0]}`?" if close else f"; known are {', '.join(PROGRAMS)}")
            )
    return wanted


def month_after(first: date, count: int) -> Iterator[date]:
    """The first days of so many months, one after the other."""
    for n in range(count):
        year, month = divmod(first.month - 1 + n, 12)
        yield date(first.year + year, month + 1, 1)
