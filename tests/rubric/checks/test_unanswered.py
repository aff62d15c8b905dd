"""A trouble that the agent answered with no feeling and no apology: how plainly it must be told to be one."""

import pytest

from qa.model import Outcome
from qa.rubric import load, score
from qa.rubric.authoring.notation import conversation
from tests.rubric.helpers import RECEIPT

OPENING = "A: Harbor Travel, this is Nadia speaking, how can I help?"
UNMOVED = ["A: What are the dates?", "C: The tenth to the twentieth", "A: Goodbye then"]
STORY = (
    "C: So we are two adults and a child of five and we would like to go over on the ferry in the summer"
    " holidays with the car and the bikes on the back, my sister {} and she wants a cabin with a window near"
    " the children's corner if there is one to be had{}"
)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param(STORY.format("has not been before", ""), Outcome.NOT_APPLICABLE, id="no trouble"),
        pytest.param(
            STORY.format(
                "has never slept on a boat, the brochure was lost in the post", ", the tent is broken"
            ),
            Outcome.NEEDS_REVIEW,
            id="in passing, in a long story like no example",
        ),
        pytest.param("C: The ticket has not arrived", Outcome.NOT_MET, id="most of what is said"),
        pytest.param(
            "C: I booked the ferry for the tenth, I have been charged twice for the cabin and nobody called"
            " me back about it, and I have been waiting since March for an answer",
            Outcome.NOT_MET,
            id="in several places, in words like the examples",
        ),
    ],
)
def test_unanswered_trouble(told: str, expected: Outcome) -> None:
    card = score(conversation([OPENING, told, *UNMOVED], "en"), load("support-en"), RECEIPT)
    assert next(f for f in card.findings if f.criterion == "empathy").outcome is expected
