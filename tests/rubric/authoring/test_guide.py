"""What those who are scored read of a rubric."""

import pytest

from qa.errors import RubricError
from qa.model import Role
from qa.rubric import Guide, guide, load, read_folder, shipped


def shown(*names: str) -> Guide:
    return guide(map(read_folder, names))


def test_every_shipped_criterion_can_be_said_well_in_its_language() -> None:
    for name, language in (("support-ja", "ja"), ("support-en", "en")):
        found = shown(name)
        assert list(found.criteria) == [c.id for c in load(name).file.criteria]
        for criterion in found.criteria.values():
            assert criterion.title.ja and criterion.title.en and criterion.meaning.ja
            assert criterion.said_well, f"{name}: no example that meets {criterion.id}"
            assert {said.language for said in criterion.said_well} == {language}
            assert all(role in Role and text for said in criterion.said_well for role, text in said.lines)


def test_two_rubrics_keep_the_dialogues_of_both_languages() -> None:
    empathy = shown("support-ja", "support-en")["empathy"]
    assert {s.language for s in empathy.said_well} == {"ja", "en"}
    assert {s.language for s in empathy.in_language("en")} == {"en"}
    assert shown("support-en")["empathy"].in_language("ja"), "rather in another language than none"


def test_times_and_marks_are_not_shown_and_held_out_dialogues_stay_unseen() -> None:
    said = shown("support-ja")["no-interruption"].said_well
    assert said[0].lines[2] == (Role.AGENT, "はい")
    hidden = [e.dialogue for e in load("support-ja").criterion("empathy").examples if e.held_out]  # type: ignore[union-attr]
    seen = " ".join(text for s in shown("support-ja")["empathy"].said_well for _, text in s.lines)
    assert hidden and not any(line[3:] in seen for dialogue in hidden for line in dialogue)


def test_a_criterion_that_no_rubric_has_goes_by_its_id() -> None:
    found = shown(*shipped())["was-once"]
    assert (found.title.ja, found.said_well) == ("was-once", ())
    with pytest.raises(RubricError, match="no such folder"):
        shown("nowhere")
