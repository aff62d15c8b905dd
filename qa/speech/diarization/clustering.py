"""Which voice is whose: clustering with the prior that a support call has two parties.

Agglomerative clustering (scipy) on cosine distances finds the people; the two who speak longest are
the parties, anyone else has to be certain. Then every window's voices are given to them, different
voices of one window to different people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment

from qa.speech.diarization.voices import Voices, margins

SURE_SECONDS = 1.0
"""Voices heard alone for less say too little about who it is to found a cluster."""
MOST_CLUSTERED = 2000
"""At most this many voices are clustered, the longest ones (16 MB of distances); all are assigned."""
APART = 0.5
"""Average cosine distance above which two clusters are two people."""
SPLIT_APART = 0.3
"""The same when the segmentation model has heard two voices in one window and clustering has not."""
PARTY_SECONDS = 1.5
EXTRA_SECONDS = 4.0
EXTRA_SHARE = 0.03
EXTRA_SIMILARITY = 0.45
"""A third person speaks for so many seconds, and this share of all, and sounds less like the parties."""
OVERRULE = 0.25
"""A voice that is closer to somebody by this much is theirs, though another of the window is too."""

Group: TypeAlias = tuple[float, NDArray[np.float32]]
"""Seconds and direction of a cluster."""


@dataclass(frozen=True, slots=True, eq=False)
class Owners:
    """Whose each of n voices is: a person's index, -1 for nobody's; and how sure, 0.5 to 1."""

    owner: NDArray[np.intp]
    margin: NDArray[np.float32]
    people: NDArray[np.float32]
    """(people, 192): the direction of each person."""


def assign(voices: Voices, vectors: NDArray[np.float32], speakers: tuple[int, int]) -> Owners:
    """People and owners of all voices; `vectors` (n, 192) are the voices' vectors after sharing.

    `speakers`: how many people there can be, from and to.
    """
    people = find_people(voices, vectors, speakers)
    owner = give(voices, vectors, people)
    # Once more with what everybody was given: the founders were only the longest voices.
    people = np.stack(
        [_centre(vectors, voices.seconds, owner == index, people[index]) for index in range(len(people))]
    )
    owner = give(voices, vectors, people)
    return Owners(owner, margins(vectors @ people.T, owner), people)


def find_people(
    voices: Voices, vectors: NDArray[np.float32], speakers: tuple[int, int]
) -> NDArray[np.float32]:
    """(people, 192): one direction for each person, the one who speaks longest first; at least one."""
    founders = _founders(voices.seconds)
    if len(founders) < 2:
        return vectors[founders] if len(founders) else np.zeros((1, vectors.shape[1]), np.float32)
    found, seconds = vectors[founders], voices.seconds[founders]
    tree = linkage(found.astype(np.float64), method="average", metric="cosine")
    labels = fcluster(tree, APART, criterion="distance")
    groups = _by_seconds(labels, found, seconds)
    chosen = _accept(groups, speakers[1])
    least = speakers[0]
    if len(chosen) == 1 and speakers[1] > 1 and _two_at_once(voices, founders):
        least = max(least, 2)
    if len(chosen) < least:
        chosen = _split(tree, found, seconds, least, forced=speakers[0] >= least) or chosen
    return np.stack([centre for _, centre in chosen])


def give(voices: Voices, vectors: NDArray[np.float32], people: NDArray[np.float32]) -> NDArray[np.intp]:
    """The owner of each voice: the best one-to-one matching within each window.

    A voice left over (more voices than people: the model has split somebody in two), or one that
    clearly sounds like another person than its match, is given to whom it sounds like.
    """
    similarity = vectors @ people.T
    owner = np.full(len(vectors), -1, dtype=np.intp)
    for window in np.unique(voices.window):
        here = np.flatnonzero(voices.window == window)
        weight = np.sqrt(voices.seconds[here])[:, None] + 1e-3
        rows, columns = linear_sum_assignment(similarity[here] * weight, maximize=True)
        owner[here[rows]] = columns
    best = similarity.argmax(axis=1)
    matched = np.take_along_axis(similarity, np.maximum(owner, 0)[:, None], axis=1)[:, 0]
    heard = voices.seconds > 0
    left_over = (owner < 0) & heard
    mistaken = (voices.seconds >= SURE_SECONDS) & (similarity.max(axis=1) - matched > OVERRULE)
    return np.where(left_over | mistaken, best, owner)


def _founders(seconds: NDArray[np.float32]) -> NDArray[np.intp]:
    """The voices that people are found from: the sure ones; if there are none, the longest."""
    sure = np.flatnonzero(seconds >= SURE_SECONDS)
    if len(sure) == 0:
        longest = int(seconds.argmax()) if len(seconds) else 0
        return np.array([longest] if len(seconds) and seconds[longest] > 0 else [], dtype=np.intp)
    if len(sure) > MOST_CLUSTERED:
        sure = np.sort(sure[np.argsort(-seconds[sure], kind="stable")[:MOST_CLUSTERED]])
    return sure


def _by_seconds(
    labels: NDArray[np.intp], vectors: NDArray[np.float32], seconds: NDArray[np.float32]
) -> list[Group]:
    groups = [
        (float(seconds[labels == label].sum()), _centre(vectors, seconds, labels == label, vectors[0]))
        for label in np.unique(labels)
    ]
    return sorted(groups, key=lambda group: -group[0])


def _accept(groups: list[Group], most: int) -> list[Group]:
    """The two longest are the parties; a third (and so on) is let in only if there is no doubt."""
    total = sum(seconds for seconds, _ in groups)
    accepted: list[Group] = []
    for seconds, centre in groups:
        likest = max((float(centre @ other) for _, other in accepted), default=-1.0)
        certain = seconds >= max(EXTRA_SECONDS, EXTRA_SHARE * total) and likest < EXTRA_SIMILARITY
        if not accepted or (len(accepted) == 1 and seconds >= PARTY_SECONDS) or certain:
            accepted.append((seconds, centre))
        if len(accepted) == most:
            break
    return accepted


def _two_at_once(voices: Voices, founders: NDArray[np.intp]) -> bool:
    """Whether the segmentation model heard two people in at least two windows, or in the only one."""
    _, heard = np.unique(voices.window[founders], return_counts=True)
    return int((heard >= 2).sum()) >= min(2, len(heard))


def _split(
    tree: NDArray[np.float64],
    vectors: NDArray[np.float32],
    seconds: NDArray[np.float32],
    people: int,
    *,
    forced: bool,
) -> list[Group]:
    """The tree cut into `people`; nothing if that cut lies too deep to be believed."""
    height = float(tree[-(people - 1), 2])
    if height < SPLIT_APART and not forced:
        return []
    return _by_seconds(fcluster(tree, people, criterion="maxclust"), vectors, seconds)


def _centre(
    vectors: NDArray[np.float32],
    seconds: NDArray[np.float32],
    members: NDArray[np.bool_],
    otherwise: NDArray[np.float32],
) -> NDArray[np.float32]:
    """The direction of the members' mean, weighted by seconds; `otherwise` if nobody was heard."""
    mean: NDArray[np.float32] = (vectors[members] * seconds[members, None]).sum(axis=0)
    length = float(np.linalg.norm(mean))
    return mean / length if length > 1e-6 else otherwise
