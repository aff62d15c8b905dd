"""Which rubric scores a call, loaded once, and not at all where its revision is known."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Mapping

from qa import __version__
from qa.errors import QaError, RubricError, SettingsError
from qa.rubric import Rubric, load
from qa.rubric.loading.load import files_of
from qa.settings import Settings
from qa.store import Store


class Rubrics:
    """The rubrics that the settings name, by language.

    Loading one takes a second (its phrases are compiled), its files a millisecond to hash: with a
    store at hand, files that were loaded before tell their revision by that hash.
    """

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self._settings = settings
        self._store = store
        self._loaded: dict[str, Rubric] = {}
        self._identities: dict[str, str] = {}
        self._begun: set[str] = set()
        self._loading = threading.Lock()

    def begin(self, language: str) -> None:
        """Start loading the rubric for `language` beside other work, once.

        What is wrong with it is raised by `for_language`.
        """
        if language not in self._begun:
            self._begun.add(language)
            threading.Thread(target=self._load_ahead, args=(language,), daemon=True).start()

    def _load_ahead(self, language: str) -> None:
        with contextlib.suppress(QaError):
            self.for_language(language)

    def for_language(self, language: str) -> Rubric:
        """The rubric for calls in `language`. Raises `RubricError` or `SettingsError`."""
        source = self._source(language)
        with self._loading:
            if source not in self._loaded:
                self._loaded[source] = load(source)
            return self._loaded[source]

    def identity(self, language: str) -> str:
        """Its `name@revision`. Raises `RubricError` or `SettingsError`."""
        source = self._source(language)
        if source not in self._identities:
            self._identities[source] = self._identify(source, language)
        return self._identities[source]

    def check(self) -> None:
        """Look at all that this run may need, so that a misspelt rubric stops it before it starts."""
        given = self._settings.language
        for language in self._settings.languages if given == "auto" else (given,):
            self.identity(language)

    def _source(self, language: str) -> str:
        source = self._settings.rubric or self._settings.rubrics.get(language, "")
        if not source:
            raise SettingsError(f"rubrics: none for {language!r}; add {language} = '…' to [rubric] rubrics")
        return source

    def _identify(self, source: str, language: str) -> str:
        if self._store is None:
            return self.for_language(language).identity
        files = read_files(source)
        digest = hashlib.sha256(repr((__version__, sorted(files.items()))).encode()).hexdigest()
        known = self._store.rubric_of(digest)
        if known is None:
            known = self.for_language(language).identity
            self._store.remember_rubric(digest, known, files)
        return known


def read_files(source: str) -> Mapping[str, str]:
    """The text of every file of a rubric, lists that it borrows too, by its path in the folder."""
    try:
        return {name: path.read_text(encoding="utf-8") for name, path in files_of(source).items()}
    except (OSError, UnicodeDecodeError) as error:
        raise RubricError(f"{source}: cannot be read: {error}") from error
