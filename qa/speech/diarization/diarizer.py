"""Who spoke when in a mono recording: segmentation, embedding, clustering, and back to one timeline.

The models are those of pyannote's pipeline, and the quality is theirs; the speed comes from looking at
every second twice instead of ten times and embedding it once (Bredin, "pyannote.audio 2.1 speaker
diarization pipeline", Interspeech 2023, describes the stock way). Work goes block by block: what grows
with the recording is a few numbers a frame.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.model import Span, SpeakerSpan, merge_spans
from qa.speech.diarization import grid, timeline, voices
from qa.speech.diarization.look import Seen, look
from qa.speech.protocols import AudioSource, Diarized

if TYPE_CHECKING:
    from qa.speech.diarization.clustering import Owners, People
    from qa.speech.diarization.engine import Engine

SEGMENTATION_FILE = "pytorch_model.bin"
EMBEDDING_FILE = "campplus_cn_en_common.pt"
CONTESTED_SHARE = 0.75
"""Below this share for its likeliest speaker, a piece is contested: its windows disagree."""
CONTESTED_SECONDS = 0.3
OVERRULE_SECONDS = 0.6
"""Shorter pieces (contested; not contested) are left as they are: too short to recognise anybody."""
OVERRULE_MARGIN = 0.1
"""So much closer to another person must a piece sound for its windows to be overruled."""


@dataclass(frozen=True, slots=True)
class DiarizerOptions:
    """Turning frames into spans, in seconds."""

    onset: float = 0.5
    """A speaker speaks in a frame from this probability on."""
    gap: float = 0.1
    """Shorter pauses of one speaker are speech."""
    least: float = 0.1
    """Shorter speech of one speaker is dropped."""
    least_overlap: float = 0.1
    """Shorter overlap is dropped."""


class PyannoteDiarizer:
    """pyannote segmentation-3.0 and CAM++, from the `diarization-offline` pack's folder.

    Models are loaded at the first recording. `threads`: CPU threads (see `Engine`).
    `device`: `cpu` or `cuda`. Raises `ModelError` if a file is missing, `MissingExtra` (at the first
    recording) if torch is not installed.
    """

    def __init__(
        self,
        folder: Path,
        *,
        threads: int = 1,
        device: str = "cpu",
        options: DiarizerOptions = DiarizerOptions(),
    ) -> None:
        self._paths = {"segmentation": folder / SEGMENTATION_FILE, "embedding": folder / EMBEDDING_FILE}
        for path in self._paths.values():
            if not path.is_file():
                raise ModelError(f"{path}: no such file; `qa models fetch diarization-offline` gets it")
        self._threads, self._device, self.options = threads, device, options
        self._lock = threading.Lock()

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """`segmentation` and `embedding`: name and the start of the file's SHA-256."""
        names = {"segmentation": "pyannote-segmentation-3.0", "embedding": "campplus-cn-en-common"}
        return {part: f"{name}@{_sha256(self._paths[part])[:12]}" for part, name in names.items()}

    @cached_property
    def engine(self) -> Engine:
        """The two networks, loaded when first asked for. Not to be used by two threads at once."""
        from qa.speech.diarization.engine import Engine

        return Engine(
            self._paths["segmentation"], self._paths["embedding"], threads=self._threads, device=self._device
        )

    def diarize(
        self, source: AudioSource, speech: tuple[Span, ...], speakers: tuple[int, int] = (1, 4)
    ) -> Diarized:
        """Who spoke when in the mix of `source`, `speech` being where anyone speaks at all.

        One recording at a time: a second thread waits.
        """
        with self._lock:
            return self._diarize(source, speech, speakers)

    def _diarize(self, source: AudioSource, speech: tuple[Span, ...], speakers: tuple[int, int]) -> Diarized:
        starts = grid.window_starts(source.duration, speech)
        if not starts:
            return Diarized(())
        self.engine.limit_threads()
        seen = look(source, starts, self.engine)
        if not seen.active.any():
            return Diarized(())
        from qa.speech.diarization import clustering  # scipy: only with the extra

        heard = voices.gather(seen.active, seen.starts, seen.pieces, seen.heard)
        change = voices.changes(seen.active, seen.starts, seen.pieces)
        owners = clustering.assign(seen.heard, heard, speakers, change)
        activity = lay_out(seen, heard, owners, grid.frame_count(source.duration))
        if len(owners.people.directions) > 1:
            activity = hear_pieces(activity, seen, owners.people)
        return to_diarized(activity, source.duration, self.options)


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """Who speaks in each frame, (frames, people): how likely, and how sure of whose voice it is (0 to 1)."""

    likely: NDArray[np.float32]
    sure: NDArray[np.float32]


def lay_out(seen: Seen, heard: voices.Voices, owners: Owners, frames: int) -> Activity:
    """The voices of all windows, laid over one another on one timeline."""
    windows = len(seen.starts)
    table = np.full((windows, grid.LOCAL_SPEAKERS), -1, dtype=np.intp)
    margin = np.ones((windows, 1, grid.LOCAL_SPEAKERS), dtype=np.float32)
    table[heard.window, heard.local] = owners.owner
    margin[heard.window, 0, heard.local] = owners.margin
    people = len(owners.people.directions)
    likely = timeline.overlay(seen.activity, seen.starts, table, people, frames)
    sure = timeline.overlay(seen.activity * margin, seen.starts, table, people, frames)
    return Activity(likely, sure)


def hear_pieces(activity: Activity, seen: Seen, people: People) -> Activity:
    """Where a piece itself sounds like another person than its windows say, the piece decides.

    A window that hears one short answer in ten seconds may take it for the other party's voice, and may
    not tell two similar voices apart at all. Where windows disagree among themselves the nearer person
    is enough; where they agree, it takes `OVERRULE_MARGIN` and `OVERRULE_SECONDS`. Where people were
    told apart by their turns, these decide.
    """
    from qa.speech.diarization import clustering

    likely, sure = activity.likely.copy(), activity.sure.copy()
    similarity = seen.heard.vectors @ people.directions.T
    rows = zip(seen.pieces.tolist(), seen.heard.seconds, similarity, people.belongs, strict=True)
    for (first, last), seconds, row, told in rows:
        if told.any():
            _give_piece(likely[first:last], sure[first:last], int(told.argmax()), float(told.max()))
            continue
        said = likely[first:last]
        now, nearest = int(said.sum(axis=0).argmax()), int(row.argmax())
        contested = said[:, now].mean() < CONTESTED_SHARE * np.minimum(1.0, said.sum(axis=1)).mean()
        wanted = 0.0 if contested else OVERRULE_MARGIN
        if (
            seconds < (CONTESTED_SECONDS if contested else OVERRULE_SECONDS)
            or row[nearest] - row[now] <= wanted
        ):
            continue
        margin = float(clustering.margins(row[None], np.array([nearest]))[0])
        _give_piece(likely[first:last], sure[first:last], nearest, margin)
    return Activity(likely, sure)


def _give_piece(likely: NDArray[np.float32], sure: NDArray[np.float32], person: int, margin: float) -> None:
    """Writes all that is likely in these frames down to one person, in place."""
    total = np.minimum(1.0, likely.sum(axis=1))
    likely[:], sure[:] = 0.0, 0.0
    likely[:, person] = total
    sure[:, person] = total * margin


def to_diarized(activity: Activity, duration: float, options: DiarizerOptions) -> Diarized:
    """Frames to spans, overlap kept."""
    gap, least = round(options.gap / grid.FRAME), max(1, round(options.least / grid.FRAME))
    spans: list[tuple[int, Span, float]] = []
    for person in range(activity.likely.shape[1]):
        speaks = activity.likely[:, person] >= options.onset
        for first, last in timeline.runs(speaks, gap=gap, least=least):
            confidence = float(np.clip(activity.sure[first:last, person].mean(), 0.0, 1.0))
            spans += [(person, span, confidence) for span in timeline.to_spans([(first, last)], duration)]
    return _named(spans, options.least_overlap)


def _named(spans: list[tuple[int, Span, float]], least_overlap: float) -> Diarized:
    """Speakers named A, B, … in the order in which they are first heard; overlap where two spans meet."""
    spans = sorted(spans, key=lambda item: (item[1], item[0]))
    names: dict[int, str] = {}
    for person, _, _ in spans:
        names.setdefault(person, chr(ord("A") + len(names)))
    shared = [
        one & other
        for index, (person, one, _) in enumerate(spans)
        for someone, other, _ in _meeting(spans, index)
        if someone != person and one.overlap(other) >= least_overlap
    ]
    return Diarized(
        spans=tuple(SpeakerSpan(names[person], span, confidence) for person, span, confidence in spans),
        overlap=merge_spans(shared),
    )


def _meeting(spans: list[tuple[int, Span, float]], index: int) -> Iterator[tuple[int, Span, float]]:
    """The later-starting spans that begin before span `index` ends."""
    for other in spans[index + 1 :]:
        if other[1].start >= spans[index][1].end:
            return
        yield other


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
