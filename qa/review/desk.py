"""What the desk runs on: settings, open databases, sound, and the rubrics that scored the calls."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Mapping

from qa.errors import RubricError, StoreError
from qa.model import Review, Score, Scorecard
from qa.review.names import Names, names_of
from qa.review.sound import Sound
from qa.review.stores import Stores
from qa.rubric.effective import effective, read_file
from qa.rubric.schema import RubricFile
from qa.settings import Settings
from qa.store import Store


class Desk:
    """Everything that outlives a request."""

    def __init__(self, stores: Stores, settings: Settings, sound: Sound) -> None:
        self.stores = stores
        self.settings = settings
        self.sound = sound
        with stores.borrow() as store:
            self.secret = store.people.secret("desk")
        self._rubrics: dict[str, RubricFile] = {}
        self._names: dict[tuple[tuple[str, ...], str], Names] = {}

    def rubric(self, store: Store, identity: str) -> RubricFile:
        """The rubric file `name@revision`, as it was when it scored: titles, sections, thresholds.

        Raises `RubricError` where its text is not kept, or cannot be read by this version.
        """
        if identity not in self._rubrics:
            try:
                self._rubrics[identity] = read_file(store.rubric_source(identity))
            except (StoreError, ValueError, KeyError, StopIteration) as error:
                raise RubricError(f"{identity}: the text of this rubric cannot be read: {error}") from error
        return self._rubrics[identity]

    def names(self, store: Store, language: str) -> Names:
        """What the criteria, sections and flags of all rubrics in use are called."""
        identities = store.listing.rubrics()
        if (identities, language) not in self._names:
            files = []
            for identity in identities:
                with contextlib.suppress(RubricError):  # its criteria are shown by their ids
                    files.append(self.rubric(store, identity))
            self._names[identities, language] = names_of(tuple(files), language)
        return self._names[identities, language]

    def counting(self, store: Store, call_id: str) -> Scorecard:
        """The scorecard of a call that counts: the machine's with people's words taken in."""
        card, reviews = store.scorecard(call_id), store.reviews.standing(call_id)
        return self.with_words(store, card, reviews) if reviews else card

    def with_words(self, store: Store, card: Scorecard, reviews: Mapping[str, Review]) -> Scorecard:
        """A scorecard with these words taken in. Raises `RubricError` where that cannot be worked out."""
        try:
            return effective(card, reviews, self.rubric(store, card.receipt.rubric))
        except ValueError as error:
            raise RubricError(f"{card.call_id}: the score cannot be worked out: {error}") from error

    def settle(self, store: Store) -> None:
        """Bring the lists up to date after a night or a review."""
        store.listing.settle(functools.partial(self._score, store))

    def _score(self, store: Store, call_id: str) -> Score:
        try:
            return self.counting(store, call_id).score
        except RubricError:  # one such call must not keep the lists from everybody; its own page says why
            return store.scorecard(call_id).score
