"""Sound in one party's channel that voice activity does not take for speech, and may well be.

Whispering, breathy and far-off voices: Silero is sure that they are none (probabilities near 0), although
they stand clearly above the line's noise. In stereo nothing else but the channel's own party, the other's
leakage or music can be there, and of those two we know where they are.

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
    return tuple(span for span in outside(sounding, around) if span.duration >= SHORTEST)
