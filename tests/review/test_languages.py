"""Japanese and English are complete: every message of every page, and none that is left over."""

from __future__ import annotations

import re

import pytest

from docs.catalogues import catalogues, extracted
from qa.review.languages import preferred

PLACE = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_message_is_there(language: str) -> None:
    known = {}
    for _, catalogue in catalogues(language):
        for message in catalogue:
            if message.id:
                known[message.id if isinstance(message.id, str) else tuple(message.id)] = message
    assert set(extracted()) == set(known), "run `make docs`, and translate what it names"
    for id, message in known.items():
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(said), f"{language}: not translated: {id!r}"
        assert not message.fuzzy
        wanted = set(PLACE.findall(id if isinstance(id, str) else id[-1]))
        for text in said:
            assert set(PLACE.findall(text)) <= wanted, id
            assert len(said) > 1 or set(PLACE.findall(text)) == wanted, id


def test_english_is_the_message_itself() -> None:
    for _, catalogue in catalogues("en"):
        for message in catalogue:
            if message.id:
                assert message.string == message.id


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("en-US,en;q=0.9,ja;q=0.8", "en"),
        ("de,fr;q=0.9,ja;q=0.1", "ja"),
        ("de", "en"),
        ("ja;q=nonsense,en;q=0.1", "en"),
        (",,;;", "en"),
    ],
)
def test_the_browser_chooses(header: str, language: str) -> None:
    assert preferred(header) == language
