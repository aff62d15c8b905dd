"""Who is who, on hand-made vectors: each person is an axis, each piece that axis and some noise."""

import numpy as np
import pytest

pytest.importorskip("scipy")
from qa.speech.diarization import clustering
from qa.speech.diarization.voices import Heard, Voices

A, B, C = np.eye(3, 192, dtype=np.float32)


def sounds(*said: tuple[np.ndarray, float], noise: float = 0.5, seed: int = 1) -> Heard:
    """Pieces of (person, seconds): a cosine similarity of about 0.8 between two of one person."""
    random = np.random.default_rng(seed)
    rows = []
    for direction, _ in said:
        spread = random.normal(size=192).astype(np.float32)
        row = direction / np.linalg.norm(direction) + noise * spread / np.linalg.norm(spread)
        rows.append(row / np.linalg.norm(row))
    return Heard(np.array([seconds for _, seconds in said], np.float32), np.array(rows, np.float32))


def in_windows(heard: Heard, *windows: int) -> Voices:
    """One voice a piece; `windows` says in which window each is."""
    local = [windows[:index].count(window) for index, window in enumerate(windows)]
    return Voices(np.array(windows), np.array(local), heard)


def own(heard: Heard) -> Voices:
    return in_windows(heard, *range(len(heard.seconds)))


def pauses(heard: Heard) -> np.ndarray:
    """Nothing but pauses between the pieces."""
    return np.full(len(heard.seconds) - 1, 0.35, np.float32)


def people_in(heard: Heard, voices: Voices | None = None, speakers: tuple[int, int] = (1, 4)) -> int:
    found = clustering.find_people(heard, voices or own(heard), speakers, pauses(heard))
    return len(found.directions)


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ([(A, 2.0)] * 6, 1),
        ([(A, 2.0)], 1),
        ([(A, 0.4)], 1),
        ([(A, 2.0)] * 6 + [(B, 2.0)] * 3, 2),
        # the second party says one sentence in the whole call
        ([(A, 2.0)] * 20 + [(B, 1.6)], 2),
        # somebody coughs: no party, and no third person
        ([(A, 2.0)] * 8 + [(B, 1.1)], 1),
        ([(A, 2.0)] * 8 + [(B, 2.0)] * 8 + [(C, 2.0)], 2),
        # the announcement before the call
        ([(C, 2.0)] * 4 + [(A, 2.0)] * 8 + [(B, 2.0)] * 8, 3),
    ],
)
def test_how_many_people(said: list[tuple[np.ndarray, float]], people: int) -> None:
    heard = sounds(*said)
    assert people_in(heard) == people


def test_a_third_person_who_sounds_much_like_a_party_is_that_party() -> None:
    agitated = A + 0.9 * C
    heard = sounds(*[(A, 2.0)] * 8, *[(B, 2.0)] * 8, *[(agitated, 2.0)] * 4, noise=0.2)
    assert people_in(heard) == 2


@pytest.mark.parametrize(
    ("similarity", "seconds", "people"),
    [
        (0.5, 2.0, 2),  # another voice, and a sentence of it
        (0.5, 1.0, 1),  # a cough
        (0.7, 2.0, 1),  # the same person in another mood
        (0.7, 10.0, 2),  # much alike, but half of the call: the other party
        (0.8, 10.0, 1),
    ],
)
def test_who_is_a_party(similarity: float, seconds: float, people: int) -> None:
    other = similarity * A + np.float32(np.sqrt(1 - similarity**2)) * B
    assert len(clustering._accept([(12.0, A), (seconds, other)], 4)) == people


def test_the_bounds_are_kept() -> None:
    heard = sounds(*[(A, 2.0)] * 8, *[(B, 2.0)] * 8, *[(C, 2.0)] * 8)
    assert people_in(heard, speakers=(1, 2)) == 2
    assert people_in(heard, speakers=(1, 1)) == 1
    alone = sounds(*[(A, 2.0)] * 8)
    assert people_in(alone, speakers=(2, 2)) == 2


def test_alike_voices_are_two_people_if_the_model_hears_two_at_once() -> None:
    """So few that their turns would not tell; but in each window they are heard beside each other."""
    sister = A + 0.9 * B
    heard = sounds(*[(A, 3.0), (sister, 3.0)] * 4, noise=0.4)
    apart = own(heard)
    together = in_windows(heard, 0, 0, 1, 1, 2, 2, 3, 3)
    assert people_in(heard, apart) == 1
    assert people_in(heard, together) == 2


TURNS = ["A", "A", "s", "A", "s", "s", "A", "A", "A", "s"] * 3


def test_alike_voices_are_two_people_if_they_take_turns() -> None:
    """No window hears both; the pieces are theirs by the turns, whatever they are nearer to."""
    sister = A + 0.8 * B
    heard = sounds(*[(A if who == "A" else sister, 1.5) for who in TURNS], noise=0.45)
    owners = clustering.assign(heard, own(heard), (1, 4), pauses(heard))
    assert owners.people.belongs.argmax(axis=1).tolist() == [int(who == "s") for who in TURNS]
    assert owners.people.belongs.sum(axis=1) == pytest.approx(1.0)
    assert people_in(heard, speakers=(1, 1)) == 1


def test_what_windows_say_of_a_change_counts_more_if_they_tell_the_two_apart() -> None:
    """A piece that sounds like either, in one breath with the piece before: it is not given to the other."""
    sister, between = A + 0.9 * B, A + 0.45 * B
    said = [A, A, A, sister, sister, sister] * 4
    said[7] = between
    heard = sounds(*[(person, 2.0) for person in said], noise=0.4)
    places = [0, 1, 2, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 17, 18, 19]
    change = np.where(np.arange(23) % 3 == 2, 0.7, 0.2).astype(np.float32)
    for windows, same in ((in_windows(heard, *places), True), (own(heard), False)):
        belongs = clustering.find_people(heard, windows, (1, 4), change).belongs
        assert (belongs[7].argmax() == belongs[6].argmax()) is np.bool_(same)


def test_one_of_two_people_may_be_two_who_sound_alike() -> None:
    """A call passed on to a colleague, whose voice is much like the caller's."""
    sister = A + 0.8 * B
    said = [(A if who == "A" else sister, 1.5) for who in TURNS]
    heard = sounds(*[(C, 1.5)] * 5, *said[:15], *[(C, 1.5)] * 5, *said[15:], noise=0.4)
    people = clustering.find_people(heard, own(heard), (1, 4), pauses(heard))
    assert len(people.directions) == 3
    assert not people.belongs[:5].any()  # C is known by the sound
    assert people.belongs[5:20].any(axis=1).all()
    alone = sounds(*[(C, 1.5)] * 5, *[(A, 1.5)] * 15, *[(C, 1.5)] * 5, *[(A, 1.5)] * 15, noise=0.4)
    assert people_in(alone) == 2


def test_two_voices_of_a_window_are_two_people() -> None:
    """The short second voice is a little nearer to A, too; but A is already speaking."""
    heard = sounds((A, 3.0), (A + 0.95 * B, 0.5), noise=0.0)
    assert clustering.give(in_windows(heard, 0, 0), np.stack([A, B])).tolist() == [0, 1]
    assert clustering.give(in_windows(heard, 0, 1), np.stack([A, B])).tolist() == [0, 0]


def test_one_voice_that_the_model_has_split_in_two_is_one_person() -> None:
    heard = sounds((A, 3.0), (A, 3.0), noise=0.1)
    assert clustering.give(in_windows(heard, 0, 0), np.stack([A, B])).tolist() == [0, 0]
    assert clustering.give(in_windows(heard, 0, 0), A[None]).tolist() == [0, 0]


def test_an_unheard_voice_is_whoever_is_left() -> None:
    """A backchannel wholly under the other's speech cannot be embedded; it is not the other's."""
    heard = Heard(np.array([3.0, 0.0], np.float32), np.stack([A, np.zeros(192, np.float32)]))
    assert clustering.give(in_windows(heard, 0, 0), np.stack([A, B])).tolist() == [0, 1]
    assert clustering.give(in_windows(heard, 0, 0), A[None]).tolist() == [0, -1]


@pytest.mark.parametrize(
    ("similarity", "margin"), [([0.8, 0.2], 1.0), ([0.6, 0.45], 0.75), ([0.4, 0.5], 0.5)]
)
def test_margins(similarity: list[float], margin: float) -> None:
    found = clustering.margins(np.array([similarity], np.float32), np.array([0]))
    assert found[0] == pytest.approx(margin)


def test_owners_of_a_whole_call() -> None:
    heard = sounds(*[(A, 2.0), (B, 2.0)] * 6)
    owners = clustering.assign(heard, own(heard), (1, 4), pauses(heard))
    assert owners.owner.tolist() in ([0, 1] * 6, [1, 0] * 6)
    assert owners.margin.min() > 0.9
