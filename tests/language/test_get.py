"""Choosing a language."""

import pytest

from qa import language
from qa.errors import SettingsError


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_known(code):
    assert language.get(code).code == code
    assert language.get(code) is language.get(code)


def test_unknown_is_named():
    with pytest.raises(SettingsError, match=r"'fr'.*ja, en"):
        language.get("fr")
