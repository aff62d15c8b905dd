import pytest

from qa.rubric.phrases import forms
from qa.rubric.phrases.compiled import Segment, compile_patterns


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
    ((part,),) = forms.expand(form)
    assert isinstance(part, forms.Words)
    assert [piece.text for piece in part.pieces] == words


def test_slots_gaps_and_inflections_are_parts_of_their_own() -> None:
    (sequence,) = forms.expand("〈company〉の〈name〉…です")
    assert [type(part).__name__ for part in sequence] == ["Slot", "Words", "Slot", "Gap", "Words"]
    assert forms.expand("お詫びする〜") == ((forms.Words((forms.Piece("お詫びする", inflected=True),)),),)


@pytest.mark.parametrize(
    ("form", "column"),
    [("(a", 0), ("a)", 1), ("a|b", 1), ("〈nobody〉です", 0), ("x <name", 2), ("<name>", 0)],
)
def test_a_wrong_form_says_where(form: str, column: int) -> None:
    with pytest.raises(forms.FormError) as caught:
        forms.expand(form)
    assert caught.value.column == column


def plain(form: str) -> list[str]:
    """The rows, a place in brackets if it has several wordings."""

    def shown(part: forms.Part) -> str:
        if not isinstance(part, forms.Words):
            return "…" if isinstance(part, forms.Gap) else f"<{part.kind}>"
        texts = [piece.text + "~" * piece.inflected for piece in part.pieces]
        return texts[0] if len(texts) == 1 else f"({'|'.join(texts)})"

    return [" ".join(map(shown, row)) for row in forms.expand(form)]


@pytest.mark.parametrize(
    ("form", "rows"),
    [
        ("(a|b|c)(x|y)…(d|e)…(f|g)", ["(ax|ay|bx|by|cx|cy) … (d|e) … (f|g)"]),
        ("(a…b|c)d", ["cd", "a … bd"]),
        ("a…(b)?…c", ["a … b … c", "a … c"]),
        ("(a)?…b", ["a … b", "b"]),
        ("(a <name>|b)(c|)", ["(bc|b)", "a  <name> c", "a  <name>"]),
        ("(go~|stay) now", ["stay now", "go~  now"]),
        ("(go~|stay)…now", ["(go~|stay) … now"]),
        ("(go~|stay)( now)?", ["(stay now|stay|go~)", "go~  now"]),
    ],
)
def test_alternatives_stay_together_between_gaps(form: str, rows: list[str]) -> None:
    assert plain(form) == rows


def test_a_form_of_many_alternatives_is_one_pattern() -> None:
    eight = "(アイ|カキ|サシ|タチ|ナニ|ハヒ|マミ|ラリ)"
    (pattern,) = compile_patterns([f"{eight}…{eight}<name>{eight}"], "ja")
    sizes = [len(part.literals) for part in pattern.parts if isinstance(part, Segment)]
    assert sizes == [8, 8, 8]


def test_a_form_may_not_explode() -> None:
    with pytest.raises(forms.FormError, match="wordings"):
        forms.expand("(a|b|c|d|e|f|g|h)" * 5)
    assert len(forms.expand("…".join(["(a|b|c|d|e|f|g|h)"] * 5))) == 1
