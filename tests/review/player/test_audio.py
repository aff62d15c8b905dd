"""A recording over HTTP: ranges, names, permission, and what is said when it is gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.model import Recording
from qa.store import Store
from tests.review.conftest import Sign
from tests.review.player.conftest import CALL, RECORDING

SIZE = 44 + 20 * 8000 * 4
"""The copy: 16 bit, stereo, 8 kHz."""

RANGES = [
    # asked, status, Content-Range, bytes
    (None, 200, None, SIZE),
    ("bytes=0-", 206, f"bytes 0-{SIZE - 1}/{SIZE}", SIZE),
    ("bytes=0-0", 206, f"bytes 0-0/{SIZE}", 1),
    ("bytes=100-199", 206, f"bytes 100-199/{SIZE}", 100),
    ("bytes=-44", 206, f"bytes {SIZE - 44}-{SIZE - 1}/{SIZE}", 44),
    (f"bytes={SIZE - 1}-", 206, f"bytes {SIZE - 1}-{SIZE - 1}/{SIZE}", 1),
    (f"bytes=10-{SIZE + 500}", 206, f"bytes 10-{SIZE - 1}/{SIZE}", SIZE - 10),
    (f"bytes={SIZE}-", 416, f"bytes */{SIZE}", None),
    ("bytes=5-2", 400, None, None),
    ("bytes=many", 400, None, None),
    ("seconds=1-2", 400, None, None),
]


@pytest.mark.parametrize(("asked", "status", "content_range", "length"), RANGES)
def test_a_range(
    sign: Sign, asked: str | None, status: int, content_range: str | None, length: int | None
) -> None:
    answer = sign("lead").get(f"/audio/{CALL}", headers={"Range": asked} if asked else {})
    assert answer.status_code == status
    assert answer.headers.get("content-range") == content_range
    if length is not None:
        assert len(answer.content) == length == int(answer.headers["content-length"])
        assert answer.headers["content-type"] == "audio/wav"


def test_a_range_is_that_part_of_the_whole(sign: Sign) -> None:
    browser = sign("lead")
    whole = browser.get(f"/audio/{CALL}").content
    part = browser.get(f"/audio/{CALL}", headers={"Range": "bytes=1000-1999"}).content
    assert part == whole[1000:2000]


def test_head_says_how_long_it_is(sign: Sign) -> None:
    answer = sign("lead").head(f"/audio/{CALL}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("path", [f"/audio/{CALL}", f"/peaks/{CALL}"])
def test_what_the_browser_has_is_not_sent_again(sign: Sign, path: str) -> None:
    browser = sign("lead")
    first = browser.get(path)
    assert first.headers["etag"].startswith(f'"{RECORDING}')
    assert first.headers["cache-control"] == "private, no-cache"
    again = browser.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("asked", "status"), [(f'"{RECORDING}-{SIZE:x}"', 206), ('"another"', 200)])
def test_a_range_of_another_version_is_the_whole(sign: Sign, asked: str, status: int) -> None:
    answer = sign("lead").get(f"/audio/{CALL}", headers={"Range": "bytes=0-9", "If-Range": asked})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("", 303), ("agent-b", 404), ("agent-a", 200), ("lead", 200), ("admin", 200)]
)
@pytest.mark.parametrize("path", [f"/audio/{CALL}", f"/peaks/{CALL}"])
def test_agents_hear_only_their_own(sign: Sign, who: str, status: int, path: str) -> None:
    assert sign(who).get(path).status_code == status


def test_who_heard_is_noted_once_a_hearing(sign: Sign, db: Path) -> None:
    browser = sign("agent-a")
    for asked in ("bytes=0-", "bytes=1000-", "bytes=5000-9000"):
        browser.get(f"/audio/{CALL}", headers={"Range": asked})
    with Store.open(db) as store:
        noted = [entry for entry in store.people.log() if entry.action == "heard"]
    assert [(entry.who, entry.call_id) for entry in noted] == [("agent-a", CALL)]


def test_the_waveform_is_worked_out_once(sign: Sign, db: Path, recording: Path) -> None:
    browser = sign("lead")
    answer = browser.get(f"/peaks/{CALL}")
    assert (answer.headers["x-channels"], answer.headers["x-per-second"]) == ("2", "25")
    agent, customer = answer.content[:500], answer.content[500:]
    assert len(customer) == 500
    assert max(agent[:10]) == 0 < min(agent[15:78]), "the agent speaks from 0.5 s to 3.2 s"
    assert max(customer[:85]) == 0 < min(customer[95:220]), "the customer from 3.6 s"
    with Store.open(db) as store:
        kept = store.waveforms.find(RECORDING)
    assert kept is not None and kept.body == answer.content
    recording.unlink()
    assert browser.get(f"/peaks/{CALL}").content == answer.content, "it can still be drawn"


def test_a_recording_that_moved_is_found_by_another_name(sign: Sign, db: Path, recording: Path) -> None:
    moved = recording.rename(recording.with_name("moved.wav"))
    browser = sign("lead")
    assert browser.get(f"/audio/{CALL}").status_code == 410
    found = moved.stat()
    with Store.open(db) as store:
        store.remember(Recording(RECORDING, moved, found.st_size, found.st_mtime))
    assert browser.get(f"/audio/{CALL}").status_code == 200


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("page", [f"/call/{CALL}", f"/audio/{CALL}"])
def test_a_recording_that_is_gone_is_said(sign: Sign, recording: Path, language: str, page: str) -> None:
    recording.unlink()
    headers = {"accept-language": language}
    lead = sign("lead").get(page, headers=headers).text
    agent = sign("agent-a").get(page, headers=headers).text
    remedy = "元に戻すか" if language == "ja" else "Put it back, or run qa"
    assert str(recording) in lead and remedy in lead
    assert "call one.wav" in agent and remedy in agent
    assert str(recording.parent) not in agent, "where things lie on the server is not for everybody"


def test_another_call_under_the_old_name_is_not_played(sign: Sign, recording: Path) -> None:
    recording.write_bytes(recording.read_bytes()[::-1])
    os.utime(recording, (1, 1))
    assert sign("lead").get(f"/audio/{CALL}").status_code == 410


def test_a_recording_that_no_longer_decodes_is_said(sign: Sign, db: Path, recording: Path) -> None:
    recording.write_bytes(b"no sound at all")
    found = recording.stat()
    with Store.open(db) as store:
        store.remember(Recording(RECORDING, recording, found.st_size, found.st_mtime))
    answer = sign("lead").get(f"/audio/{CALL}")
    assert answer.status_code == 503
    assert "cannot be played just now" in answer.text and "not sound that qa can read" in answer.text
    assert "not sound" not in sign("agent-a").get(f"/audio/{CALL}").text
