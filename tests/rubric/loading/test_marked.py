from itertools import pairwise
from pathlib import Path

import pytest

from qa.errors import RubricError
from qa.rubric.loading.marked import parse, read


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
    ("text", "place"),
    [
        ("a: 1\na: 2", "f:2:1"),
        ("a: [1", "f:1:6"),
        ("", "f:1:1"),
        ("? [x]\n: 1", "f:1:3"),
        ("a: 1\nb: x\x07y", "f:2:5"),
        ("a: *b", "f:1:4"),
        ("b:\n  - &a\n    c: [1, *a]", "f:2:5"),
        (
            "a: &a [x]\n"
            + "".join(f"{k}: &{k} [{', '.join(9 * [f'*{j}'])}]\n" for j, k in pairwise("abcdefgh")),
            "f:",
        ),
    ],
)
def test_errors_name_their_place(text: str, place: str) -> None:
    with pytest.raises(RubricError, match=f"^{place}"):
        parse(text, "f")


def test_nesting_without_end_ends_in_an_error() -> None:
    with pytest.raises(RubricError, match=r"^f:1:1: not YAML"):
        parse("[" * 50_000, "f")


def test_a_pyyaml_without_libyaml_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a:\n  - 'お詫び' # x\n  - |\n    b\nc: {d: 1, e: [~, true]}"
    fast = parse(text, "f")
    monkeypatch.setattr("yaml.__with_libyaml__", False)
    assert parse(text, "f") == fast


def test_an_alias_may_be_used_twice() -> None:
    assert parse("a: &x [1]\nb: *x\nc: *x", "f").data == {"a": [1], "b": [1], "c": [1]}


def test_other_encodings_are_named_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "sjis.yaml"
    path.write_bytes(b"a: 1\nb: " + "謝罪".encode("cp932"))
    with pytest.raises(RubricError, match=r"sjis\.yaml:2:4: not UTF-8"):
        read(path)
    path.write_bytes(b"\xef\xbb\xbfa: 1")
    assert read(path).data == {"a": 1}
