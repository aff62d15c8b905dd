"""`qa user`, `qa serve` and `qa purge` on the command line."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from qa.cli.exits import Exit
from qa.store import Peaks, Store
from tests.cli.conftest import Qa


def test_an_account_is_made_listed_and_closed(qa: Qa, filled: Path) -> None:
    made = qa("user", "add", "sato", "--role", "agent", "--agent", "a17", QA_PASSWORD="長い長い合言葉です よ")
    assert (made.returncode, made.stdout) == (0, "sato: agent of agent a17\n")
    assert qa("user", "add", "Sato", "--role", "lead", QA_PASSWORD="x" * 12).returncode == Exit.USAGE
    assert '"agent_id": "a17"' in qa("user", "list", "--json").stdout
    assert qa("user", "password", "sato", QA_PASSWORD="another long one").returncode == 0
    assert qa("user", "disable", "sato").returncode == 0
    assert "disabled" in qa("user", "list").stdout
    with Store.open(filled) as store:
        assert store.people.named("sato").password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "x", "--role", "agent"), "needs --agent"),
        (("add", "x", "--role", "lead", "--agent", "a1"), "no other account"),
        (("add", " ", "--role", "lead"), "printable"),
        (("add", "x", "--role", "lead"), "at least 10 characters"),
        (("disable", "nobody"), "no such account"),
    ],
)
def test_what_is_wrong_is_said(arguments: tuple[str, ...], says: str, qa: Qa, filled: Path) -> None:
    done = qa("user", *arguments, QA_PASSWORD="short")
    assert done.returncode == Exit.USAGE
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "desk.example"])
def test_the_desk_does_not_listen_elsewhere_in_the_clear(host: str, qa: Qa, filled: Path) -> None:
    done = qa("serve", "--host", host)
    assert done.returncode == Exit.USAGE
    assert "tls_cert" in done.stderr


def test_the_demo_prints_a_password_nobody_knew(filled: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "serve", "--demo", "--db", str(filled), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        assert served.stdout is not None
        assert re.fullmatch(r"demo-lead  \S{16}\n", served.stdout.readline())
        assert re.fullmatch(r"demo-agent  \S{16}  \(agent a17\)\n", served.stdout.readline())
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/queue", timeout=5) as page:
                    assert page.url.endswith("/sign-in?to=%2Fqueue")
                break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail("the desk did not answer")
    finally:
        served.send_signal(signal.SIGINT)
        served.communicate(timeout=30)


def test_purge_asks_and_a_dry_run_deletes_nothing(qa: Qa, filled: Path) -> None:
    dry = qa("purge", "--older-than", "1", "--dry-run")
    assert dry.stdout.startswith("2 calls: ")
    assert qa("purge", "--older-than", "1").returncode != 0  # nobody there to answer
    with Store.open(filled) as store:
        assert len(store.call_ids()) == 2
    assert qa("purge", "--older-than", "1", "--yes").stdout == "2 calls deleted\n"
    assert qa("purge", "--older-than", "1", "--yes").stdout == "0 calls\n"
    with Store.open(filled) as store:
        assert store.call_ids() == ()


def test_purge_takes_what_browsers_were_given_with_it(qa: Qa, filled: Path, tmp_path: Path) -> None:
    cache, gone, other = tmp_path / "copies", "ab" * 32, "ef" * 32
    cache.mkdir()
    for name in (gone, "cd" * 32, other):
        (cache / f"{name}.wav").write_bytes(b"sound")
    with Store.open(filled) as store:
        store.waveforms.keep(gone, Peaks(1, 10.0, b"123"))
    assert qa("purge", "--older-than", "1", "--dry-run", QA_AUDIO_CACHE=str(cache)).returncode == 0
    assert len(list(cache.iterdir())) == 3
    assert qa("purge", "--older-than", "1", "--yes", QA_AUDIO_CACHE=str(cache)).returncode == 0
    assert [path.stem for path in cache.iterdir()] == [other]
    with Store.open(filled) as store:
        assert store.waveforms.find(gone) is None
    (cache / f"{gone}.wav").write_bytes(b"left by a purge that was interrupted")
    assert qa("purge", "--older-than", "1", "--yes", QA_AUDIO_CACHE=str(cache)).stdout == "0 calls\n"
    assert [path.stem for path in cache.iterdir()] == [other]
