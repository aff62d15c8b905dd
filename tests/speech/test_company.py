"""A call's words do not depend on the calls it shares batches with. Real engines, real audio."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.model import Call, Heard, Span
from qa.settings import Settings
from qa.speech import Engines, listen
from qa.speech.fakes import FakeSource
from tests.speech.samples import sample

NAMES = ("ja-01-internet-down-stereo", "ja-02-double-billing-stereo", "en-01-late-parcel-stereo")
SECONDS = 20.0
ROUNDING = 0.02
"""By which a word's probability may differ. The encoder and the alignment work on one chunk at a time, so
they know no company; the decoder's matrix products add up floats in an order that depends on the size of
the batch, which may move a probability and, where two candidates are level, might one day move a word."""


def hear(name: str, engines: Engines, settings: Settings, turn: int) -> Heard:
    """The first seconds of a call; every second call has a name to be hinted."""
    whole = sample(name).source
    source = FakeSource(*(whole.read(channel, Span(0.0, SECONDS)) for channel in (0, 1)))
    call = Call(id=name, agent_name="佐藤" if name == NAMES[1] else None)
    return listen(source, call, source.quality, engines.for_call(turn), settings)


def together(names: Sequence[str], engines: Engines, settings: Settings) -> dict[str, Heard]:
    """All at the same time, in this order."""
    with ThreadPoolExecutor(len(names)) as pool:
        heard = [pool.submit(hear, name, engines, settings, turn) for turn, name in enumerate(names)]
        return {name: one.result() for name, one in zip(names, heard, strict=True)}


@pytest.fixture(scope="module")
def alone(engines: Engines, settings: Settings) -> dict[str, Heard]:
    """Each call by itself."""
    return {name: hear(name, engines, settings, 0) for name in NAMES}


@pytest.mark.models
@pytest.mark.parametrize("order", [NAMES, NAMES[::-1], (*NAMES[1:], NAMES[0])], ids=["one", "two", "three"])
def test_words_are_the_same_alone_and_in_any_company(
    alone: dict[str, Heard], engines: Engines, settings: Settings, order: tuple[str, ...]
) -> None:
    for name, heard in together(order, engines, settings).items():
        assert len(heard.words) > 10
        assert [(w.text, w.span, w.channel) for w in heard.words] == [
            (w.text, w.span, w.channel) for w in alone[name].words
        ]
        for word, same in zip(heard.words, alone[name].words, strict=True):
            assert word.probability == pytest.approx(same.probability, abs=ROUNDING)
        assert (heard.speech, heard.dropped) == (alone[name].speech, alone[name].dropped)
