"""Sound in one party's channel that voice activity does not take for speech, and may well be.

Whispering, breathy and far-off voices: Silero is sure that they are none (probabilities near 0), although
they stand clearly above the line's noise. In stereo nothing else but the channel's own party, the other's
leakage, music or noise can be there: of the first two we know where they are, and noise that comes and goes
(a gate that opens, a street) stays on one level while it sounds, as no voice does.

    own level      ____████▁██____▂▂▂▂▂▂____████████____
    speech             |=====|                           found by voice activity
    other party               |=========|                louder: leakage
    quiet                                    |======|    worth hearing; unheard if no words come of it
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.model import Span, merge_spans, outside
from qa.speech.vad import STEP

ABOVE = 12.0
"""dB over the channel's noise (its quietest fifth) from which something sounds."""
LOUDEST_OTHER = 10.0
"""dB by which the other channel may be louder: beyond it, it may be leakage."""
SHORTEST = 0.6
"""Seconds: shorter sounds are breaths, clicks and keys."""
BRIDGE = 0.3
"""Pauses within words and between them, seconds."""
BESIDE = 0.4
"""Seconds around speech that are its breath, not another sound."""
STEADY = 4.0
"""dB between the loudest and the softest tenth of `SHORTEST` seconds: steadier is no voice. White noise keeps
within 3; of 1600 stretches of speech in made calls none kept within 4 throughout, half range over 17."""


def quiet_sound(
    speech: tuple[Span, ...], own: NDArray[np.float32], other: NDArray[np.float32]
) -> tuple[Span, ...]:
    """Where a channel sounds beside `speech`, its voice activity. `own`, `other`: dB a frame of `STEP`."""
    if not len(own):
        return ()
    floor = float(np.percentile(own, 20))
    frames = np.flatnonzero((own > floor + ABOVE) & (other - own < LOUDEST_OTHER))
    sounding = merge_spans((Span(i * STEP, (i + 1) * STEP) for i in frames.tolist()), gap=BRIDGE)
    around = [span.pad(BESIDE) for span in speech]
    found = (span for span in outside(sounding, around) if span.duration >= SHORTEST)
    return tuple(span for span in found if _varies(own[frames[_within(frames, span)]]))


def _within(frames: NDArray[np.intp], span: Span) -> slice:
    """Where `frames`, in order, lie in `span`."""
    first, last = np.searchsorted(frames, np.round(np.array([span.start, span.end]) / STEP))
    return slice(int(first), int(last))


def _varies(levels: NDArray[np.float32]) -> bool:
    """True if the level goes up and down somewhere, as a voice's does. `levels`: dB a frame that sounds."""
    length = min(len(levels), round(SHORTEST / STEP))
    if not length:
        return False
    pieces = np.lib.stride_tricks.sliding_window_view(levels, length)[:: max(1, length // 2)]
    soft, loud = np.percentile(pieces, (10, 90), axis=1)
    return bool((loud - soft).max() > STEADY)
