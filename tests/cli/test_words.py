"""Every outcome, event, state and role has its word in both languages."""

import pytest

from qa.cli import words
from qa.model import Message, Outcome, Role
from qa.report.transcripts import ROLES
from qa.store import RunState, State

EVERY = {
    **{f"label {name}": message for name, message in words.LABELS.items()},
    **{f"state {name}": message for name, message in words.STATES.items()},
}


def test_nothing_is_left_without_a_word() -> None:
    assert set(words.OUTCOMES) == set(Outcome)
    assert set(ROLES) == set(Role)
    assert set(words.STATES) == {*State, *RunState}


@pytest.mark.parametrize("name", EVERY)
def test_both_languages(name: str) -> None:
    message: Message = EVERY[name]
    assert message.ja
    assert message.en
    assert not message.ja.isascii(), "Japanese"
    assert message.en.isascii() or "×" in message.en, "English"
