"""What people say in calls about what is happening: waits, recordings, their own names.

Phrases are written as spoken and compared as readings, so that wrong kanji do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from qa.language import NAMES, Language

JA_WAIT = """
お待ちください|お待ちくださいませ|お待ちいただけ|お待ちいただいて|お待ちいただき|お待ちを|お待ち願い|待っててください|待っていてください
待ってください|待ってもらえ|待っていただけ
お待ちして|保留にいたし|保留にさせて|保留いたし|保留に|お時間をいただけ|お時間いただけ|少々お時間|お待たせしてしまい
"""
EN_WAIT = """
please hold|on hold|on a brief hold|on a short hold|hold on|hold for|hold the line|hold please
one moment|just a moment|a moment please|bear with me|hang on|one second|just a second|one sec
just a sec|just a minute|one minute|give me a moment|give me a second|give me a minute|give me just
wait a moment|wait a second|wait a minute|can you hold|could you hold|would you hold
do you mind holding|if you could hold|stay on the line
"""
JA_MACHINE = """
番号を押して|を押してください|シャープを押して|音声ガイダンス|ガイダンスに従って|音声案内|順番におつなぎ|大変混み合って
オペレーターにおつなぎ|担当者におつなぎ|お切りにならず|そのままお待ちください
おかけになった|発信音の後|営業時間は
"""
JA_RECORDED = """
録音しております|録音させていただ|録音いたして|録音されて
通話は録音|通話を録音|通話内容を録音|品質向上のため
"""
EN_MACHINE = """
press one|press 1|press two|press 2|press zero|press 0|press the|main menu|your call is important
representatives are|agents are currently|agents are busy|next available|please stay on the line
after the tone|office hours are|listen carefully|menu options
"""
EN_RECORDED = """
may be recorded|may be monitored|be recorded for|is being recorded|calls are recorded
recorded for quality|recorded and monitored
"""

JA_PROTEST = """
話の途中|話してる途中|話している途中|話し途中|話す途中|説明の途中|説明してる途中|説明している途中|言ってる途中|言っている途中
まだ話してる|まだ話してます|まだ話しています|今話してる|今話してます|今話しています|まだしゃべって|今しゃべって
最後まで聞いて|最後まで話を|最後まで話させ|最後まで言わせ|終わりまで聞いて|人の話を|こっちの話も|こちらの話も
話を聞いてください|話も聞いてください|話聞いてください|聞いてくださいよ|話は終わって|話が終わって|言い終わって|話し終わって
しゃべり終わって|待ってくださいまだ終わって|言わせてください|言わせてもらえ|話させてください|話させてもらえ
遮らないで|遮られ|口を挟ま|口をはさま|割り込まないで|かぶせないで|かぶせてこないで
"""
EN_PROTEST = """
let me finish|let me just finish|can i finish|can i just finish|could i finish|could i just finish
may i finish|if i could finish|if i can finish|if i may finish|if you let me finish
if you would let me finish|if you'd let me finish|let me get to the end|i have not finished|i haven't finished
i had not finished|i hadn't finished|i was not finished|i wasn't finished|i am not finished|i'm not finished
was still talking|was still speaking|i am still talking|i'm still talking|i was saying something
i was about to say|i was getting to that|hear me out|do not interrupt|don't interrupt|stop interrupting
keep interrupting|you interrupted|interrupting me|you cut me off|keep cutting me off|you are cutting me off
you're cutting me off|talk over me|talking over me|talked over me|get a word in
"""


def protests(text: str, language: Language) -> bool:
    """True if the speaker objects to having been cut short: まだ話の途中です, let me finish."""
    return contains(text, JA_PROTEST if language.code == "ja" else EN_PROTEST, language) > 0


def announces_wait(text: str, language: Language) -> bool:
    """True if the speaker says that the other is to wait."""
    return contains(text, JA_WAIT if language.code == "ja" else EN_WAIT, language) > 0


def says_menu(text: str, language: Language) -> bool:
    """True for what only a machine says: press 1, 番号を押してください."""
    return contains(text, JA_MACHINE if language.code == "ja" else EN_MACHINE, language) > 0


def says_recorded(text: str, language: Language) -> bool:
    """True for the notice that calls are recorded, which machines and people give."""
    return contains(text, JA_RECORDED if language.code == "ja" else EN_RECORDED, language) > 0


def introduces_person(text: str, language: Language) -> bool:
    """True if somebody gives a person's name as their own."""
    if language.code == "en":
        reading = f" {language.reading(text)} "
        named = any(t.pos in NAMES for t in language.tokens(text))
        return " my name is " in reading or " speaking " in reading or (" this is " in reading and named)
    tokens = language.tokens(text)
    for place, token in enumerate(tokens):
        rest = "".join(t.reading for t in tokens[place + 1 : place + 5])
        if token.pos in NAMES and rest.startswith(("デゴザイマス", "トモオシマス", "ガウケタマワリ", "デス")):
            return True
    return False


def contains(text: str, phrases: str, language: Language) -> int:
    """How many times the phrases are said in the text; overlapping ones count once."""
    sound = _bounded(language.reading(text), language)
    spots = [
        (at, at + len(phrase))
        for phrase in _readings(phrases, language.code)
        for at in _find(sound, _bounded(phrase, language))
    ]
    count, reach = 0, -1
    for start, end in sorted(spots):
        if start >= reach:
            count += 1
        reach = max(reach, end)
    return count


def _bounded(reading: str, language: Language) -> str:
    """English phrases match whole words."""
    return f" {reading} " if language.code == "en" else reading


def _find(sound: str, phrase: str) -> Sequence[int]:
    found, at = [], sound.find(phrase)
    while at >= 0:
        found.append(at)
        at = sound.find(phrase, at + 1)
    return found


@cache
def _readings(phrases: str, code: str) -> tuple[str, ...]:
    from qa import language

    rules = language.get(code)
    lines = phrases.replace("\n", "|").split("|")
    return tuple(dict.fromkeys(rules.reading(line.strip()) for line in lines if line.strip()))
