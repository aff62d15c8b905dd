"""Word lists written as text, so that they read as lists of words."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The words of a text, split at spaces and lines."""
    return tuple(text.split())


def lines(text: str) -> tuple[str, ...]:
    """The non-empty lines of a text, stripped."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
