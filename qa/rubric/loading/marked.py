"""YAML read strictly: plain data, and where in the file each part of it stands.

PyYAML's safe loader drops positions, lets a repeated key win silently and turns `no`, `on` or `2024-01-01`
into something else than text. Here a node is composed with its marks, repeated keys are errors, and only
`true`, `false`, `null` and decimal numbers are more than text (the YAML 1.2 core schema).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from qa.errors import RubricError

Path_ = tuple[str | int, ...]
"""Keys and indices from the document's root to a part of it."""

_INTEGER = re.compile(r"[-+]?\d+")
_FLOAT = re.compile(r"[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?")
MOST_PARTS = 100_000
"""Of a file. The largest rubric that ships has 5,000."""
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Marked:
    """A YAML document as plain data, with the place of every key and value."""

    file: str
    data: Any
    values: dict[Path_, Mark] = field(default_factory=dict)
    keys: dict[Path_, Mark] = field(default_factory=dict)

    def mark(self, path: Sequence[str | int], *, key: bool = False) -> Mark:
        """The place of `path` (its key if asked for), or of its nearest parent that is in the file."""
        parts = tuple(path)
        if key and parts in self.keys:
            return self.keys[parts]
        while parts and parts not in self.values:
            parts = parts[:-1]
        return self.values.get(parts, Mark(self.file, 1, 1))


def nearest(word: str, valid: Iterable[str]) -> str:
    """`; did you mean X?` for the valid word closest to `word`, or nothing."""
    close = difflib.get_close_matches(str(word), list(valid), n=1, cutoff=0.55)
    return f"; did you mean {close[0]!r}?" if close else ""


def read(path: Path, shown: str | None = None) -> Marked:
    """The document in the file at `path`. Raises `RubricError` naming file, line and column."""
    name = shown or str(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise RubricError(f"{name}: no such file") from None
    except OSError as error:
        raise RubricError(f"{name}: {error}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        raise RubricError(f"{_at(name, before)}: not UTF-8: save the file as UTF-8") from error
    return parse(text, name)


def parse(text: str, name: str) -> Marked:
    """The document in `text`; `name` stands for it in error messages."""
    try:
        node = _compose(text)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        where = f"{name}:{at.line + 1}:{at.column + 1}" if at else name
        raise RubricError(f"{where}: not YAML: {error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        place = _at(name, text[: error.position])
        raise RubricError(f"{place}: not YAML: the character {chr(error.character)!r}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise RubricError(f"{name}:1:1: not YAML: {error}") from error
    if node is None:
        raise RubricError(f"{name}:1:1: the file is empty")
    document = Marked(name, None)
    data = _plain(node, (), document, ())
    return Marked(name, data, document.values, document.keys)


def _compose(text: str) -> yaml.Node | None:
    """The document's node, by libyaml's parser if PyYAML was built with it: ten times as fast."""
    if yaml.__with_libyaml__:
        from qa.rubric.loading.marked_fast import compose

        try:
            return compose(text)
        except yaml.YAMLError:
            pass  # PyYAML's own parser tells better where and why
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _at(name: str, before: str) -> str:
    """`name:line:column` of what comes after `before`."""
    return f"{name}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def _plain(node: yaml.Node, path: Path_, document: Marked, around: tuple[int, ...]) -> Any:
    """The node as data; `around`: the nodes that hold it, by id, so that an alias cannot hold itself."""
    mark = _mark(node, document.file)
    if id(node) in around:
        raise RubricError(f"{mark}: the alias stands inside what it stands for")
    if len(document.values) >= MOST_PARTS:
        raise RubricError(f"{mark}: more than {MOST_PARTS} parts: aliases within aliases?")
    document.values[path] = mark
    around = (*around, id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document, around)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, i), document, around) for i, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _mapping(
    node: yaml.MappingNode, path: Path_, document: Marked, around: tuple[int, ...]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        mark = _mark(key_node, document.file)
        if not isinstance(key_node, yaml.ScalarNode):
            raise RubricError(f"{mark}: a key is a word")
        key = key_node.value
        if key in found:
            raise RubricError(
                f"{mark}: {key!r} is there twice; the first is at {document.keys[(*path, key)]}"
            )
        document.keys[(*path, key)] = mark
        found[key] = _plain(value_node, (*path, key), document, around)
    return found


def _scalar(node: yaml.ScalarNode) -> Any:
    """A quoted scalar is text; a plain one is true, false, null, a number, or text."""
    text = node.value
    if node.style:  # libyaml says "" for a plain one, PyYAML None
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _mark(node: yaml.Node, file: str) -> Mark:
    return Mark(file, node.start_mark.line + 1, node.start_mark.column + 1)
