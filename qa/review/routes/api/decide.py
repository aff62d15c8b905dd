"""What a lead says about a call: `/api`."""

from __future__ import annotations

from pydantic import BaseModel, Field

from qa.review.asking import TheDesk, TheScoredCall, TheStore, TheViewer
from qa.review.deeds import reviews
from qa.review.deeds.reviews import Said
from qa.review.routes.api.router import Words, api
from qa.review.shapes.calls import CommentShape, ReviewShape, comment_shape, review_shape

router = api()


class Comment(BaseModel):
    """A comment."""

    words: Words
    start: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="seconds; null: no moment"
    )


class Done(BaseModel):
    """Done with a call, or not any more."""

    done: bool


@router.post("/reviews/{call_id:path}", name="api_review", status_code=201)
def review(call: TheScoredCall, desk: TheDesk, store: TheStore, viewer: TheViewer, said: Said) -> ReviewShape:
    """Confirm or overrule an outcome. 409 where somebody spoke since `seen`."""
    return review_shape(reviews.decide(desk, store, viewer, call, said))


@router.post("/comments/{call_id:path}", name="api_comment", status_code=201)
def comment(call: TheScoredCall, store: TheStore, viewer: TheViewer, said: Comment) -> CommentShape:
    """Add words about a moment, or about the whole call."""
    return comment_shape(reviews.comment(store, viewer, call, said.words, said.start))


@router.post("/handled/{call_id:path}", name="api_handled", status_code=204)
def handled(call: TheScoredCall, desk: TheDesk, store: TheStore, viewer: TheViewer, said: Done) -> None:
    """Take a call off the queue, or put it back."""
    reviews.handle(desk, store, viewer, call, done=said.done)
