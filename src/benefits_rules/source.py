"""read: bytes → guarded YAML nodes that know their place.

YAML is taken as events, never composed: anchors, aliases, merges, tags, several documents, duplicate
keys and keys that are not words are refused, and so are a file past the caps, before anything is built.
Every scalar stays text; what it means is for the reader of the node to say, so no ``NO``, ``010`` or
``1:30`` changes its meaning on the way in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from benefits_rules.errors import RuleError, RuleProblem

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000

try:  # libyaml where the wheel has it; its event parser is iterative and safe
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - pure-Python PyYAML
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Text:
    """One file's text: what error messages quote."""

    file: str
    text: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, file: str, text: str) -> Text:
        starts = [0]
        starts += [i + 1 for i, c in enumerate(text) if c == "\n"]
        return cls(file, text, tuple(starts))

    def problem(self, code: str, index: int, what: str, mend: str = "", width: int = 1) -> RuleProblem:
        """A fault at a character of this text, with its line quoted."""
        lo, hi = 0, len(self.starts)
        while hi - lo > 1:
            mid = (lo + hi) // 2
            lo, hi = (mid, hi) if self.starts[mid] <= index else (lo, mid)
        begin = self.starts[lo]
        end = self.text.find("\n", begin)
        line = self.text[begin : end if end >= 0 else len(self.text)]
        column = index - begin + 1
        if len(line) > 160:  # a hostile line is not printed whole
            line, width = (line[:157] + "...", 1) if column < 150 else ("", 1)
        return RuleProblem(code, self.file, lo + 1, column, what, mend, line, min(width, max(1, len(line) - column + 1)))


@dataclass(frozen=True, slots=True)
class Scalar:
    """A piece of text. ``style`` is None where it is written plain, else ``' " | >``."""

    text: str
    style: str | None
    source: Text = field(repr=False)
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    source: Text = field(repr=False)
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in the order written; each key is known by its text."""

    entries: dict[str, tuple[Scalar, Node]]
    source: Text = field(repr=False)
    start: int = 0
    end: int = 0


Node = Scalar | Sequence | Mapping


def fail(code: str, node: Node, what: str, mend: str = "") -> RuleError:
    """The error to raise for a node."""
    width = min(node.end - node.start, 60) if isinstance(node, Scalar) else 1
    return RuleError([node.source.problem(code, node.start, what, mend, width)])


def read_file(path: Path, name: str | None = None) -> Node:
    """One YAML file → its root node. Raises :class:`RuleError`."""
    label = name or path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RuleError([RuleProblem("too-large", label, 1, 1, f"the file is over {MAX_BYTES:,} bytes", "split it")])
        data = path.read_bytes()
    except OSError as error:
        raise RuleError(
            [RuleProblem("unreadable", label, 1, 1, error.strerror or "it cannot be read", "check the path")]
        ) from None
    return read_bytes(data, label)


def read_bytes(data: bytes, file: str) -> Node:
    """Bytes of YAML (or JSON, which is YAML) → the root node. Raises :class:`RuleError`."""
    if len(data) > MAX_BYTES:
        raise RuleError([RuleProblem("too-large", file, 1, 1, f"the text is over {MAX_BYTES:,} bytes", "split it")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleError(
            [RuleProblem("not-utf8", file, 1, 1, f"byte {error.start} is not UTF-8", "save the file as UTF-8")]
        ) from None
    source = Text.of(file, text)
    try:
        return _build(source, yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.index if error.problem_mark is not None else 0
        raise RuleError(
            [source.problem("yaml", at, error.problem or "this is not YAML", "check indentation, quotes and colons")]
        ) from None
    except yaml.YAMLError:  # a character that YAML does not allow
        raise RuleError(
            [source.problem("yaml", 0, "a character that YAML does not allow", "remove control characters")]
        ) from None


def _at(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark is not None else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark is not None else 0


def _build(source: Text, events: Iterator[yaml.Event]) -> Node:
    """The events of one document → its root; the caps hold before anything is kept."""
    stack: list[tuple[int, list[Node]]] = []  # (where it began, its parts), innermost last
    kinds: list[bool] = []  # True for a mapping
    roots: list[Node] = []

    def refuse(code: str, event: yaml.Event, what: str, mend: str) -> RuleError:
        return RuleError([source.problem(code, _at(event), what, mend)])

    def put(node: Node) -> None:
        (stack[-1][1] if stack else roots).append(node)

    for count, event in enumerate(events, 1):
        if count > MAX_NODES:
            raise refuse("too-many-nodes", event, f"the file has more than {MAX_NODES:,} parts", "split it")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise refuse("alias", event, "anchors and aliases (& and *) are not allowed", "write the text out, or quote it")
        if getattr(event, "tag", None):
            raise refuse("tag", event, "tags (!) are not allowed", "remove the tag, or quote the text")
        if isinstance(event, yaml.ScalarEvent):
            put(Scalar(event.value, event.style or None, source, _at(event), _end(event)))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if len(stack) >= MAX_DEPTH:
                raise refuse("too-deep", event, f"more than {MAX_DEPTH} levels are nested here", "flatten it")
            stack.append((_at(event), []))
            kinds.append(isinstance(event, yaml.MappingStartEvent))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            start, parts = stack.pop()
            end = _end(event)
            put(_mapping(source, start, end, parts) if kinds.pop() else Sequence(tuple(parts), source, start, end))
        elif isinstance(event, yaml.DocumentStartEvent) and roots:
            raise refuse("documents", event, "a second document (---) begins here", "keep one document a file")
    return roots[0] if roots else Scalar("", None, source)


def _mapping(source: Text, start: int, end: int, parts: list[Node]) -> Mapping:
    entries: dict[str, tuple[Scalar, Node]] = {}
    for key, value in zip(parts[::2], parts[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise fail("key", key, "a key must be a word", "write a plain word before the colon")
        if key.text == "<<":
            raise fail("merge", key, "merge keys (<<) are not allowed", "write the entries out")
        if key.text in entries:
            raise fail("duplicate-key", key, "this key stands twice in one mapping", "remove one of the two")
        entries[key.text] = (key, value)
    return Mapping(entries, source, start, end)
