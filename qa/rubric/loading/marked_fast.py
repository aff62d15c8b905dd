"""YAML nodes from libyaml's parser, put together in Python.

PyYAML's `CSafeLoader` puts them together in C, by a recursion that ends the whole program where brackets are
nested deep enough. And it guesses what kind of value each node is, which nobody asks here.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.composer import Composer
from yaml.cyaml import CParser  # type: ignore[attr-defined]


class _Loader(Composer, CParser):
    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        return ""

    def descend_resolver(self, node: Any, index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


def compose(text: str) -> yaml.Node | None:
    """The document's node; its tag means nothing. Raises `yaml.YAMLError`, `RecursionError`."""
    loader = _Loader(text)
    node: yaml.Node | None = loader.get_single_node()
    return node
