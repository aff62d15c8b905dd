"""Two parties whose voices are much alike: told apart because they take turns.

Pieces of one line may lie closer to each other across two people than within one, so that distances find one
person. But who speaks does not change at random: people go on for a while, change at pauses, and both come
back. So the pieces are read in time order, as a chain with two hidden states (L. Rabiner, "A Tutorial on
Hidden Markov Models", Proc. IEEE 77(2), 1989; for voices F. Landini et al., "Bayesian HMM clustering of
x-vector sequences (VBx)", Computer Speech & Language 71, 2022): where a piece lies along the directions in
which pieces differ most, and how likely the speaker changes from one piece to the next.

    ..a.aa.ccc.c.a.aaa.cc.a.aa...    two parties: they come back, again and again
    aaaaaaaaaaaaaa.aa.bbbbbbbbbb.    one, who has grown louder: one change explains it
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.speech.diarization.parties import heaps
from qa.speech.diarization.voices import Heard

DIRECTIONS = 3
"""Directions in which pieces differ that are looked at; in the others lies what was said."""
FLOOR = 0.05
"""The least variance in each direction, as a share of the mean one: few pieces may lie in a line."""
FULL_SECONDS = 1.2
"""A shorter piece says less about who it is, in proportion."""
ROUNDS = 30
GAIN, GAIN_EACH = 7.0, 0.13
"""Least log-odds of two people taking turns over one: in all, and for each piece. Of 89 recordings of one
person none has both: none of up to 40 pieces more than 5.5, the longest 8.3 of 79 pieces, 0.10 for each. Of
370 single voices taken out of calls one has, by a hair."""
RETURNS, RETURN_SHARE = 5, 0.14
"""Least number of changes of speaker, and as a share of the pieces. One person whose voice changes in the
course of the call changes it once or twice."""
LEAST_PIECES = 10
"""Fewer can always be shared out somehow."""
LEAST_SHARE = 0.08
"""The second party's share of the speech: less is somebody's odd sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """Two people taking turns, as the pieces tell it."""

    belongs: NDArray[np.float32]
    """(pieces, 2): how likely each piece is each one's. The one who speaks longer is the first."""
    gain: float
    """Natural log-odds of two people over one."""

    @property
    def changes(self) -> int:
        """From how many pieces to the next the speaker changes."""
        return int((np.diff(self.belongs.argmax(axis=1)) != 0).sum())


def clearly_two(turns: Turns) -> bool:
    """True if nobody alone would sound like that: well apart, and back again and again."""
    count = len(turns.belongs)
    apart = count >= LEAST_PIECES and turns.gain >= max(GAIN, GAIN_EACH * count)
    return apart and turns.changes >= max(RETURNS, RETURN_SHARE * count)


def best_of_two(pieces: Heard, change: NDArray[np.float32]) -> Turns | None:
    """The likeliest way to share `pieces` (in time order) between two; None where there is too little.

    `change` (pieces - 1,): how likely the speaker changes after each piece, as far as the segmentation model
    and the pauses tell.
    """
    if (pieces.seconds > 0).sum() <= DIRECTIONS + 1:
        return None
    places = _places(pieces)
    weights = np.minimum(1.0, pieces.seconds / FULL_SECONDS).astype(float)
    tries = [
        _fit(places, weights, change, low)
        for low in (heaps(places[:, k], pieces.seconds)[0] for k in range(DIRECTIONS))
        if low.any()
    ]
    shares = [pieces.seconds @ found.belongs / pieces.seconds.sum() for found in tries]
    kept = [found for found, share in zip(tries, shares, strict=True) if share.min() >= LEAST_SHARE]
    if not kept:
        return None
    best = max(kept, key=lambda found: found.gain)
    order = np.argsort(-(pieces.seconds @ best.belongs), kind="stable")
    return Turns(best.belongs[:, order], best.gain)


def change_over(change: NDArray[np.float32], kept: NDArray[np.intp]) -> NDArray[np.float32]:
    """`change` for those pieces that are `kept` (ascending): over the others an odd number of changes is one.

    >>> change_over(np.array([0.125, 0.25, 0.25], np.float32), np.array([0, 1, 3])).tolist()
    [0.125, 0.375]
    """
    stays = [np.prod(1.0 - 2.0 * change[i:j]) for i, j in itertools.pairwise(kept.tolist())]
    return np.asarray(0.5 * (1.0 - np.array(stays)), dtype=np.float32)


def _places(pieces: Heard) -> NDArray[np.float64]:
    """(pieces, DIRECTIONS): where each piece lies along the directions in which they differ most."""
    weights = np.sqrt(pieces.seconds)[:, None]
    mean = np.average(pieces.vectors, axis=0, weights=pieces.seconds)
    _, _, axes = np.linalg.svd((pieces.vectors - mean) * weights, full_matrices=False)
    return np.asarray((pieces.vectors - mean) @ axes[:DIRECTIONS].T, dtype=np.float64)


def _fit(
    places: NDArray[np.float64],
    weights: NDArray[np.float64],
    change: NDArray[np.float32],
    low: NDArray[np.bool_],
) -> Turns:
    """Expectation and maximisation, from the pieces that are `low` and the rest. One covariance for both."""
    belongs = np.where(np.stack([low, ~low], axis=1), 0.95, 0.05)
    mean = np.average(places, axis=0, weights=weights)
    least = FLOOR * float(((places - mean) ** 2 * weights[:, None]).sum() / weights.sum()) / places.shape[1]
    alone = _normal(places, weights, mean[None], np.ones((len(places), 1)), least)[:, 0].sum()
    likelihood = -np.inf
    for _ in range(ROUNDS):
        mass = belongs * weights[:, None]
        means = mass.T @ places / np.maximum(mass.sum(axis=0)[:, None], 1e-6)
        scores = _normal(places, weights, means, belongs, least)
        before = likelihood
        belongs, likelihood = smooth(scores, change)
        if likelihood - before < 1e-3:
            break
    return Turns(belongs.astype(np.float32), float(likelihood - alone))


def _normal(
    places: NDArray[np.float64],
    weights: NDArray[np.float64],
    means: NDArray[np.float64],
    belongs: NDArray[np.float64],
    least: float,
) -> NDArray[np.float64]:
    """(pieces, people): weighted log density of each piece about each mean, less what all have in common."""
    apart = places[:, None] - means
    mass = (belongs * weights[:, None])[..., None]
    spread = np.einsum("npi,npj->ij", apart * mass, apart) / weights.sum()
    spread += least * np.eye(len(spread))
    within = np.einsum("npi,ij,npj->np", apart, np.linalg.inv(spread), apart)
    scores: NDArray[np.float64] = -0.5 * weights[:, None] * (within + np.linalg.slogdet(spread)[1])
    return scores


def smooth(scores: NDArray[np.float64], change: NDArray[np.floating]) -> tuple[NDArray[np.float64], float]:
    """Forward and backward: (pieces, 2) probabilities of who speaks, and the chain's log-likelihood.

    `scores` (pieces, 2): log-likelihood of each piece if each one speaks; `change` (pieces - 1,).
    """
    top = scores.max(axis=1)
    seen = np.exp(scores - top[:, None])
    forward, backward = np.empty_like(seen), np.ones_like(seen)
    scale = np.empty(len(seen))
    before = np.array([0.5, 0.5])
    for place, row in enumerate(seen):
        if place:
            before = _step(forward[place - 1], float(change[place - 1]))
        now = before * row
        scale[place] = now.sum()
        forward[place] = now / scale[place]
    for place in range(len(seen) - 2, -1, -1):
        backward[place] = (
            _step(backward[place + 1] * seen[place + 1], float(change[place])) / scale[place + 1]
        )
    both = forward * backward
    return both / both.sum(axis=1, keepdims=True), float(np.log(scale).sum() + top.sum())


def _step(of: NDArray[np.float64], change: float) -> NDArray[np.float64]:
    return of * (1.0 - change) + of[::-1] * change
