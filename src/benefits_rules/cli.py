"""The commands. Exit status 0 done, 2 bad input (one line an error on standard error), 1 a fault of ours.

benefits-rules screen FILE [--programs snap …] [--month YYYY-MM] [--format rich|text|md|html|json] [--lang en|es]
benefits-rules interview [--state GA] [--programs snap …] [--month YYYY-MM] [--lang en|es] [--resume FILE]
benefits-rules replay FILE [--rules RULES …]
benefits-rules schema [NAME | openapi]
benefits-rules rules check [PAGE …] | test [PAGE …] | show PROGRAM STATE MONTH | coverage | bundle OUT
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from datetime import date
from functools import partial
from io import StringIO, TextIOWrapper
from pathlib import Path

from benefits_rules import render
from benefits_rules.errors import InputError, RequestError, RuleError, RuleProblem
from benefits_rules.resolve import Rules, change_dates
from benefits_rules.screening import load_rules, screen
from benefits_rules.version import ENGINE

RULES_HELP = "a bundle, a whole folder of rules, or a folder of pages to lay over the library's"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = _parser()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # the same bytes whatever the locale
    try:
        options = parser.parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except InputError as error:
        for line in error.lines():
            print(line, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"the answer cannot be written: {error.strerror}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benefits-rules", description="What a household can get, how much, why, and under which law."
    )
    parser.add_argument("--version", action="version", version=ENGINE)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("screen", help="judge a household's file (YAML or JSON)")
    one.add_argument("file", help="the household's file, or - for standard input")
    one.add_argument("--programs", nargs="+", metavar="PROGRAM", help="which programs (default: those applied for)")
    one.add_argument("--month", metavar="YYYY-MM", help="another first month than the file's")
    one.add_argument("--format", choices=("rich", "text", "md", "html", "json"), default="rich")
    one.add_argument("--lang", choices=("en", "es"), default="en")
    one.add_argument("--rules", metavar="RULES", help=RULES_HELP)
    one.set_defaults(run=_screen)

    one = commands.add_parser("interview", help="ask a household what its results hang on, here in the terminal")
    one.add_argument("--state", metavar="ST", help="two letters, such as GA (default: asked)")
    one.add_argument("--programs", nargs="+", metavar="PROGRAM", help="which programs (default: all)")
    one.add_argument("--month", metavar="YYYY-MM", help="the first month (default: that of the application)")
    one.add_argument("--lang", choices=("en", "es"), default="en")
    one.add_argument("--resume", metavar="FILE", help="go on with an interview that was saved")
    one.add_argument("--rules", metavar="RULES", help=RULES_HELP)
    one.set_defaults(run=_interview)

    one = commands.add_parser("replay", help="screen a kept result's household again: 0 the same bytes, 2 what differs")
    one.add_argument("file", help="what `screen --format json` gave, or - for standard input")
    one.add_argument(
        "--rules", nargs="+", metavar="RULES", default=[], help="bundles, or folders of them, to look for its rules in"
    )
    one.set_defaults(run=_replay)

    one = commands.add_parser("schema", help="what goes in and comes out, as JSON Schema; without a name, the names there are")
    one.add_argument("name", nargs="?", metavar="NAME", help="a schema's name, or openapi for the document of the HTTP example")
    one.set_defaults(run=_schema)

    rules = commands.add_parser("rules", help="check, test, show, count and keep rule pages").add_subparsers(
        required=True, metavar="WHAT"
    )
    for name, run, text in (
        ("check", _check, "every page in every month in which something changes"),
        ("test", _test, "the examples beside the pages"),
    ):
        each = rules.add_parser(name, help=text)
        each.add_argument("pages", nargs="*", metavar="PAGE", help="such as snap/ga (default: all)")
        each.add_argument("--rules", metavar="RULES", help=RULES_HELP)
        each.set_defaults(run=run)
    each = rules.add_parser("show", help="a program as it stands in a state and month")
    each.add_argument("program")
    each.add_argument("state")
    each.add_argument("month", metavar="YYYY-MM")
    each.add_argument("--rules", metavar="RULES", help=RULES_HELP)
    each.set_defaults(run=_show)
    each = rules.add_parser("coverage", help="what each page covers, and how much of it is still to verify")
    each.add_argument("--format", choices=("rich", "text", "json"), default="rich")
    each.add_argument("--rules", metavar="RULES", help=RULES_HELP)
    each.set_defaults(run=_coverage)
    each = rules.add_parser("bundle", help="keep the rules as one file with its manifest, for `replay`")
    each.add_argument("out", metavar="OUT", help="the file to write, such as rules-2026.11.0.zip")
    each.add_argument("--rules", metavar="RULES", help=RULES_HELP)
    each.set_defaults(run=_bundle)
    return parser


def _screen(options: argparse.Namespace) -> int:
    rules = load_rules(options.rules)
    source = sys.stdin.buffer.read(4_000_001) if options.file == "-" else options.file
    if isinstance(source, str) and not os.path.isfile(source):
        raise RequestError("there is no such file; give the path of a household's YAML or JSON file")
    found = screen(source if isinstance(source, bytes) else Path(source), options.programs, month=options.month, rules=rules)
    if options.format == "json":
        print(found.to_json())
        return 0
    pages = [render.page(d, options.lang) for d in found]
    if options.format in render.LAYOUTS:
        print(render.LAYOUTS[options.format](pages), end="")
        return 0
    from rich.console import Console

    from benefits_rules.render.terminal import show

    show(pages, Console(highlight=False))
    return 0


def _interview(options: argparse.Namespace) -> int:
    from rich.console import Console

    from benefits_rules.desk import Desk
    from benefits_rules.opening import begin

    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    lines = sys.stdin or StringIO()  # a closed input is one that has ended
    desk = Desk(Console(highlight=False, emoji=False, markup=False), lines, options.lang)
    return begin(desk, load_rules(options.rules), options.state, options.programs, options.month, options.resume)


def _replay(options: argparse.Namespace) -> int:
    from benefits_rules.record import MAX_BYTES, replay

    found = replay(sys.stdin.buffer.read(MAX_BYTES + 1) if options.file == "-" else Path(options.file), rules=options.rules)
    for line in found.lines():
        print(line)
    return 0 if found.same else 2


def _schema(options: argparse.Namespace) -> int:
    import json

    from benefits_rules.schema import NAMES, openapi, schema

    if options.name is None:
        print("\n".join((*NAMES, "openapi")))
    else:
        print(json.dumps(openapi() if options.name == "openapi" else schema(options.name), ensure_ascii=False, indent=2))
    return 0


def _coverage(options: argparse.Namespace) -> int:
    from benefits_rules.canonical import canonical_json
    from benefits_rules.coverage import HEADINGS, as_text, coverage, coverage_dict, rows, sums

    counts = coverage(load_rules(options.rules))
    if options.format == "json":
        print(canonical_json(coverage_dict(counts)))
    elif options.format == "text":
        print(as_text(counts), end="")
    else:
        from rich.console import Console
        from rich.table import Table

        table = Table()
        for i, heading in enumerate(HEADINGS):
            table.add_column(heading, justify="left" if i in (0, 1, len(HEADINGS) - 1) else "right", no_wrap=i < 2)
        for row in rows(counts):
            table.add_row(*row)
        console = Console(highlight=False)
        console.print(table)
        for line in sums(counts):
            console.print(line)
    return 0


def _bundle(options: argparse.Namespace) -> int:
    from benefits_rules.rulefiles import bundle

    rules = load_rules(options.rules)
    try:
        Path(options.out).write_bytes(bundle(rules.files))
    except OSError as error:
        raise RequestError(f"the bundle cannot be written: {error.strerror}") from None
    print(f"{len(rules.files.files)} files, version {rules.version}, {rules.digest}")
    return 0


def _pages(rules: Rules, wanted: list[str]) -> list[str]:
    known = [p for p in rules.pages() if not p.startswith("common/")]
    for page in wanted:
        if page not in known:
            raise RequestError(f"there is no such page; known are {', '.join(known)}")
    return wanted or known


def check_page(rules: Rules, page: str) -> int:
    """Resolve a page in every month in which something changes; returns how many. Raises :class:`RuleError`."""
    program, _, word = page.partition("/")
    base = rules.module(f"{program}/us")
    if word == "us" and any(p.startswith(f"{program}/") and p != page for p in rules.pages()):
        return 0  # a base page is checked with each state that extends it
    state = None if word == "us" else word.upper()
    first = rules.module(page).since or base.since or date(2023, 10, 1)
    months = [first, *(d for d in change_dates(rules.definitions(program, state).values()) if d > first)]
    for month in months:
        rules.plan(program, state, month, whole=True)
    return len(months)


def _check(options: argparse.Namespace) -> int:
    return _page_by_page(_checked, options)


def _test(options: argparse.Namespace) -> int:
    return _page_by_page(_tested, options)


_Found = tuple[str, list[RuleProblem]]


def _page_by_page(act: Callable[[Rules, str], _Found], options: argparse.Namespace) -> int:
    """Do this with each page, on all processors where there are many; what is said keeps the pages' order."""
    rules, problems = load_rules(options.rules), list[RuleProblem]()
    pages = _pages(rules, options.pages)
    chunks = [pages[i : i + 5] for i in range(0, len(pages), 5)]
    with ProcessPoolExecutor() if len(chunks) > 1 else nullcontext() as pool:
        for found in (pool.map if pool else map)(partial(_each, act, rules), chunks):
            for said, faults in found:
                if said:
                    print(said, flush=True)
                problems += faults
    return _report(problems)


def _each(act: Callable[[Rules, str], _Found], rules: Rules, pages: list[str]) -> list[_Found]:
    return [act(rules, page) for page in pages]


def _checked(rules: Rules, page: str) -> _Found:
    try:
        months = check_page(rules, page)
    except RuleError as error:
        return "", list(error.problems)
    return (f"{page}: sound in {months} months" if months else f"{page}: a base page, checked with its states"), []


def _tested(rules: Rules, page: str) -> _Found:
    from benefits_rules.examples import test_page

    count, found = test_page(rules, page)
    return f"{page}: {count} examples, {len(found)} differ", list(found)


def _report(problems: list[RuleProblem]) -> int:
    for problem in dict.fromkeys(problems):
        print(problem, file=sys.stderr)
    return 2 if problems else 0


def _show(options: argparse.Namespace) -> int:
    from benefits_rules.screening import parse_month
    from benefits_rules.show import show_program

    rules = load_rules(options.rules)
    state = options.state.upper()
    known = options.program in rules.programs() and state in rules.states(options.program)
    if not known or not rules.available(options.program, state, parse_month(options.month)):
        raise RequestError("there is no page of that program for that state and month")
    for line in show_program(rules, options.program, options.state.upper(), parse_month(options.month)):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
