"""What the desk runs on: settings, open databases, sound, and the rubrics that scored the calls."""

from __future__ import annotations

import functools

from qa.model import Score, Scorecard
from qa.review.names import Names, names_of
from qa.review.sound import Sound
from qa.review.stores import Stores
from qa.rubric import Guide, guide
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
        self._guides: dict[tuple[str, ...], Guide] = {}
        self._names: dict[tuple[tuple[str, ...], str], Names] = {}

    def rubric(self, store: Store, identity: str) -> RubricFile:
        """The rubric file `name@revision`, as it was when it scored: titles, sections, thresholds."""
        if identity not in self._rubrics:
            self._rubrics[identity] = read_file(store.rubric_source(identity))
        return self._rubrics[identity]

    def names(self, store: Store, language: str) -> Names:
        """What the criteria, sections and flags of all rubrics in use are called."""
        identities = store.listing.rubrics()
        if (identities, language) not in self._names:
            files = tuple(self.rubric(store, identity) for identity in identities)
            self._names[identities, language] = names_of(files, language)
        return self._names[identities, language]

    def guide(self, store: Store) -> Guide:
        """What the criteria of all rubrics in use ask for, with dialogues that meet them."""
        identities = store.listing.rubrics()
        if identities not in self._guides:
            self._guides[identities] = guide(self.rubric(store, identity) for identity in identities)
        return self._guides[identities]

    def counting(self, store: Store, call_id: str) -> Scorecard:
        """The scorecard of a call that counts: the machine's with people's words taken in."""
        card = store.scorecard(call_id)
        return effective(card, store.reviews.standing(call_id), self.rubric(store, card.receipt.rubric))

    def settle(self, store: Store) -> None:
        """Bring the lists up to date after a night or a review."""
        store.listing.settle(functools.partial(self._score, store))

    def _score(self, store: Store, call_id: str) -> Score:
        return self.counting(store, call_id).score
