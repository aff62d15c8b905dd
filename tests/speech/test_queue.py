"""Which chunks share a batch."""

from hypothesis import given
from hypothesis import strategies as st

from qa.speech.queue import Place, Waiting


def waiting(*rows: tuple[str, int, int]) -> Waiting[tuple[int, int]]:
    """A queue of (kind, turn, number) rows; items are (turn, number)."""
    queue: Waiting[tuple[int, int]] = Waiting()
    for kind, turn, number in rows:
        queue.add(kind, Place(turn, number), (turn, number))
    return queue


def test_the_oldest_call_goes_first_and_others_of_its_kind_fill_the_batch() -> None:
    queue = waiting(("25 ja", 2, 5), ("20 en", 3, 1), ("10 ja", 2, 4), ("25 ja", 1, 9), ("25 ja", 1, 8))
    assert queue.take(8) == [(1, 8), (1, 9), (2, 5)]
    assert queue.take(8) == [(2, 4)]
    assert queue.take(8) == [(3, 1)]
    assert queue.take(8) == []


def test_a_batch_has_its_most() -> None:
    queue = waiting(*(("a", turn, 0) for turn in range(5)))
    assert [len(queue.take(2)) for _ in range(3)] == [2, 2, 1]
    assert len(queue) == 0


def test_what_fits_one_batch_is_shared_out_among_those_who_are_free() -> None:
    queue = waiting(*(("a", turn, 0) for turn in range(5)))
    assert queue.take(8, takers=2) == [(0, 0), (1, 0), (2, 0)]
    assert queue.take(8, takers=1) == [(3, 0), (4, 0)]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4)), max_size=40),
    st.integers(1, 9),
    st.integers(1, 3),
)
def test_everything_comes_out_once_the_oldest_always_next(
    rows: list[tuple[str, int]], most: int, takers: int
) -> None:
    queue: Waiting[tuple[str, Place]] = Waiting()
    left = {Place(turn, number): kind for number, (kind, turn) in enumerate(rows)}
    for place, kind in left.items():
        queue.add(kind, place, (kind, place))
    while left:
        batch = queue.take(most, takers)
        assert 1 <= len(batch) <= most
        assert batch[0][1] == min(left)
        assert len({kind for kind, _ in batch}) == 1
        assert [place for _, place in batch] == sorted(place for _, place in batch)
        for kind, place in batch:
            assert left.pop(place) == kind
    assert queue.take(most, takers) == []
