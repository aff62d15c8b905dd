import pytest

from qa.rubric import forms


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("申し訳ございません", ["申し訳ございません"]),
        ("(大変)?失礼", ["大変失礼", "失礼"]),
        ("(a|b) c", ["a c", "b c"]),
        ("a (b|)", ["a b", "a "]),
        ("（ご|お）心配", ["ご心配", "お心配"]),
    ],
)
def test_alternatives_are_written_out(form: str, words: list[str]) -> None:
    found = ["".join(p.text for p in s if isinstance(p, forms.Piece)) for s in forms.expand(form)]
    assert found == words


def test_slots_gaps_and_inflections_are_parts_of_their_own() -> None:
    (sequence,) = forms.expand("〈company〉の〈name〉…です")
    assert [type(part).__name__ for part in sequence] == ["Slot", "Piece", "Slot", "Gap", "Piece"]
    assert forms.expand("お詫びする〜") == ((forms.Piece("お詫びする", inflected=True),),)


@pytest.mark.parametrize(
    ("form", "column"),
    [("(a", 0), ("a)", 1), ("a|b", 1), ("〈nobody〉です", 0), ("x <name", 2), ("<name>", 0)],
)
def test_a_wrong_form_says_where(form: str, column: int) -> None:
    with pytest.raises(forms.FormError) as caught:
        forms.expand(form)
    assert caught.value.column == column


def test_a_form_may_not_explode() -> None:
    with pytest.raises(forms.FormError, match="sequences"):
        forms.expand("(a|b|c|d|e|f|g|h)" * 5)
