"""Which rubric scores a call, loaded once."""

from __future__ import annotations

from qa.errors import SettingsError
from qa.rubric import Rubric, load
from qa.settings import Settings


class Rubrics:
    """The rubrics that the settings name, by language; each is read once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loaded: dict[str, Rubric] = {}

    def for_language(self, language: str) -> Rubric:
        """The rubric for calls in `language`. Raises `RubricError` or `SettingsError`."""
        source = self._settings.rubric or self._settings.rubrics.get(language, "")
        if not source:
            raise SettingsError(f"rubrics: none for {language!r}; add {language} = '…' to [rubric] rubrics")
        if source not in self._loaded:
            self._loaded[source] = load(source)
        return self._loaded[source]

    def check(self) -> None:
        """Load all that this run may need, so that a misspelt rubric stops it before it starts."""
        languages = (
            self._settings.languages if self._settings.language == "auto" else (self._settings.language,)
        )
        for language in languages:
            self.for_language(language)
