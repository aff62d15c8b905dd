"""Words that people write."""

from __future__ import annotations

from fastapi import HTTPException

LONGEST = 2000
"""Characters of a reason, a comment, a disagreement."""


def said(words: str) -> str:
    """What was said. Raises 422 for nothing."""
    if not words.strip():
        raise HTTPException(422, "words")
    return words.strip()
