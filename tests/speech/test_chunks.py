"""Speech of one channel, packed and mapped back."""

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import Span
from qa.speech.chunks import ChunkOptions, cut, plan_layouts, quietest_in
from qa.speech.fakes import FakeSource
from qa.speech.protocols import Layout, Piece
from tests.speech.sounds import hum, silence, spans

OPTIONS = ChunkOptions(longest=10.0, padding=0.25, bridge=0.6, gap=0.1)


def pieces(layouts: tuple[Layout, ...]) -> list[list[tuple[float, float, float]]]:
    return [
        [(round(p.at, 3), round(p.span.start, 3), round(p.span.end, 3)) for p in layout.pieces]
        for layout in layouts
    ]


@pytest.mark.parametrize(
    ("speech", "expected"),
    [
        # nothing
        ([], []),
        # one span, with air around it
        ([(1, 2)], [[(0, 0.75, 2.25)]]),
        # at the edges there is no more air than there is recording
        ([(0.1, 2), (19.9, 20)], [[(0, 0, 2.25), (2.35, 19.65, 20)]]),
        # a short pause stays
        ([(1, 2), (2.5, 3)], [[(0, 0.75, 3.25)]]),
        # a long pause is cut out, with a small gap in its place
        ([(1, 2), (8, 9)], [[(0, 0.75, 2.25), (1.6, 7.75, 9.25)]]),
        # neighbours share the air between them
        ([(1, 2), (2.7, 3)], [[(0, 0.75, 2.25), (1.6, 2.45, 3.25)]]),
        # what does not fit starts the next chunk
        ([(1, 7), (9, 14)], [[(0, 0.75, 7.25)], [(0, 8.75, 14.25)]]),
    ],
)
def test_packing(speech: list[tuple[float, float]], expected: list[list[tuple[float, float, float]]]) -> None:
    found = plan_layouts(spans(*speech), 20.0, 0, options=OPTIONS)
    assert pieces(found) == expected


def test_a_chunk_ends_at_the_longest_pause_of_its_last_third() -> None:
    #   0----3  4---------8  12-13  13.8-14.3 | the last two could fit, but 8..12 is where to part
    found = plan_layouts(spans((0, 3), (4, 8), (12, 13), (13.8, 14.3), (15.1, 20)), 20.0, 0, options=OPTIONS)
    assert [layout.pieces[0].span.start for layout in found] == [0, 11.75]


def test_no_scrap_is_left_over() -> None:
    #   0--3  4---7  9--11  14-15 | the longest pause is before a second of speech that would be alone
    speech = spans((0, 3), (4, 7), (9, 11), (14, 15))
    found = plan_layouts(speech, 20.0, 0, options=dataclasses.replace(OPTIONS, least=3.0))
    assert [layout.pieces[0].span.start for layout in found] == [0, 8.75]
    #   where nothing need be left, or more follows, it decides
    found = plan_layouts(speech, 20.0, 0, options=OPTIONS)
    assert [layout.pieces[0].span.start for layout in found] == [0, 13.75]
    more = (*speech, Span(16, 20))
    found = plan_layouts(more, 21.0, 0, options=dataclasses.replace(OPTIONS, least=3.0))
    assert [layout.pieces[0].span.start for layout in found] == [0, 13.75]


def test_a_long_span_is_cut_where_it_is_quietest() -> None:
    source = FakeSource(hum(16, (0, 8.0), (8.3, 16)))
    found = plan_layouts(spans((0, 16)), 16.0, 0, quietest_in(source, 0), OPTIONS)
    assert len(found) == 2
    assert 8.0 <= found[1].pieces[0].span.start <= 8.3


def test_the_audio_of_a_chunk_is_the_audio_of_its_pieces() -> None:
    source = FakeSource(silence(20), hum(20, (1, 2), (8, 9)))
    (layout,) = plan_layouts(spans((1, 2), (8, 9)), 20.0, 1, options=OPTIONS)
    chunk = cut(source, layout)
    assert chunk.channel == 1
    assert len(chunk.samples) == round(3.1 * 16000)
    loud = np.flatnonzero(np.abs(chunk.samples) > 0.05) / 16000
    assert loud.min() == pytest.approx(0.25, abs=0.01)
    assert loud.max() == pytest.approx(2.85, abs=0.01)
    assert not np.any(np.abs(chunk.samples[round(1.3 * 16000) : round(1.8 * 16000)]) > 0)


def test_a_chunk_is_as_long_as_it_says_and_read_only_when_asked() -> None:
    class Counting(FakeSource):
        asked = 0

        def read(self, channel: int, span: Span) -> np.ndarray:
            Counting.asked += 1
            return super().read(channel, span)

    source = Counting(hum(20, (1, 2), (8, 9)))
    (layout,) = plan_layouts(spans((1, 2.0004), (8, 9)), 20.0, 0, options=OPTIONS)
    chunk = cut(source, layout)
    assert (chunk.seconds, Counting.asked) == (pytest.approx(layout.duration, abs=1e-4), 0)
    assert len(chunk.samples) == chunk.seconds * 16000
    assert Counting.asked == len(layout.pieces)


LAYOUT = Layout(0, (Piece(0.0, Span(10, 12)), Piece(2.1, Span(30, 31))))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ((0.5, 1.0), (10.5, 11.0)),
        ((2.2, 2.6), (30.1, 30.5)),
        # across the cut: it belongs to the piece that holds its middle
        ((1.5, 2.3), (11.5, 12.0)),
        ((1.9, 2.9), (30.0, 30.8)),
        # in the gap: the nearer piece
        ((2.0, 2.04), (12.0, 12.0)),
        # beyond the end
        ((3.0, 3.4), (30.9, 31.0)),
    ],
)
def test_chunk_time_to_recording_time(inside: tuple[float, float], expected: tuple[float, float]) -> None:
    found = LAYOUT.to_recording(Span(*inside))
    assert (found.start, found.end) == pytest.approx(expected)


def test_pieces_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="in time order"):
        Layout(0, (Piece(0.0, Span(10, 12)), Piece(1.0, Span(13, 14))))
    with pytest.raises(ValueError, match="at least one piece"):
        Layout(0, ())


@given(
    st.lists(st.tuples(st.floats(0, 300), st.floats(0.1, 40)), max_size=12),
)
def test_every_second_of_speech_is_in_exactly_one_chunk(raw: list[tuple[float, float]]) -> None:
    speech: list[Span] = []
    for start, length in sorted(raw):
        begin = max(start, speech[-1].end + 0.16 if speech else 0.0)
        speech.append(Span(begin, begin + length))
    duration = speech[-1].end + 1 if speech else 1.0
    layouts = plan_layouts(speech, duration, 0)
    laid = [piece.span for layout in layouts for piece in layout.pieces]
    assert all(layout.duration <= ChunkOptions().longest + 1e-6 for layout in layouts)
    assert all(a.end <= b.start + 1e-9 for a, b in itertools.pairwise(laid))
    for span in speech:
        assert sum(span.overlap(piece) for piece in laid) == pytest.approx(span.duration, abs=1e-6)
