"""Which voice is whose: clustering with the prior that a support call has two parties.

Agglomerative clustering (scipy) of the pieces on cosine distances finds the people; the two who speak
longest are the parties, anyone else has to be certain. Where that finds one person, `alternation` and
`parties` look whether two much alike are speaking. Then every window's voices are given to them, different
voices of one window to different people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment

from qa.speech.diarization.alternation import Turns, best_of_two, change_over, clearly_two
from qa.speech.diarization.parties import heard_side_by_side
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
GAIN_BESIDE = 2.0
"""Log-odds that two people take turns, where windows have heard two much alike voices side by side, too. One
person whom a window cuts in two: 0.1 at most."""
GAIN_THIRD = 9.0
"""The same, where one of several people may be two. Of 370 single voices taken out of calls two have as much,
and change once or twice."""

Group: TypeAlias = tuple[float, NDArray[np.float32]]
"""Seconds and direction of a cluster."""


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Who speaks in the recording."""

    directions: NDArray[np.float32]
    """(people, 192)"""
    belongs: NDArray[np.float32]
    """(pieces, people): how likely each piece is each person's where turns tell more than sound; else 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Owners:
    """Whose each of n voices is: a person's index, -1 for nobody's; and how sure, 0.5 to 1."""

    owner: NDArray[np.intp]
    margin: NDArray[np.float32]
    people: People


def assign(pieces: Heard, voices: Voices, speakers: tuple[int, int], change: NDArray[np.float32]) -> Owners:
    """People, and the owners of all voices. `speakers`: how many people there can be, from and to.

    `change` (pieces - 1,): see `voices.changes`.
    """
    people = find_people(pieces, voices, speakers, change)
    # Once more with everything that is theirs: the founders were only the longest pieces.
    directions = [
        _direction(pieces, share, otherwise=person)
        for share, person in zip(_shares(pieces, people).T, people.directions, strict=True)
    ]
    people = People(np.stack(directions), people.belongs)
    owner = give(voices, people.directions)
    return Owners(owner, margins(voices.heard.vectors @ people.directions.T, owner), people)


def find_people(
    pieces: Heard, voices: Voices, speakers: tuple[int, int], change: NDArray[np.float32]
) -> People:
    """Who speaks; at least one person."""
    founders = _founders(pieces)
    if len(founders.seconds) == 0:
        return _by_sound(pieces, np.zeros((1, pieces.vectors.shape[1]), np.float32))
    chosen = _accept(_cut(founders, _tree(founders), distance=APART), speakers[1])
    found = _by_sound(pieces, np.stack([direction for _, direction in chosen]))
    if len(chosen) < speakers[1]:
        found = _two_in_one(pieces, voices, found, change)
    if len(found.directions) < speakers[0]:
        chosen = _cut(founders, _tree(founders), people=speakers[0])
        found = _by_sound(pieces, np.stack([direction for _, direction in chosen]))
    return found


def _by_sound(pieces: Heard, directions: NDArray[np.float32]) -> People:
    return People(directions, np.zeros((len(pieces.seconds), len(directions)), np.float32))


def _shares(pieces: Heard, people: People) -> NDArray[np.float32]:
    """(pieces, people): whose each piece is; by its sound where turns tell nothing."""
    nearest = (pieces.vectors @ people.directions.T).argmax(axis=1)
    told = people.belongs.any(axis=1, keepdims=True)
    return np.where(told, people.belongs, np.eye(len(people.directions), dtype=np.float32)[nearest])


def _two_in_one(pieces: Heard, voices: Voices, people: People, change: NDArray[np.float32]) -> People:
    """The same people, or one of them taken for two much alike who take turns."""
    whose = _shares(pieces, people).argmax(axis=1)
    found: list[tuple[float, int, Turns]] = []
    for person in range(len(people.directions)):
        own = np.flatnonzero(whose == person)
        turns = best_of_two(_only(pieces, own), change_over(change, own))
        if turns is not None and clearly_two(turns):
            found.append((turns.gain, person, turns))
    if len(people.directions) == 1:
        beside = _beside(pieces, voices, change)
        found = [(beside.gain, 0, beside)] if beside is not None else found
    elif max(found, default=(0.0,))[0] < GAIN_THIRD:
        found = []
    if not found:
        return people
    _, person, turns = max(found, key=lambda one: one[:2])
    own = np.flatnonzero(whose == person)
    theirs = _only(pieces, own)
    two = [_direction(theirs, share, people.directions[person]) for share in turns.belongs.T]
    others = np.delete(people.directions, person, axis=0)
    split = _by_sound(pieces, np.concatenate([np.stack(two), others]))
    split.belongs[own, :2] = turns.belongs
    return split


def _beside(pieces: Heard, voices: Voices, change: NDArray[np.float32]) -> Turns | None:
    """The turns of two people whom windows have heard side by side.

    What such windows say of a change of speaker is worth twice as much as where they hear one voice.
    """
    if not heard_side_by_side(pieces, voices):
        return None
    twice = np.asarray(change**2 / (change**2 + (1.0 - change) ** 2), dtype=np.float32)
    turns = best_of_two(pieces, twice)
    return turns if turns is not None and turns.gain >= GAIN_BESIDE else None


def _only(pieces: Heard, kept: NDArray[np.intp]) -> Heard:
    return Heard(pieces.seconds[kept], pieces.vectors[kept])


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
    heard: Heard, members: NDArray[np.bool_] | NDArray[np.float32], otherwise: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The direction of the members' mean, weighted by seconds; `otherwise` if nobody was heard.

    `members` (n,): who belongs to it, or how likely.
    """
    mean = (heard.seconds * members).astype(np.float32) @ heard.vectors
    length = float(np.linalg.norm(mean))
    return mean / length if length > 1e-6 else otherwise
