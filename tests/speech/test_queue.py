"""Which chunks share a batch."""

from collections import Counter
from collections.abc import Callable, Hashable

from hypothesis import given
from hypothesis import strategies as st

from qa.speech.queue import PATIENCE, Place, Waiting


def waiting(*rows: tuple[str, int, int]) -> Waiting[tuple[int, int]]:
    """A queue of (kind, turn, number) rows; items are (turn, number)."""
    queue: Waiting[tuple[int, int]] = Waiting()
    for kind, turn, number in rows:
        queue.add(kind, Place(turn, number), (turn, number))
    return queue


def at_most(size: int) -> Callable[[Hashable], int]:
    """So many of any kind."""
    return lambda kind: size


def test_the_oldest_call_goes_first_and_others_of_its_kind_fill_the_batch() -> None:
    queue = waiting(("25 ja", 2, 5), ("20 en", 3, 1), ("10 ja", 2, 4), ("25 ja", 1, 9), ("25 ja", 1, 8))
    assert queue.take(at_most(8)) == [(1, 8), (1, 9), (2, 5)]
    assert queue.take(at_most(8)) == [(2, 4)]
    assert queue.take(at_most(8)) == [(3, 1)]
    assert queue.take(at_most(8)) == []


def test_a_batch_has_its_most() -> None:
    queue = waiting(*(("a", turn, 0) for turn in range(5)))
    assert [len(queue.take(at_most(2))) for _ in range(3)] == [2, 2, 1]
    assert len(queue) == 0


def test_what_fits_one_batch_is_shared_out_among_those_who_are_free() -> None:
    queue = waiting(*(("a", turn, 0) for turn in range(5)))
    assert queue.take(at_most(8), takers=2) == [(0, 0), (1, 0), (2, 0)]
    assert queue.take(at_most(8), takers=1) == [(3, 0), (4, 0)]


def test_nothing_is_shared_out_while_there_is_another_kind_for_the_others() -> None:
    queue = waiting(*(("a", 0, number) for number in range(4)), *(("b", 1, number) for number in range(4)))
    assert [len(queue.take(at_most(8), takers=2)) for _ in range(3)] == [4, 2, 1]


def test_each_kind_has_its_own_most() -> None:
    queue = waiting(*(("long", 0, n) for n in range(5)), *(("short", 1, n) for n in range(5)))
    assert [len(queue.take(lambda kind: 3 if kind == "long" else 9)) for _ in range(3)] == [3, 2, 5]


def test_what_fills_a_batch_goes_before_what_does_not() -> None:
    queue = waiting(("20 en", 1, 0), ("25 ja", 1, 1), ("25 ja", 2, 0), ("20 en", 3, 0), ("10 ja", 2, 1))
    assert queue.take(at_most(2)) == [(1, 0), (3, 0)]
    assert queue.take(at_most(2)) == [(1, 1), (2, 0)]
    assert queue.take(at_most(2)) == [(2, 1)]
    queue = waiting(("20 en", 1, 0), ("25 ja", 2, 0), ("25 ja", 3, 0))
    assert queue.take(at_most(2)) == [(2, 0), (3, 0)]
    assert queue.take(at_most(2)) == [(1, 0)]


def test_the_oldest_waits_for_so_many_full_batches_and_no_longer() -> None:
    queue = waiting(("odd", 0, 0), *(("full", 1, number) for number in range(2 * PATIENCE + 4)))
    batches = [queue.take(at_most(2)) for _ in range(PATIENCE + 3)]
    assert batches[PATIENCE] == [(0, 0)]
    assert [len(batch) for batch in batches] == [2] * PATIENCE + [1, 2, 2]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4)), max_size=40),
    st.integers(1, 9),
    st.integers(1, 3),
)
def test_everything_comes_out_once_the_oldest_next_where_nothing_else_fills_a_batch(
    rows: list[tuple[str, int]], most: int, takers: int
) -> None:
    queue: Waiting[tuple[str, Place]] = Waiting()
    left = {Place(turn, number): kind for number, (kind, turn) in enumerate(rows)}
    for place, kind in left.items():
        queue.add(kind, place, (kind, place))
    while left:
        batch = queue.take(at_most(most), takers)
        assert 1 <= len(batch) <= most
        counts = Counter(left.values())
        assert batch[0][1] == min(left) or counts[batch[0][0]] >= most
        assert batch[0][1] == min(place for place, kind in left.items() if kind == batch[0][0])
        assert len({kind for kind, _ in batch}) == 1
        assert [place for _, place in batch] == sorted(place for _, place in batch)
        for kind, place in batch:
            assert left.pop(place) == kind
    assert queue.take(at_most(most), takers) == []
