"""evaluate, the ground: the rows of one household and how they hang together.

A frame holds how many rows each entity has, which row each belongs to, and which rows belong to each. The
assistance unit is not told but derived: :func:`connected` joins people into groups once the plan's pair
value is known, and the frame then hangs people, expenses and assets below the groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

from benefits_rules.facts import CERTAIN, MAYBE, Facts
from benefits_rules.values import Maybe, Unsure, Why

UNPAID_BY = -1  # an expense without a payer, an asset without an owner: told of the household


class Unsettled(Exception):
    """Who belongs together, or whose row this is, cannot be told; ``why`` are the paths waited for."""

    def __init__(self, why: Why) -> None:
        super().__init__("the unit is not settled")
        self.why = why


def connected(size: int, edges: Iterable[tuple[int, int]]) -> list[int]:
    """The connected group of each of ``size`` people, groups numbered by their first member."""
    parent = list(range(size))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in edges:
        ra, rb = root(a), root(b)
        parent[max(ra, rb)] = min(ra, rb)
    roots = [root(i) for i in range(size)]
    number = {r: n for n, r in enumerate(sorted(set(roots)))}
    return [number[r] for r in roots]


class _Doubtful(list[int]):
    """Rows of which one may not be there."""

    def __iter__(self) -> NoReturn:
        raise Unsure


class Frame:
    """Sizes, parents and children of one household's rows."""

    __slots__ = ("_below", "facts", "parents", "size", "up", "wary")

    def __init__(self, facts: Facts, parents: dict[str, str], wary: bool = False) -> None:
        self.facts, self.parents, self.wary = facts, parents, wary
        self.size = {entity: len(rows.presence) for entity, rows in facts.rows.items()}
        self.size["household"] = 1
        self.up: dict[str, Sequence[int]] = {entity: rows.owner for entity, rows in facts.rows.items() if entity != "household"}
        self._below: dict[tuple[str, str], list[list[int]]] = {}

    def column(self, entity: str, fact: str) -> list[object]:
        return self.facts.rows[entity].columns[fact]  # type: ignore[return-value]

    def group(self, groups: list[int]) -> None:
        """Hang people below their unit, and household rows below the unit of who pays or owns."""
        count = max(groups, default=-1) + 1
        self.size["unit"] = count
        self.up["unit"] = [0] * count
        self.up["person"] = groups
        only = 0 if count == 1 else UNPAID_BY
        for entity in ("expense", "asset"):
            self.up[entity] = [groups[i] if i >= 0 else only for i in self.facts.rows[entity].link]

    def below(self, over: str, scope: str) -> list[list[int]]:
        """For each row of ``scope``, the rows of ``over`` that belong to it; a shared row stands in each.

        To a wary reader (the exact one) a list with a row that may be absent refuses to be gone through.
        """
        if self.wary:
            doubtful = {i for i in range(self.size[over]) if over in self.facts.rows and self.presence(over, i)[0] != CERTAIN}
            if doubtful:
                self.wary = False
                rows = [_Doubtful() if doubtful.intersection(below) else below for below in self.below(over, scope)]
                self.wary = True
                return rows
        found = self._below.get((over, scope))
        if found is None:
            found = [[] for _ in range(self.size[scope])]
            for i in range(self.size[over]):
                at, entity = i, over
                while entity != scope and at >= 0:
                    at, entity = self.up[entity][at], self.parents[entity]
                for row in (found[at],) if at >= 0 else found:
                    row.append(i)
            self._below[over, scope] = found
        return found

    def housemates(self, entity: str, i: int) -> list[int]:
        """The people of the unit that a row belongs to; everybody where that is not known."""
        at = self.up[entity][i]
        return self.below("person", self.parents[entity])[at] if at >= 0 else list(range(self.size["person"]))

    def sure_housemates(self, entity: str, i: int) -> list[int]:
        """For a wary reader: those of a row that is told, in a unit that is known. Raises :class:`Unsure`."""
        if self.presence(entity, i)[0] != CERTAIN:
            raise Unsure
        return self.housemates(entity, i)

    def above(self, entity: str) -> Sequence[object]:
        """For a wary reader: the row that each row belongs to; where that is not known, something that refuses to be used."""
        return [at if at >= 0 else Maybe(self.presence(entity, i)[1]) for i, at in enumerate(self.up[entity])]

    def presence(self, over: str, i: int) -> tuple[int, Why]:
        """Whether a row is certainly there, for whoever gathers it."""
        rows = self.facts.rows[over]
        if rows.presence[i] == CERTAIN and self.up[over][i] == UNPAID_BY:
            return MAYBE, frozenset({f"{over}s.{i}.{'owner' if over == 'asset' else 'payer'}"})
        return rows.presence[i], rows.why[i]
