"""Transcripts, against what each format's document says."""

import json

import pytest

from qa.report import transcripts
from tests.handmade import conversation


@pytest.mark.parametrize(
    ("seconds", "hours", "shown"),
    [
        (0.0, True, "00:00:00.000"),
        (3723.45, True, "01:02:03.450"),
        (59.9996, True, "00:01:00.000"),
        (63.4, False, "01:03.400"),
        (3600.0, False, "01:00:00.000"),
    ],
)
def test_clock(seconds: float, hours: bool, shown: str) -> None:
    assert transcripts.clock(seconds, hours=hours) == shown


def test_txt_has_a_line_a_turn() -> None:
    lines = transcripts.write(conversation(), "txt", "ja").splitlines()
    assert lines[0] == "[00:00.500] 担当者: 青空サポートの佐藤でございます。"
    assert len(lines) == 4


def test_vtt_escapes_markup_and_cannot_end_a_cue_early() -> None:
    text = transcripts.write(conversation(), "vtt", "en")
    assert text.startswith("WEBVTT\n\n00:00:00.500 --> 00:00:03.200\n<v Agent>青空サポート")
    assert "<v Customer>&lt;B&gt; &amp; =1+1" in text
    assert text.count("-->") == 4


def test_srt_numbers_its_cues() -> None:
    text = transcripts.write(conversation(), "srt", "en")
    assert text.startswith("1\n00:00:00,500 --> 00:00:03,200\nAgent: 青空")
    assert "\n\n4\n" in text


def test_rttm_keeps_overlaps_and_has_ten_fields() -> None:
    lines = transcripts.write(conversation("a call\tid"), "rttm", "en").splitlines()
    assert lines[1] == "SPEAKER a_call_id 2 3.600 5.400 <NA> <NA> B <NA> <NA>"
    assert lines[2] == "SPEAKER a_call_id 1 7.800 3.200 <NA> <NA> A <NA> <NA>"
    assert all(len(line.split()) == 10 for line in lines)


def test_json_has_word_times() -> None:
    document = json.loads(transcripts.write(conversation(), "json", "en"))
    assert document["call"]["id"] == "call-1"
    assert document["turns"][0]["words"][0]["start"] == 0.5
