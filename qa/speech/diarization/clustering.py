"""Which voice is whose: clustering with the prior that a support call has two parties.

Agglomerative clustering (scipy) of the pieces on cosine distances finds the people; the two who speak
longest are the parties, anyone else has to be certain. Where that finds one person, `parties` looks whether
two much alike are speaking. Then every window's voices are given to them, different voices of one window to
different people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment

from qa.speech.diarization.parties import Group, tell_apart
from qa.speech.diarization.voices import Heard, Voices

SURE_SECONDS = 1.0
"""What was heard alone for less says too little about who it is to found a cluster."""
MOST_CLUSTERED = 2000
"""At most this many pieces are clustered, spread evenly (16 MB of distances); all are assigned."""
APART = 0.5
"""Average cosine distance above which two clusters of pieces are two people."""
PARTY_SECONDS = 1.5
ALIKE_SHARE = 0.2
ALIKE_SIMILARITY = 0.75
"""The second party may be much like the first, if clustering kept them apart and this share is theirs."""
EXTRA_SECONDS = 3.0
EXTRA_SHARE = 0.03
EXTRA_SIMILARITY = 0.6
"""A third person speaks for so many seconds, and this share of all, and sounds less like the parties."""
OVERRULE = 0.25
"""A voice that is closer to somebody by this much is theirs, though another of the window is too."""
FULL_MARGIN = 0.3
"""Difference of similarity to the owner and to the next person at which there is no doubt left."""


@dataclass(frozen=True, slots=True, eq=False)
class Owners:
    """Whose each of n voices is: a person's index, -1 for nobody's; and how sure, 0.5 to 1."""

    owner: NDArray[np.intp]
    margin: NDArray[np.float32]
    people: NDArray[np.float32]
    """(people, 192): the direction of each person."""


def assign(pieces: Heard, voices: Voices, speakers: tuple[int, int]) -> Owners:
    """People, and the owners of all voices. `speakers`: how many people there can be, from and to."""
    people = find_people(pieces, voices, speakers)
    nearest = (pieces.vectors @ people.T).argmax(axis=1)
    # Once more with everything that sounds like them: the founders were only the longest pieces.
    people = np.stack(
        [_direction(pieces, nearest == index, otherwise=person) for index, person in enumerate(people)]
    )
    owner = give(voices, people)
    return Owners(owner, margins(voices.heard.vectors @ people.T, owner), people)


def find_people(pieces: Heard, voices: Voices, speakers: tuple[int, int]) -> NDArray[np.float32]:
    """(people, 192): one direction for each person, the one who speaks longest first; at least one."""
    founders = _founders(pieces)
    if len(founders.seconds) == 0:
        return np.zeros((1, pieces.vectors.shape[1]), np.float32)
    groups = _cut(founders, _tree(founders), distance=APART)
    chosen = _accept(groups, speakers[1])
    if len(chosen) == 1 and speakers[1] > 1:
        chosen = tell_apart(pieces, voices) or chosen
    if len(chosen) < speakers[0]:
        chosen = _cut(founders, _tree(founders), people=speakers[0])
    return np.stack([direction for _, direction in chosen])


def give(voices: Voices, people: NDArray[np.float32]) -> NDArray[np.intp]:
    """The owner of each voice: the best one-to-one matching within each window.

    A voice left over (more voices than people: the model has split somebody in two), or one that
    clearly sounds like another person than its match, is given to whom it sounds like.
    """
    seconds = voices.heard.seconds
    similarity = voices.heard.vectors @ people.T
    owner = np.full(len(seconds), -1, dtype=np.intp)
    for window in np.unique(voices.window):
        here = np.flatnonzero(voices.window == window)
        weight = np.sqrt(seconds[here])[:, None] + 1e-3
        rows, columns = linear_sum_assignment(similarity[here] * weight, maximize=True)
        owner[here[rows]] = columns
    best = similarity.argmax(axis=1)
    matched = np.take_along_axis(similarity, np.maximum(owner, 0)[:, None], axis=1)[:, 0]
    left_over = (owner < 0) & (seconds > 0)
    mistaken = (seconds >= SURE_SECONDS) & (similarity.max(axis=1) - matched > OVERRULE)
    return np.where(left_over | mistaken, best, owner)


def margins(similarity: NDArray[np.float32], owner: NDArray[np.intp]) -> NDArray[np.float32]:
    """0.5 where the owner is no closer than the next person, 1 where nobody else comes near.

    `similarity` (n, people), `owner` (n,).
    """
    if similarity.shape[1] < 2:
        return np.ones(len(owner), dtype=np.float32)
    rows = np.arange(len(owner))
    own = similarity[rows, np.maximum(owner, 0)]
    others = similarity.copy()
    others[rows, np.maximum(owner, 0)] = -np.inf
    doubt: NDArray[np.float32] = np.clip((own - others.max(axis=1)) / FULL_MARGIN, 0.0, 1.0)
    return np.asarray(0.5 + 0.5 * doubt, dtype=np.float32)


def _founders(pieces: Heard) -> Heard:
    """What people are found from: the sure pieces; if there are none, the longest one."""
    sure = np.flatnonzero(pieces.seconds >= SURE_SECONDS)
    if len(sure) == 0 and (pieces.seconds > 0).any():
        sure = np.array([int(pieces.seconds.argmax())])
    if len(sure) > MOST_CLUSTERED:
        sure = sure[np.linspace(0, len(sure) - 1, MOST_CLUSTERED).astype(np.intp)]
    return Heard(pieces.seconds[sure], pieces.vectors[sure])


def _tree(heard: Heard) -> NDArray[np.float64] | None:
    """The tree of merges; None for a single one, which scipy does not take."""
    if len(heard.seconds) < 2:
        return None
    tree: NDArray[np.float64] = linkage(heard.vectors.astype(np.float64), method="average", metric="cosine")
    return tree


def _cut(
    heard: Heard, tree: NDArray[np.float64] | None, *, distance: float = 0.0, people: int = 0
) -> list[Group]:
    """The clusters below `distance`, or so many `people` of them; the longest first."""
    if tree is None:
        return [(float(heard.seconds[0]), heard.vectors[0])]
    if people:
        labels = fcluster(tree, people, criterion="maxclust")
    else:
        labels = fcluster(tree, distance, criterion="distance")
    groups = [
        (float(heard.seconds[labels == label].sum()), _direction(heard, labels == label, heard.vectors[0]))
        for label in np.unique(labels)
    ]
    return sorted(groups, key=lambda group: -group[0])


def _accept(groups: list[Group], most: int) -> list[Group]:
    """The two longest are the parties; a third (and so on) is let in only if there is no doubt."""
    total = sum(seconds for seconds, _ in groups)
    accepted: list[Group] = []
    for seconds, direction in groups:
        likest = max((float(direction @ other) for _, other in accepted), default=-1.0)
        party = len(accepted) == 1
        enough = PARTY_SECONDS if party else max(EXTRA_SECONDS, EXTRA_SHARE * total)
        limit = ALIKE_SIMILARITY if party and seconds >= ALIKE_SHARE * total else EXTRA_SIMILARITY
        if not accepted or (seconds >= enough and likest < limit):
            accepted.append((seconds, direction))
        if len(accepted) == most:
            break
    return accepted


def _direction(
    heard: Heard, members: NDArray[np.bool_], otherwise: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The direction of the members' mean, weighted by seconds; `otherwise` if nobody was heard."""
    mean: NDArray[np.float32] = (heard.vectors[members] * heard.seconds[members, None]).sum(axis=0)
    length = float(np.linalg.norm(mean))
    return mean / length if length > 1e-6 else otherwise
