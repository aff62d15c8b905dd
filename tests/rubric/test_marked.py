import pytest

from qa.errors import RubricError
from qa.rubric.marked import parse


def test_words_stay_words() -> None:
    text = "a: no\nb: on\nc: 2024-01-01\nd: 012:30\ne: true\nf: 1.5\ng: '1'\nh: ~"
    assert parse(text, "f").data == {
        "a": "no",
        "b": "on",
        "c": "2024-01-01",
        "d": "012:30",
        "e": True,
        "f": 1.5,
        "g": "1",
        "h": None,
    }


def test_places_count_from_one() -> None:
    document = parse("a:\n  - b: 1\n", "f")
    assert str(document.mark(("a", 0, "b"))) == "f:2:8"
    assert str(document.mark(("a", 0, "b"), key=True)) == "f:2:5"
    assert str(document.mark(("a", 7, "x"))) == "f:2:3"


@pytest.mark.parametrize(
    ("text", "place"), [("a: 1\na: 2", "f:2:1"), ("a: [1", "f:1:6"), ("", "f:1:1"), ("? [x]\n: 1", "f:1:3")]
)
def test_errors_name_their_place(text: str, place: str) -> None:
    with pytest.raises(RubricError, match=f"^{place}: "):
        parse(text, "f")
