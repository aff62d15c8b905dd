"""What the desk runs on: settings, open databases, sound, and the rubrics that scored the calls."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from collections.abc import Iterable, Mapping

from qa.errors import RubricError, StoreError
from qa.model import Review, Score, Scorecard
from qa.report.trust import advice_only
from qa.review.names import Names, names_of
from qa.review.sound import Sound
from qa.review.stores import Stores
from qa.rubric import Guide, guide
from qa.rubric.schema import RubricFile
from qa.rubric.scores.effective import effective, read_file
from qa.settings import Settings
from qa.store import Store

COUNTED_AT_ONCE = 100
"""Calls in one transaction of the thread that counts again; a review waits no longer than for these."""


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
        self._advice: tuple[tuple[int, int], frozenset[str]] | None = None
        self._counting = threading.Lock()
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
            self._names[identities, language] = names_of(self._readable(store, identities), language)
        return self._names[identities, language]

    def _readable(self, store: Store, identities: Iterable[str]) -> tuple[RubricFile, ...]:
        """Those of these rubrics that can be read; the criteria of others are shown by their ids."""
        files = []
        for identity in identities:
            with contextlib.suppress(RubricError):
                files.append(self.rubric(store, identity))
        return tuple(files)

    def guide(self, store: Store) -> Guide:
        """What the criteria of all rubrics in use ask for, with dialogues that meet them."""
        identities = store.listing.rubrics()
        if identities not in self._guides:
            self._guides[identities] = guide(self._readable(store, identities))
        return self._guides[identities]

    def counting(self, store: Store, call_id: str) -> Scorecard:
        """The scorecard of a call that counts: the machine's with people's words taken in."""
        card, reviews = store.scorecard(call_id), store.reviews.standing(call_id)
        touched = reviews or any(f.criterion in self.advice_only(store) for f in card.findings)
        return self.with_words(store, card, reviews) if touched else card

    def advice_only(self, store: Store) -> frozenset[str]:
        """The criteria whose points count for nobody; worked out again when somebody judged a finding."""
        said = store.advice.said()
        if self._advice is None or self._advice[0] != said:
            self._advice = said, advice_only(store, self.settings)
        return self._advice[1]

    def with_words(self, store: Store, card: Scorecard, reviews: Mapping[str, Review]) -> Scorecard:
        """A scorecard with these words taken in. Raises `RubricError` where that cannot be worked out."""
        try:
            file = self.rubric(store, card.receipt.rubric)
            return effective(card, reviews, file, self.advice_only(store))
        except ValueError as error:
            raise RubricError(f"{card.call_id}: the score cannot be worked out: {error}") from error

    def settle(self, store: Store) -> None:
        """Bring the lists up to date after a night or a review: what is much, beside the requests."""
        advice = self.advice_only(store)
        if advice != store.advice.current():
            store.advice.become(advice)
        if self._counting.locked():
            return
        counting = functools.partial(self._score, store)
        more = store.listing.settle(counting, COUNTED_AT_ONCE) or store.advice.settle(
            counting, COUNTED_AT_ONCE
        )
        if more and self._counting.acquire(blocking=False):
            threading.Thread(target=self._go_on_counting, daemon=True).start()

    def changed(self, store: Store, call_id: str) -> None:
        """Somebody decided something of this call: whoever looks at a list next sees it."""
        store.listing.settle_one(call_id, functools.partial(self._score, store))

    def _go_on_counting(self) -> None:
        """The rest: after a bulk change, or since a criterion became advice only, or counts again."""
        try:
            with self.stores.borrow() as store:
                counting = functools.partial(self._score, store)
                while store.listing.settle(counting, COUNTED_AT_ONCE) or store.advice.settle(
                    counting, COUNTED_AT_ONCE
                ):
                    time.sleep(0.05)  # let a review in between
        finally:
            self._counting.release()

    def _score(self, store: Store, call_id: str) -> Score:
        try:
            return self.counting(store, call_id).score
        except RubricError:  # one such call must not keep the lists from everybody; its own page says why
            return store.scorecard(call_id).score
