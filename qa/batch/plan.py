"""What is to be done about each recording that was found. Loads no model and opens no audio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.batch.hearing import hearing_of, still_holds
from qa.batch.rubrics import Rubrics
from qa.batch.task import Task
from qa.intake import Candidate
from qa.model import Call, Recording
from qa.settings import Settings
from qa.store import KnownFile, Standing, State, Store, Trouble


@dataclass(frozen=True, slots=True)
class Known:
    """Done for the same audio, models, settings and rubric; or deleted since by `qa purge`."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Not a call of its own, or not one that can be told apart."""

    recording_id: str
    call_id: str
    reason: str
    refused: bool = False
    """True: a person must mend something (two recordings claim one call id)."""


@dataclass(frozen=True, slots=True)
class Rescore:
    """Heard as this run would hear it: score the stored conversation again."""

    recording: Recording
    call: Call
    standing: Standing
    conversation_id: int


@dataclass(frozen=True, slots=True)
class Hear:
    """Hear and score it."""

    task: Task


@dataclass(frozen=True, slots=True)
class Shut:
    """Quarantined earlier, and its bytes have not changed."""

    recording_id: str
    call_id: str
    trouble: Trouble


Step = Known | Skip | Rescore | Hear | Shut


class Planner:
    """Decides about recordings one by one; remembers which call ids this run has already given out."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        rubrics: Rubrics,
        identities: Mapping[str, str],
        describe: Callable[[Path], Call],
        hash_file: Callable[[Path], str],
    ) -> None:
        self._store = store
        self._settings = settings
        self._identities = identities
        self._describe = describe
        self._hash_file = hash_file
        self._rubrics = rubrics
        self._files = dict(store.known_files())
        self._standings = store.standings()
        self._troubles = store.troubles()
        self._purged = store.retention.recordings()
        self.known_calls = tuple(s.call for s in self._standings.values())
        """Every scored call, whatever this run finds."""
        self._by_call = {s.call.id: (s.recording_id, s.path) for s in self._standings.values()}
        self._claimed: dict[str, Path] = {}
        """Recordings that this run has already decided about, by id."""

    def is_known(self, candidate: Candidate) -> bool:
        """True if the file was hashed before and has not been touched since."""
        known = self._files.get(str(candidate.path))
        return known is not None and (known.size, known.modified) == (candidate.size, candidate.modified)

    def decide(self, candidate: Candidate) -> Step:
        """What to do about a recording. Hashes it if it is not known. Raises `OSError`."""
        recording = self._identify(candidate)
        call = self._describe(candidate.path)
        if recording.id in self._purged:
            return Known(call.id)
        standing = self._standings.get(recording.id)
        first = self._claimed.setdefault(recording.id, candidate.path)
        if first != candidate.path:
            return Skip(recording.id, call.id, f"the same audio as {first}")
        if standing is not None:
            return self._decide_stored(recording, call, standing)
        holder = self._by_call.get(call.id)
        # The same file with other bytes is the same call, recorded on or replaced: it is heard again.
        if holder is not None and holder[0] != recording.id and holder[1] not in (None, candidate.path):
            reason = f"the call id {call.id} belongs to {holder[1]}, a different recording; {candidate.path} "
            return Skip(recording.id, call.id, reason + "needs another id", refused=True)
        self._by_call[call.id] = (recording.id, candidate.path)
        trouble = self._troubles.get(recording.id)
        if trouble is not None and trouble.state is State.QUARANTINED:
            return Shut(recording.id, call.id, trouble)
        return Hear(Task(recording, call, trouble.attempts if trouble else 0))

    def _decide_stored(self, recording: Recording, call: Call, standing: Standing) -> Step:
        alias = call.id != standing.call.id
        if alias:  # another name of a call we have: what was known of it stays
            call = standing.call
        hearing = hearing_of(call, self._settings, self._identities, standing.hearing.models)
        same_facts = call == standing.call
        if still_holds(standing.hearing, hearing):
            conversation_id: int | None = standing.conversation_id
        else:
            conversation_id = self._store.find_conversation(call.id, hearing)
        if conversation_id is None:
            trouble = self._troubles.get(recording.id)
            return Hear(Task(recording, call, trouble.attempts if trouble else 0))
        rubric = self._rubrics.identity(standing.language)
        up_to_date = conversation_id == standing.conversation_id and rubric == standing.rubric
        if up_to_date and same_facts:
            if alias:
                return Skip(recording.id, call.id, f"the same audio as {standing.path}")
            return Known(call.id)
        return Rescore(recording, call, standing, conversation_id)

    def _identify(self, candidate: Candidate) -> Recording:
        path = candidate.path
        if self.is_known(candidate):
            known = self._files[str(path)]
            return Recording(known.recording_id, path, known.size, known.modified)
        recording = Recording(self._hash_file(path), path, candidate.size, candidate.modified)
        self._store.remember(recording)
        self._files[str(path)] = KnownFile(recording.id, candidate.size, candidate.modified)
        return recording
