"""Stored conversations scored again, a few hundred at a time, in this process or in several.

Only the process that asked writes; the others read the database and hand back what is to be written.
"""

from __future__ import annotations

import dataclasses
import functools
import gc
import multiprocessing
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from qa import dialogue, rubric
from qa.batch.comparison import Change, compare
from qa.batch.judged import judge, judge_again
from qa.batch.rubrics import Rubrics
from qa.batch.surroundings import Surroundings
from qa.batch.worker import live_with_parent
from qa.model import Call, Recording, Scorecard
from qa.rubric import Around, Since, Unmoved
from qa.settings import Settings
from qa.store import Again, Before, Result, Standing, Store

GROUP = 200
"""Calls read by one query and written in one transaction: a commit waits for the disk."""
WORTH_SHARING = 2000
"""Fewer calls than this are done before other processes have loaded their rubrics."""


@dataclass(frozen=True, slots=True)
class Rescoring:
    """A call's new result, and what it changes."""

    saved: Again | Result
    """`Result` where the definitions of events changed: the conversation is new."""
    scorecard: Scorecard
    path: Path
    change: Change
    due: bool
    """True if the stored scorecard is of another rubric, or would come out differently."""


class Scorer:
    """Scores stored conversations again. Opens nothing itself; `store` may be read-only."""

    def __init__(self, store: Store, settings: Settings, rubrics: Rubrics) -> None:
        self._store = store
        self._rubrics = rubrics
        self._surroundings = Surroundings(settings)
        self._since = functools.cache(self._find_since)

    def group(self, calls: Sequence[tuple[Standing, int | None]]) -> Iterator[Rescoring]:
        """Each of these calls, one after the other; beside each: the calls that began in the hour before."""
        known = self._store.before([standing.call.id for standing, _ in calls])
        for standing, calls_before in calls:
            around = self._surroundings.around(calls_before)
            yield self._one(standing, known[standing.call.id], around)

    def _one(self, standing: Standing, before: Before, around: Around) -> Rescoring:
        chosen = self._rubrics.for_language(standing.language)
        if standing.definitions != chosen.definitions:
            number = standing.conversation_id
            result = score_stored(self._store, standing, number, standing.call, self._rubrics, around)
            return _rescoring(standing, before, result, result.scorecard)
        number = standing.conversation_id
        voices = functools.cache(lambda: rubric.voices_kept(self._store.reading(number)))
        since = self._since(standing.rubric, standing.language)
        unmoved = Unmoved(since, standing.call, voices) if since is not None else None
        read = lambda: rubric.recall(self._store.conversation_by_id(number), voices())  # noqa: E731
        judged = judge_again(standing, before.judgements, read, chosen, around, unmoved)
        again = Again(standing.conversation_id, judged.scorecard, judged.reading, judged.judgements)
        found = _rescoring(standing, before, again, judged.scorecard)
        return found if found.due else dataclasses.replace(found, saved=again.without_scorecard())

    def _find_since(self, scored_by: str, language: str) -> Since | None:
        """What moved in the phrase lists since that revision; None if it is this one, or is not known."""
        chosen = self._rubrics.for_language(language)
        files = self._store.find_rubric_source(scored_by) if scored_by != chosen.identity else None
        return rubric.since(files, chosen, language) if files is not None else None


def _rescoring(standing: Standing, before: Before, saved: Again | Result, card: Scorecard) -> Rescoring:
    change = compare(standing.call.id, standing.call.agent_id, before.outcomes, before.score, card)
    due = bool(change) or card.receipt.rubric != standing.rubric
    return Rescoring(saved, card, standing.path or Path(), change, due)


def score_stored(
    store: Store, standing: Standing, conversation_id: int, call: Call, rubrics: Rubrics, around: Around
) -> Result:
    """A new result for a stored conversation; a new conversation too if the definitions of events changed."""
    stored = store.conversation_by_id(conversation_id)
    chosen = rubrics.for_language(stored.language)
    redefined = stored.definitions != chosen.definitions
    conversation = dialogue.redefine(stored, chosen.definitions) if redefined else stored
    conversation = dataclasses.replace(conversation, call=call)
    same = conversation_id == standing.conversation_id
    hearing = standing.hearing if same else store.hearing(conversation_id)
    voices = None if redefined else rubric.voices_kept(store.reading(conversation_id))
    annotated = rubric.recall(conversation, voices)
    judged = judge(annotated, chosen, hearing, around)
    return Result(
        recording=Recording(conversation.recording_id, standing.path or Path(), 0, 0.0),
        conversation=conversation,
        scorecard=judged.scorecard,
        hearing=hearing,
        conversation_id=None if redefined else conversation_id,
        reading=judged.reading,
        judgements=judged.judgements,
    )


def score_all(
    store: Store,
    settings: Settings,
    rubrics: Rubrics,
    calls: Sequence[tuple[Standing, int | None]],
    jobs: int,
    stop: threading.Event,
) -> Iterator[Sequence[Rescoring] | Iterator[Rescoring]]:
    """All calls in their order, group by group, in `jobs` processes; no new group once `stop` is set."""
    groups = [calls[first : first + GROUP] for first in range(0, len(calls), GROUP)]
    if jobs <= 1:
        scorer = Scorer(store, settings, rubrics)
        yield from (scorer.group(group) for group in groups)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _begin, (store.path, settings)) as pool:
        waiting: deque[Future[list[Rescoring]]] = deque()
        for group in groups:
            waiting.append(pool.submit(_group, group))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
            if stop.is_set():
                pool.shutdown(wait=False, cancel_futures=True)
                return
        while waiting and not stop.is_set():
            yield waiting.popleft().result()
        pool.shutdown(wait=False, cancel_futures=True)


_scorer: list[Scorer] = []
"""Of this process, where it is one of several."""


def _begin(path: Path, settings: Settings) -> None:
    live_with_parent()
    store = Store.open(path, create=False, read_only=True)
    rubrics = Rubrics(settings)
    rubrics.check()
    gc.freeze()  # a rubric is half a million objects: the collector need not look at them for every call
    _scorer.append(Scorer(store, settings, rubrics))


def _group(calls: Sequence[tuple[Standing, int | None]]) -> list[Rescoring]:
    return list(_scorer[0].group(calls))
