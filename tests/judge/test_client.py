"""A judge over real HTTP: well, slow, broken, malformed and lying."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.errors import JudgeError, SettingsError
from qa.judge import ChatJudge, configured
from qa.judge.client import GIVE_UP_AFTER, MOST_BYTES
from qa.model import Finding
from qa.rubric import load, score
from qa.rubric.authoring.notation import conversation
from qa.rubric.checks.judge import INSTRUCTIONS, SCHEMA, Around, Line, Question
from qa.settings import Settings
from tests.judge.server import Endpoint, Reply, breaks_off, completion, drips, says, sends, serving, sleeps
from tests.rubric.checks.test_judge import ASKED, answer
from tests.rubric.helpers import RECEIPT, write

TALK = [
    "A: この度は山田様にご不便をおかけしております",
    "C: 電話は〇九〇の一二三四の五六七八、メールは hana@example.jp です、荷物が壊れていました",
    "A: カードは4111-1111-1111-1111でございますね、それはご心配でしたね",
]
QUESTION = Question("They care", "en", [Line("agent", "what a pity")])


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving() as running:
        yield running


def asked(endpoint: Endpoint, reply: Reply, folder: Path, **options: float) -> Finding:
    """The finding on a Japanese call with this endpoint as judge."""
    endpoint.reply = reply
    text = ASKED.replace("[en]", "[ja]")
    (folder / "phrases").mkdir(parents=True)
    write(folder, text)
    (folder / "phrases" / "en").rename(folder / "phrases" / "ja")
    judge = ChatJudge(endpoint.url, "tiny", timeout=options.get("timeout", 5.0))
    talk = conversation(TALK, "ja", agent_name="佐藤")
    card = score(talk, load(folder), RECEIPT, Around(judge=judge, names=("山田",)))
    return next(f for f in card.findings if f.criterion == "kind")


@pytest.mark.parametrize(
    ("reply", "outcome", "told"),
    [
        (says(answer(quote="それはご心配でしたね")), "met", "because"),
        (says(answer("not_met", "荷物が壊れていました")), "not_met", "because"),
        (says(answer(quote="お気持ちお察しします")), "needs_review", "nowhere in the call"),
        (says("It is met."), "needs_review", "not in the agreed form"),
        (says(None), "needs_review", "no text"),
        (sends(b"<html>"), "needs_review", "no chat completion"),
        (sends(b"[]"), "needs_review", "no chat completion"),
        (sends(b"x" * (MOST_BYTES + 2)), "needs_review", "bytes"),
        (sends(b"", 500), "needs_review", "HTTP 500"),
        (sends(b"", 307, Location="http://192.0.2.1/"), "needs_review", "HTTP 307"),
        (breaks_off, "needs_review", "could not be asked"),
    ],
)
def test_what_comes_back(endpoint: Endpoint, reply: Reply, outcome: str, told: str, tmp_path: Path) -> None:
    found = asked(endpoint, reply, tmp_path)
    assert (found.outcome, told in found.reason.en) == (outcome, True), found.reason.en
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("reply", [sleeps(5), drips])
def test_a_slow_judge_is_not_waited_for(endpoint: Endpoint, reply: Reply, tmp_path: Path) -> None:
    started = time.monotonic()
    found = asked(endpoint, reply, tmp_path, timeout=0.4)
    assert (found.outcome, found.reason.en) == (
        "needs_review",
        "The judge did not answer in time (0.4 s).",
    )
    assert time.monotonic() - started < 4


def test_nothing_personal_goes_over_the_wire(endpoint: Endpoint, tmp_path: Path) -> None:
    asked(endpoint, says(answer(quote="それはご心配でしたね")), tmp_path)
    [(path, headers, body)] = endpoint.requests
    wire = body.decode("utf-8")
    for secret in ("山田", "一二三四", "五六七八", "4111", "1111", "hana", "example.jp", "佐藤"):
        assert secret not in wire
    assert "ご不便をおかけしております" in wire
    assert path == "/v1/chat/completions"
    assert "Authorization" not in headers


def test_what_is_asked(endpoint: Endpoint) -> None:
    endpoint.reply = says(answer())
    ChatJudge(endpoint.url, "tiny", key="s3cret").ask(QUESTION)
    document = endpoint.document()
    assert (document["model"], document["temperature"]) == ("tiny", 0)
    assert document["messages"][0] == {"role": "system", "content": INSTRUCTIONS}
    assert json.loads(document["messages"][1]["content"])["turns"] == [
        {"turn": 1, "who": "agent", "text": "what a pity"}
    ]
    form = document["response_format"]
    assert (form["type"], form["json_schema"]["schema"], form["json_schema"]["strict"]) == (
        "json_schema",
        SCHEMA,
        True,
    )
    assert endpoint.requests[0][1]["Authorization"] == "Bearer s3cret"


def test_a_dead_judge_is_left_alone_for_a_while(endpoint: Endpoint) -> None:
    endpoint.reply = sends(completion(answer()), 503)
    judge = ChatJudge(endpoint.url, "tiny")
    for _ in range(GIVE_UP_AFTER + 2):
        with pytest.raises(JudgeError) as caught:
            judge.ask(QUESTION)
        assert caught.value.cause == "judge_unreachable"
    assert len(endpoint.requests) == GIVE_UP_AFTER


def test_nobody_listens() -> None:
    with serving() as gone:
        url = gone.url
    with pytest.raises(JudgeError) as caught:
        ChatJudge(url, "tiny", timeout=2).ask(QUESTION)
    assert caught.value.cause == "judge_unreachable"


def test_off_unless_configured() -> None:
    assert configured(Settings()) is None
    judge = configured(
        Settings(judge_url="http://localhost:8000/v1", judge_model="m", judge_key_env="K"), {"K": "x"}
    )
    assert judge is not None and judge.identity == "m@localhost:8000"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(judge_url="localhost:8000", judge_model="m"), "judge_url"),
        (Settings(judge_url="file:///etc/passwd", judge_model="m"), "judge_url"),
        (Settings(judge_url="http://localhost"), "judge_model"),
        (Settings(judge_url="http://localhost", judge_model="m", judge_key_env="NONE"), "NONE"),
    ],
)
def test_wrong_settings_are_named(settings: Settings, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        configured(settings, {})
