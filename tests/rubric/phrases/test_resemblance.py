"""What is like a list's examples, though no form fits it, is left to a person."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import RubricError
from qa.language import get
from qa.model import Outcome
from qa.rubric import (
    Kept,
    annotate,
    keep,
    load,
    recall,
    score,
    score_annotated,
    score_kept,
    voices_kept,
)
from qa.rubric.authoring.notation import conversation
from qa.rubric.phrases.compiled import speak
from qa.rubric.phrases.resemblance import Resemblance, Sentences, windows
from tests.rubric.helpers import RECEIPT, RUBRIC, write

KIND = (
    "that must be awful for you",
    "how upsetting for you",
    "I can imagine how awful that was",
    "how awful it must be",
)
OTHER = (
    "your order number please",
    "I will send it tomorrow",
    "please hold the line",
    "is there anything else",
)
SENTENCES = """\
sentences:
  - of: [kind]
    hits: [you must be really upset, you are upset and so you should be, how upsetting it must be,
      that must be awful, how awful that is, it must be upsetting for you, that was awful for you]
    misses: [I was upset about the weather]
  - of: [sorry]
    leave: [rude]
    hits: [my apologies for the delay, your order went to the wrong address, the line was busy]
"""


def resemblance(**examples: tuple[tuple[str, ...], tuple[str, ...]]) -> Resemblance:
    groups = (
        Sentences(frozenset({"kind"}), frozenset(), KIND),
        Sentences(frozenset({"sorry"}), frozenset(), OTHER),
    )
    return Resemblance("en", groups, {"kind": ((), ()), **examples})


def sound(text: str) -> str:
    return speak(text, get("en"))


def like(known: Resemblance, sound: str) -> float:
    """How like the kind things it is."""
    [likeness] = known.likeness("kind", known.read([sound]))
    return likeness


def test_examples_are_alike_and_other_sentences_are_not() -> None:
    known = resemblance()
    assert min(like(known, sound(text)) for text in KIND) > 0.3
    assert max(like(known, sound(text)) for text in OTHER) < 0.1
    assert like(known, sound("awful for you that must have been")) > 0.4
    assert like(known, sound("what is the number on the invoice")) < 0.2


def test_a_list_s_own_examples_teach_too() -> None:
    new = sound("gosh what a palaver")
    taught = resemblance(kind=(("what a palaver that is", "gosh what a mess"), ()))
    untaught = resemblance(kind=((), ("what a palaver that is", "gosh what a mess")))
    assert like(untaught, new) < like(resemblance(), new) < like(taught, new)


def test_without_sentences_nothing_is_known() -> None:
    assert not Resemblance("en", (), {"kind": (KIND, ())}).knows("kind")
    assert not resemblance().knows("unheard-of")


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60), st.sampled_from(["ja", "en"]))
def test_windows_hold_every_word(lengths: list[int], code: str) -> None:
    starts = [sum(lengths[:n]) for n in range(len(lengths))]
    found = list(windows(starts, sum(lengths), code))
    assert {n for first, last in found for n in range(first, last + 1)} == set(range(len(lengths)))
    assert all(first < later for (first, _), (later, _) in pairwise(found))


def taught(folder: Path, alike: str = ", alike: true", sentences: str = SENTENCES) -> Path:
    """The rubric of the tests, with sentences, and likeness where kindness is asked for."""
    assert "said: {phrases: kind," in RUBRIC
    rubric = RUBRIC.replace("said: {phrases: kind,", f"said: {{phrases: kind{alike},")
    write(folder, rubric, sorry="so sorry")
    (folder / "phrases" / "en" / "sentences.yaml").write_text(sentences, encoding="utf-8")
    return folder


def kindness(folder: Path, line: str) -> tuple[Outcome, str]:
    """What the first criterion comes to when the agent says this, and what it quotes."""
    talk = conversation(["C: the parcel never came and my lamp is broken", f"A: {line}"], "en")
    finding = score(talk, load(folder), RECEIPT).findings[0]
    return finding.outcome, finding.evidence[0].quote


@pytest.mark.parametrize(
    ("line", "alike", "expected"),
    [
        ("you must be upset with the delay of the order", ", alike: true", Outcome.NEEDS_REVIEW),
        ("you must be upset with the delay of the order", "", Outcome.NOT_MET),
        ("it must be so upsetting for you", ", alike: true", Outcome.MET),
        ("what is your order number please", ", alike: true", Outcome.NOT_MET),
        ("that must be hard", ", alike: true", Outcome.MET),
    ],
)
def test_what_is_like_the_examples_counts_and_what_may_be_asks_a_person(
    tmp_path: Path, line: str, alike: str, expected: Outcome
) -> None:
    outcome, quote = kindness(taught(tmp_path, alike), line)
    assert outcome is expected
    if expected in (Outcome.NEEDS_REVIEW, Outcome.MET):
        assert quote == line


def test_a_doubtful_form_unlike_any_example_is_none(tmp_path: Path) -> None:
    folder = taught(tmp_path)
    path = folder / "phrases" / "en" / "kind.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "perhaps: [the line]\n", encoding="utf-8")
    assert kindness(folder, "please hold the line while the system loads")[0] is Outcome.NOT_MET
    text = (folder / "rubric.yaml").read_text(encoding="utf-8")
    (folder / "rubric.yaml").write_text(text.replace(", alike: true", ""), encoding="utf-8")
    assert kindness(folder, "please hold the line while the system loads")[0] is Outcome.NEEDS_REVIEW


TROUBLES = """\
  - of: [trouble]
    hits: [my lamp is broken, the screen came broken, everything in the box is broken, the glass is broken,
      it broke on the first day, my parcel is lost, they lost my suitcase, the key got lost in the post]
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("the glass of my lamp is broken", Outcome.NOT_MET),
        ("hold on I am at the broken bridge for the tour tickets please", Outcome.NEEDS_REVIEW),
        ("would you book me a table please", Outcome.NOT_APPLICABLE),
    ],
)
def test_a_trouble_unlike_any_other_is_not_certain(tmp_path: Path, line: str, expected: Outcome) -> None:
    folder = taught(tmp_path, sentences=SENTENCES + TROUBLES)
    path = folder / "rubric.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("said: trouble, by", "said: trouble, alike: true, by") + "thresholds: {unlike: 0.6}\n",
        encoding="utf-8",
    )
    talk = conversation([f"C: {line}", "A: what is your order number please"], "en")
    assert score(talk, load(folder), RECEIPT).findings[0].outcome is expected


def test_a_sentence_of_an_unknown_list_is_an_error(tmp_path: Path) -> None:
    folder = taught(tmp_path, sentences=SENTENCES.replace("[kind]", "[kin]"))
    with pytest.raises(RubricError, match=r"sentences\.yaml:2:.*'kin'.*kind"):
        load(folder)


def test_examples_decide_so_they_are_part_of_the_revision(tmp_path: Path) -> None:
    folder = taught(tmp_path)
    before = load(folder).revision
    path = folder / "phrases" / "en" / "sentences.yaml"
    path.write_text(path.read_text().replace("how upsetting it must be", "poor you"), encoding="utf-8")
    assert load(folder).revision != before


def test_a_judgement_by_other_examples_does_not_hold(tmp_path: Path) -> None:
    folder = taught(tmp_path)
    talk = conversation(["C: my lamp is broken", "A: you must be so upset about it"], "en")
    kept = Kept(talk.call)
    first = score_kept(talk, lambda: annotate(talk), load(folder), RECEIPT, kept=kept)
    path = folder / "phrases" / "en" / "kind.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "misses: [", "misses: [you must be so upset, you are so upset, "
        ),
        encoding="utf-8",
    )
    other = load(folder)
    again = score_kept(talk, lambda: annotate(talk), other, RECEIPT, kept=Kept(talk.call, kept.body()))
    assert again == score(talk, other, RECEIPT)
    assert first.findings[0].outcome is Outcome.MET


@pytest.mark.parametrize(("taught_more", "reads"), [("", False), ("you are so upset, ", True)])
def test_what_was_found_alike_is_kept_as_long_as_the_examples_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taught_more: str, reads: bool
) -> None:
    folder = taught(tmp_path)
    talk = conversation(["C: my lamp is broken", "A: it must be so upsetting for you"], "en")
    annotated = annotate(talk)
    first = score_annotated(annotated, load(folder), RECEIPT)
    body = keep(annotated)
    path = folder / "phrases" / "en" / "kind.yaml"
    text = path.read_text(encoding="utf-8").replace("misses: [", f"misses: [{taught_more}")
    path.write_text(text, encoding="utf-8")
    read: list[str] = []
    real = Resemblance.read
    monkeypatch.setattr(
        Resemblance, "read", lambda self, sounds: (read.extend(sounds), real(self, sounds))[1]
    )
    again = score_annotated(recall(talk, voices_kept(body)), load(folder), RECEIPT)
    assert bool(read) is reads
    assert again.findings[0].outcome is first.findings[0].outcome is Outcome.MET
    assert again.findings[0].evidence == first.findings[0].evidence
