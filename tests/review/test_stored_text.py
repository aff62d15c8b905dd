"""Whatever is stored, a page shows it as text: words of callers, ids, names, people's comments."""

from __future__ import annotations

import dataclasses
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI

from qa.model import Call, Evidence, Flag, Message, Role, Span
from qa.review.app import create
from qa.review.sound import Silence
from qa.settings import Settings
from qa.store import Hearing, Result, Store
from tests.review.conftest import Sign, form_token, result

NASTY = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\' {{ 7*7 }} =HYPERLINK("http://x")'


class Tags(HTMLParser):
    """Which tags a page really has, and what its attributes say."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.scripts.append(dict(attributes))
        if tag == "img" or any(name.startswith("on") or name == "style" for name, _ in attributes):
            self.bad.append(f"{tag} {attributes}")


@pytest.fixture
def app(db: Path) -> FastAPI:
    """A desk whose every text is nasty."""
    plain = result("x", NASTY, f"{9:064x}")
    conversation = plain.conversation
    place = Evidence(Span(1.0, 2.0), Role.AGENT, NASTY, 0.9, Message(NASTY, NASTY))
    card = plain.scorecard
    nasty = dataclasses.replace(
        plain,
        conversation=dataclasses.replace(
            conversation,
            call=Call(
                f"call {NASTY}", agent_id=NASTY, agent_name=NASTY, queue=NASTY, attributes={NASTY: NASTY}
            ),
            turns=tuple(dataclasses.replace(turn, text=NASTY) for turn in conversation.turns),
        ),
        scorecard=dataclasses.replace(
            card,
            call_id=f"call {NASTY}",
            findings=tuple(
                dataclasses.replace(
                    f, criterion=f"{i}{NASTY}", reason=Message(NASTY, NASTY), evidence=(place,)
                )
                for i, f in enumerate(card.findings)
            ),
            flags=(Flag(NASTY, Message(NASTY, NASTY), (place,)),),
        ),
        hearing=Hearing({NASTY: NASTY}, {}),
        entry=None,
    )
    with Store.open(db) as store:
        store.remember(plain.recording)
        save(store, nasty)
        store.reviews.comment(f"call {NASTY}", NASTY, NASTY, 3.0)
        store.coaching.add(f"call {NASTY}", f"0{NASTY}", NASTY, store_stage(), NASTY, NASTY)
    return create(db, Settings(), Silence())


def save(store: Store, made: Result) -> None:
    store.save(store.begin_run(), made)


def store_stage() -> object:
    from qa.store import Stage

    return Stage.MARKED


def test_stored_html_is_harmless(sign: Sign) -> None:
    lead = sign("lead")
    call = next(c for c in lead.get("/api/calls?show=all").json()["calls"] if c["id"].startswith("call"))
    listed = lead.get("/queue", params={"show": "all", "said": "HYPERLINK"})
    from urllib.parse import quote

    path = quote(call["id"], safe="")
    criterion = f"1{NASTY}"
    said = {"token": form_token(lead), "criterion": criterion, "outcome": "met", "why": NASTY, "seen": "0"}
    assert lead.post(f"/review/{path}", data=said).status_code == 303
    faster = lead.post(f"/review/{path}", data=said)
    assert faster.status_code == 409
    whole = lead.get(f"/call/{path}")
    for page in (listed, whole, faster):
        assert "alert(1)" in page.text
        tags = Tags()
        tags.feed(page.text)
        assert tags.bad == []
        for script in tags.scripts:
            assert script.get("src", "").startswith("/static/") or script.get("type") == "application/json"
        assert "49" not in page.text.split("{{ 7*7 }}")[0][-5:]
    assert NASTY not in whole.text


def test_what_a_search_asks_for_is_harmless(sign: Sign) -> None:
    lead = sign("lead")
    for field in ("said", "agent", "queue", "criterion", "flag"):
        page = lead.get("/queue", params={field: NASTY[:90]})
        assert page.status_code == 200
        assert "<img" not in page.text
