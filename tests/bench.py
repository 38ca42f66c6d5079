"""make bench: how fast, and how that compares with policyengine-us, as ratios in one run.

The oracle runs in an environment of its own: ORACLE_PYTHON, or .venv-oracle (`make oracle`). It and the households
come from ../shared; without either the ratios are left out, and that is said.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benefits_rules import Household, columns, exact, load_rules, screen
from benefits_rules.facts import project
from benefits_rules.model import read_household
from households import told

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "oracle"
ORACLE = Path(os.environ.get("ORACLE_PYTHON", ROOT / ".venv-oracle" / "bin" / "python"))
FAMILY = ROOT / "examples" / "georgia_family.yaml"
STATES = ("AK", "CA", "GA", "NY", "TX")


def median(act: Callable[[], object], runs: int = 200) -> float:
    """The median of so many runs, in seconds, after one that is not counted."""
    act()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def cold_start() -> float:
    """From nothing to the first determination, as a process."""
    command = [sys.executable, "-c", f"from benefits_rules import screen; screen({str(FAMILY)!r}, programs=['snap']).to_json()"]
    return median(lambda: subprocess.run(command, check=True), 7)


def oracle(households: list[dict[str, object]], *options: str) -> tuple[float, float]:
    """policyengine-us on these households: (seconds to import, households a second once imported)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "households.jsonl"
        path.write_text("".join(json.dumps(h) + "\n" for h in households))
        command = [str(ORACLE), str(SHARED / "evaluate.py"), str(path), "-o", str(Path(folder) / "results.jsonl"), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"import ([\d.]+)s, evaluate [\d.]+s \(([\d.]+) households/s\)", done.stderr)
    assert found, done.stderr
    return float(found[1]), float(found[2])


def main() -> None:
    rules = load_rules()
    plan = rules.plan("snap", "GA", date(2026, 3, 1))
    family = Household.read(FAMILY)
    raw = family.to_dict()
    facts = project(family, plan.month, rules.catalogue, wanted=plan.wanted)
    count = int(os.environ.get("BENCH_HOUSEHOLDS", "20000"))
    plans, rows = [], []
    for seed in range(count):
        house = read_household(told(seed, STATES, ("2026-03",)))
        its_plan = rules.plan("snap", house.state, house.first_month)
        its_facts = project(house, house.first_month, rules.catalogue, wanted=its_plan.wanted)
        frame, _ = exact.evaluate(its_plan, its_facts)
        if min(*frame.up["expense"], *frame.up["asset"], 0, 0) >= 0:  # every row's unit is told, as columns need it
            plans.append(its_plan)
            rows.append(its_facts)
    count = len(rows)
    groups: dict[str, list[int]] = {}
    for i, p in enumerate(plans):
        groups.setdefault(columns.shape(p).text, []).append(i)
    tables = [([plans[i] for i in g], columns.stack([rows[i] for i in g], plans[g[0]].facts)) for g in groups.values()]

    trace = median(lambda: exact.evaluate(plan, facts))
    whole = median(lambda: screen(raw, programs=["snap"]).to_dict())
    compute = median(lambda: [columns.read(p, t) for p, t in tables], 5)
    start = cold_start()

    out = Table(title="benefits_rules, SNAP", title_justify="left")
    for heading in ("what", "measured", "policyengine-us", "ratio"):
        out.add_column(heading, justify="left" if heading == "what" else "right")
    theirs: tuple[float, float, float] | None = None
    if ORACLE.is_file() and SHARED.is_dir():
        sample = [json.loads(line) for line in (SHARED / "households.jsonl").read_text().splitlines()]
        here = [h for h in sample if h["state"] in STATES]
        imported, one = oracle(here[:12], "--one-at-a-time")
        _, many = oracle(here * 5)
        theirs = imported, one, many
    one_s = f"{1 / theirs[1]:.2f} s" if theirs else "not here"
    out.add_row(
        "one household, evaluated with full trace",
        f"{trace * 1e3:.3f} ms",
        one_s,
        f"{1 / theirs[1] / trace:,.0f}" if theirs else "",
    )
    out.add_row(
        "one household, from raw data to explained result",
        f"{whole * 1e3:.2f} ms",
        one_s,
        f"{1 / theirs[1] / whole:,.0f}" if theirs else "",
    )
    batch = count / compute
    out.add_row(
        f"households a second through columns ({count:,}, five states)", f"{batch:,.0f}", f"{theirs[2]:,.0f}" if theirs else "not here",
        f"{batch / theirs[2]:,.0f}" if theirs else "",
    )  # fmt: skip
    out.add_row(
        "cold start to the first determination",
        f"{start:.2f} s",
        f"{theirs[0]:.1f} s to import" if theirs else "not here",
        f"{theirs[0] / start:,.0f}" if theirs else "",
    )
    console = Console()
    console.print(out)
    if theirs is None:
        console.print("The oracle is not here: `make oracle` makes its environment, and ../shared/oracle has its households.")


if __name__ == "__main__":
    main()
