"""gather: a folder, a bundle, pages over the library's own → one frozen set of rule files, each byte accounted for.

    a folder     every ``*.yaml`` below it; where a ``manifest.json`` stands beside them, just the files that it lists
    a bundle     a zip that :func:`bundle` wrote: stored, sorted, without times, its manifest first
    over         a folder without ``common/facts.yaml``: its files replace the library's of the same name, the others stay

Everything is read once, so that the digest is of the very bytes that are judged by. Nothing is ever unpacked: a bundle is
read in memory, capped, its names checked, and must be to the byte what :func:`bundle` makes of its files. So a bit that
flipped, a file added or taken away is refused, wherever it is.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from benefits_rules import canonical
from benefits_rules.canonical import MANIFEST, MANIFEST_SCHEMA
from benefits_rules.errors import RequestError, RuleError, RuleProblem
from benefits_rules.leaves import STATES
from benefits_rules.source import MAX_BYTES
from benefits_rules.version import RULES

#: The most bytes that a set of rule files may have, and the most files; five times what fifty states need.
MAX_TOTAL = 24_000_000
MAX_FILES = 5_000
ANEW = "make it with `benefits-rules rules bundle`"
CATALOGUE, WORDS, NOTICES = "common/facts.yaml", "common/words.yaml", "common/notices.yaml"
INTERVIEW, OPTIONS = "common/interview.yaml", "common/options.yaml"
#: Files that are no pages: the catalogue and the wordings.
NOT_PAGES = frozenset({CATALOGUE, WORDS, NOTICES, INTERVIEW, OPTIONS})

_NAME = re.compile(r"([a-zA-Z0-9_-]+/){0,4}[a-zA-Z0-9_-]+(\.examples)?\.yaml")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}")
_SIGNATURE = b"PK\x01\x02"  # begins each entry of a zip's directory


@dataclass(frozen=True)
class RuleFiles:
    """Rule files by path below their folder, with the version that they go by. Its repr names none of them."""

    files: Mapping[str, bytes] = field(repr=False)
    version: str
    #: What an error calls a file that stands elsewhere than in ``rules``.
    labels: Mapping[str, str] = field(repr=False, default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every file's path and bytes."""
        return canonical.digest(self.files)

    def label(self, path: str) -> str:
        """What an error calls a file."""
        return self.labels.get(path, f"rules/{path}")

    def __contains__(self, path: str) -> bool:
        return path in self.files

    def pages(self) -> list[str]:
        """Every page, such as ``snap/ga``; examples, the catalogue and the wordings left out."""
        return sorted(p[:-5] for p in self.files if not p.endswith(".examples.yaml") and p not in NOT_PAGES)


def rules_folder() -> Path:
    """The rules that come with the library: inside the package as installed, at the top of a checkout."""
    inside = Path(__file__).parent / "rules"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "rules"


def gather(path: Path) -> RuleFiles:
    """A whole folder of rules, or a bundle. Raises :class:`RequestError`, or :class:`RuleError` naming each faulty file."""
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise RequestError("there is no such folder or bundle of rules")
    return _bundle(_read(path, path.name, MAX_TOTAL), path.name)


def lay_over(below: RuleFiles, above: RuleFiles, name: str) -> RuleFiles:
    """The files of ``above`` over those of ``below``; ``name`` is what errors call the folder above.

    Raises :class:`RuleError` for what is no page of a known program and state.
    """
    labels = {path: f"{name}/{path}" for path in above.files}
    programs = {p.partition("/")[0] for p in (*below.files, *above.files) if p.endswith("/us.yaml")} | {"common"}
    problems = [p for path in sorted(above.files) for p in _misplaced(path, labels[path], programs)]
    if problems:
        raise RuleError(problems)
    files = {**below.files, **above.files}
    _check_size(files)
    return RuleFiles(files, f"{below.version}+local", {**below.labels, **labels})


def bundle(rules: RuleFiles) -> bytes:
    """The files as one zip, the same bytes for the same files: stored, so that no compressor has a say in them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in (MANIFEST, *sorted(rules.files)):
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # as on Unix, wherever it is written
            archive.writestr(entry, canonical.manifest(rules.files, rules.version) if path == MANIFEST else rules.files[path])
    return out.getvalue()


# ---------------------------------------------------------------- folders


def _folder(folder: Path) -> RuleFiles:
    files: dict[str, bytes] = {}
    total = 0
    for path in folder.rglob("*.yaml"):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            files[name] = _read(path, f"rules/{name}", MAX_BYTES)
            total += len(files[name])
            if total > MAX_TOTAL or len(files) > MAX_FILES:
                _check_size(files)
    said = folder / MANIFEST
    if not said.is_file():
        return RuleFiles(files, RULES if folder.resolve() == rules_folder().resolve() else f"{RULES}+local")
    others = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {MANIFEST, *files}
    return _accounted(files, _read(said, MANIFEST, MAX_BYTES), others)


def _read(path: Path, label: str, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise _fault("unreadable", label, error.strerror or "it cannot be read", "check the path") from None
    if len(data) > most:
        raise _fault("too-large", label, f"the file is over {most:,} bytes", "split it")
    return data


def _check_size(files: Mapping[str, bytes]) -> None:
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_TOTAL:
        raise RequestError(f"these are more than {MAX_FILES:,} rule files, or over {MAX_TOTAL:,} bytes of them")


def _fault(code: str, label: str, what: str, mend: str) -> RuleError:
    return RuleError([RuleProblem(code, label, 1, 1, what, mend)])


def _misplaced(path: str, label: str, programs: set[str]) -> Iterator[RuleProblem]:
    """What is wrong with a path that a folder lays over the library's."""
    program, _, rest = path.partition("/")
    word = rest.removesuffix(".yaml").removesuffix(".examples")
    if program not in programs or not rest:
        close = get_close_matches(program, programs, 1) if rest else []
        known = f"a page stands in a folder of its program: {', '.join(sorted(programs))}"
        mend = f"did you mean `{close[0]}`?" if close else known
        yield RuleProblem("no-program", label, 1, 1, "this is a page of no program", mend)
    elif program != "common" and word != "us" and (word.upper() not in STATES or word != word.lower()):
        mend = f"name it {word.lower()}.yaml" if word.upper() in STATES else "name it as the state in two small letters: ga.yaml"
        yield RuleProblem("no-state", label, 1, 1, "this is a page of no state", mend)


# ---------------------------------------------------------------- bundles


def _bundle(data: bytes, name: str) -> RuleFiles:
    """A bundle's bytes → its files, each as its manifest says."""
    if data.count(_SIGNATURE) > MAX_FILES:  # before anything is made of them
        raise _fault("bundle", name, f"there are more than {MAX_FILES:,} files in it", ANEW)
    try:
        files = dict(_entries(data, name))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, LookupError, ArithmeticError):
        raise _fault("bundle", name, "this is not a bundle, or not a whole one", "fetch or make it anew") from None
    if MANIFEST not in files:
        raise _fault("bundle", name, "there is no manifest in it", ANEW)
    said = files.pop(MANIFEST)
    found = _accounted(files, said, set())
    if bundle(found) != data:  # a time, a right, a remark: what no file holds
        raise _fault("bundle", name, "something beside its files was changed", ANEW)
    return found


def _entries(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """The entries as they stand. Stored ones only: what is read cannot be more than what was handed over."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        seen: set[str] = set()
        total = 0
        for entry in archive.infolist():
            total += entry.file_size
            if entry.filename in seen or not (entry.filename == MANIFEST or _NAME.fullmatch(entry.filename)):
                raise _fault("bundle", name, "an entry has a name that no rule file has, or stands twice", ANEW)
            if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits or total > len(data):
                raise _fault("bundle", f"{name}/{entry.filename}", "this entry is not stored as it is", ANEW)
            seen.add(entry.filename)
            try:
                yield entry.filename, archive.read(entry)
            except zipfile.BadZipFile:
                raise _changed(entry.filename) from None


# ---------------------------------------------------------------- manifests


def _changed(path: str) -> RuleError:
    return _fault("changed", f"rules/{path}", "the file is not the one that the manifest lists", "fetch the rules anew")


def _accounted(files: dict[str, bytes], said: bytes, others: set[str]) -> RuleFiles:
    """The files, if they are all that the manifest lists, and just as it lists them. Raises :class:`RuleError`."""
    version, listed = _manifest(said)
    problems = [
        RuleProblem(
            "added", f"rules/{_shown(path)}", 1, 1, "the manifest does not list this file", "take it out, or remove the manifest"
        )
        for path in sorted({*files, *others} - set(listed))
    ]
    problems += [
        RuleProblem("missing", f"rules/{path}", 1, 1, "the manifest lists this file, and it is not there", "fetch the rules anew")
        for path in sorted(set(listed) - set(files))
    ]
    now = _listing(canonical.manifest(files, version))
    problems += [p for path in sorted(files) if path in listed and listed[path] != now[path] for p in _changed(path).problems]
    if not problems and canonical.manifest(files, version) != said:
        problems += _changed(MANIFEST).problems
    if problems:
        raise RuleError(problems[:100])
    _check_size(files)
    return RuleFiles(files, version)


def _manifest(said: bytes) -> tuple[str, dict[str, object]]:
    """A manifest → its version, and what it lists by path."""
    what = "this is not a manifest of rules"
    try:
        data = json.loads(said)
        if data["schema"] == MANIFEST_SCHEMA and _VERSION.fullmatch(data["version"]):
            listed = _listing(said)
            if all(_NAME.fullmatch(path) for path in listed):
                return data["version"], listed
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise _fault("manifest", f"rules/{MANIFEST}", what, "fetch the rules anew, or remove the manifest")


def _listing(said: bytes) -> dict[str, object]:
    return {each["path"]: each for each in json.loads(said)["files"]}


def _shown(path: str) -> str:
    """A file's path as an error shows it."""
    return path if len(path) <= 200 and path.isprintable() else "?"
