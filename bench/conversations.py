"""Made-up stored conversations in any number, for measuring rescoring, the desk and the store.

They are not speech and prove nothing about accuracy: they have the size and the shape of real ones
(five minutes, about sixty turns, word times and probabilities, ja or en, good agents and poor ones).

    .venv/bin/python -m bench.conversations 10000 /tmp/bench.db
"""

from __future__ import annotations

import dataclasses
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from qa import dialogue, rubric
from qa.batch.judged import Judged, judge
from qa.model import (
    Call,
    Conversation,
    Heard,
    Quality,
    Recording,
    Role,
    Separation,
    Span,
    SpeakerSpan,
    StereoKind,
    Word,
)
from qa.rubric import Rubric
from qa.store import Entry, Hearing, Result, RunState, State, Store, Tally

OPENING = {
    "ja": [
        "お電話ありがとうございます。青空通信サポートデスクの佐藤でございます。",
        "お電話ありがとうございます。青空通信サポートデスクでございます。",
        "お待たせいたしました。あおぞら保険の高橋が承ります。",
        "はい、みどり通販カスタマーセンター、担当の鈴木と申します。",
    ],
    "en": [
        "Thank you for calling Northwind support, this is Daniel speaking, how can I help you?",
        "Northwind support, how can I help?",
        "Good morning, you're through to Acme billing, my name is Sarah.",
    ],
}
TROUBLE = {
    "ja": [
        "昨日からインターネットがつながらなくて困っているんです。",
        "先週注文した荷物がまだ届かないんですけれども。",
        "先月の請求が二重になっているみたいなんですが。",
        "仕事で使っているので、このままだと本当に困ります。",
        "前にも電話したんですけど、まだ直っていないんです。",
    ],
    "en": [
        "My internet has been down since yesterday and I work from home.",
        "I ordered a parcel last week and it still hasn't arrived.",
        "It looks like I was charged twice last month.",
        "I called about this before and nobody got back to me.",
    ],
}
CUSTOMER = {
    "ja": [
        "はい、そうです。",
        "ルーターの電源は入れ直してみました。",
        "赤いランプがずっと点滅しています。",
        "番号は零九零の一二三四です。",
        "ええ、平日の午前中なら家にいます。",
        "それは助かります。",
        "金額が合わない気がするんですよね。",
        "明日までに何とかなりますか。",
    ],
    "en": [
        "Yes, that's right.",
        "I've already restarted the router twice.",
        "The red light keeps blinking.",
        "I'm usually at home in the morning.",
        "That would be great.",
        "The amount just doesn't look right to me.",
        "Can you fix it by tomorrow?",
    ],
}
AGENT = {
    "ja": [
        "ご不便をおかけして、さぞご心配だったことと存じます。",
        "申し訳ございません。",
        "ご連絡が遅れましたこと、お詫び申し上げます。",
        "お調べいたしますので、一分ほどお待ちいただけますでしょうか。",
        "恐れ入りますが、お名前とお電話番号をお願いいたします。",
        "本日中に私から折り返しお電話いたします。",
        "先ほども申し上げましたが、そちらは対応できかねます。",
        "ランプの色を確認していただけますか。",
        "かしこまりました。すぐに確認いたします。",
        "お急ぎでいらっしゃいますか。",
        "他にお困りのことはございませんか。",
        "明日の午前中に技術の者がお伺いいたします。",
    ],
    "en": [
        "That must be really frustrating, especially when you work from home.",
        "I'm sorry.",
        "I apologise for the delay in getting back to you.",
        "Let me check that for you, it will take about a minute, is that all right?",
        "Could I take your name and account number, please?",
        "I'll call you back myself by five o'clock today.",
        "As I already told you, we can't do that.",
        "Could you tell me what colour the light is?",
        "Is this urgent for you today?",
        "Is there anything else I can help you with?",
    ],
}
CLOSING = {
    "ja": [
        "本日は貴重なお時間をいただき、ありがとうございました。",
        "お電話ありがとうございました。失礼いたします。",
    ],
    "en": ["Thank you for your time today, I really appreciate your patience.", "Thanks for calling, bye."],
}
BACKCHANNEL = {"ja": ["はい", "ええ", "なるほど", "そうですね"], "en": ["mm-hm", "right", "okay", "I see"]}


def conversations(count: int, *, seconds: float = 300.0, seed: int = 7) -> Iterator[Conversation]:
    """`count` conversations of about `seconds`, the same ones for the same `seed`."""
    for index in range(count):
        chance = random.Random(f"{seed}-{index}")
        language = "ja" if chance.random() < 0.7 else "en"
        heard = _heard(chance, language, seconds)
        call = Call(
            id=f"bench-{index:06d}",
            agent_id=f"agent-{chance.randrange(40):02d}",
            queue=chance.choice(["billing", "delivery", "technical"]),
            direction="inbound",
            started_at=datetime(2026, 9, 1, 9) + timedelta(minutes=3 * index),
            language=language,
            channel_roles=(Role.AGENT, Role.CUSTOMER),
        )
        quality = Quality(
            seconds,
            8000,
            2,
            "pcm_mulaw",
            StereoKind.SEPARATE,
            "narrow",
            (-22.0, -24.0),
            (28.0, 25.0),
            (0.0, 0.0),
            0.2,
        )
        yield dialogue.build(call, heard, quality, f"{index:064x}")


def _heard(chance: random.Random, language: str, seconds: float) -> Heard:
    now, words, speech = 0.5, list[Word](), list[SpeakerSpan]()

    def say(channel: int, text: str) -> None:
        nonlocal now
        spoken = _words(chance, text, language, now, channel)
        words.extend(spoken)
        speech.append(SpeakerSpan("AB"[channel], Span(now, spoken[-1].span.end), channel=channel))
        now = spoken[-1].span.end + chance.choice([-0.3, 0.1, 0.3, 0.5, 0.8, 1.5, 3.6])

    say(0, chance.choice(OPENING[language]))
    say(1, chance.choice(TROUBLE[language]))
    while now < seconds - 15:
        if chance.random() < 0.15:
            say(0, chance.choice(BACKCHANNEL[language]))
        say(1, chance.choice(TROUBLE[language] if chance.random() < 0.1 else CUSTOMER[language]))
        say(0, chance.choice(AGENT[language]))
    say(0, chance.choice(CLOSING[language]))
    words.sort(key=lambda word: word.span)
    speech.sort(key=lambda span: span.span)
    return Heard(language, 0.99, Separation.CHANNEL, tuple(words), tuple(speech))


def _words(chance: random.Random, text: str, language: str, start: float, channel: int) -> list[Word]:
    pieces = text.split(" ") if language == "en" else [text[i : i + 2] for i in range(0, len(text), 2)]
    words, now = list[Word](), start
    for piece in pieces:
        length = 0.07 * len(piece) + 0.05 if language == "en" else 0.13 * len(piece)
        spelled = f" {piece}" if language == "en" else piece
        words.append(Word(spelled, Span(now, now + length), chance.uniform(0.6, 0.99), channel))
        now += length
    return words


def write(count: int, path: Path, *, distinct: int = 300, seconds: float = 300.0) -> None:
    """A database with `count` stored and scored conversations; `distinct` of them are really made.

    The others are copies under other names: rescoring remembers nothing from one call to the next, so they
    cost it as much as new ones.
    """
    hearing = Hearing({"asr": "bench", "vad": "bench"}, {})
    rubrics = {code: rubric.load(f"support-{code}") for code in ("ja", "en")}
    made = [
        _judged(each, rubrics[each.language], hearing)
        for each in conversations(min(count, distinct), seconds=seconds)
    ]
    with Store.open(path) as store:
        run = store.begin_run()
        for first in range(0, count, 200):
            results = []
            for index in range(first, min(first + 200, count)):
                conversation, judged = made[index % len(made)]
                card = judged.scorecard
                call = dataclasses.replace(conversation.call, id=f"bench-{index:06d}")
                recording = Recording(f"{index:064x}", Path(f"/bench/{index:06d}.wav"), 1, 0.0)
                receipt = dataclasses.replace(card.receipt, recording_id=recording.id)
                results.append(
                    Result(
                        recording,
                        dataclasses.replace(conversation, call=call, recording_id=recording.id),
                        dataclasses.replace(card, call_id=call.id, receipt=receipt),
                        hearing,
                        Entry(recording.path, State.DONE, recording.id, call.id),
                        reading=judged.reading,
                        judgements=judged.judgements,
                    )
                )
            store.save(run, *results)
        store.finish_run(run, RunState.DONE, Tally(found=count, scored=count))


def _judged(conversation: Conversation, chosen: Rubric, hearing: Hearing) -> tuple[Conversation, Judged]:
    return conversation, judge(rubric.annotate(conversation), chosen, hearing)


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
