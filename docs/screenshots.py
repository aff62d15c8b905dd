"""Take the pictures of the guides from a real desk: `python docs/screenshots.py qa.db` (after `make demo`).

The database is copied first. A lead's words in it come from the exact references of `audio_samples/`, so
that the page on trust shows how often the machine was right about them. Needs Playwright and Chromium.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import socket
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # run as a script, only docs/ is on the path

from qa.cli.sound import sound  # noqa: E402
from qa.model import Outcome  # noqa: E402
from qa.review.app import create  # noqa: E402
from qa.review.security import hash_password  # noqa: E402
from qa.settings import Settings  # noqa: E402
from qa.store import Post, Settled, Stage, Store  # noqa: E402

PICTURES = ROOT / "docs" / "guides" / "pictures"
REFERENCES = ROOT / "audio_samples" / "calls"
AGENTS = {"ja": ("a04", "ja-04-gym-membership-stereo"), "en": ("e05", "en-05-energy-bill-stereo")}
"""Language → an agent, and a call of theirs."""
WORDS = {
    "ja": (
        "ここではできていたと思います。もう一度聞いていただけますか。",
        "二度聞き直しましたが、この場面では聞こえませんでした。",
        "この場面を一緒に聞きました。次の通話で試してみましょう。",
    ),
    "en": (
        "I think I did this here. Could you listen again?",
        "I listened twice more and could not hear it at this point.",
        "We listened to this moment together. Try it in the next calls.",
    ),
}
"""A disagreement, its answer, and what the lead told the agent."""
COLOURS = 96


def main() -> None:
    """Write every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("db", type=Path, help="a database with the sample calls")
    arguments = parser.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(16)
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "qa.db"
        with closing(sqlite3.connect(arguments.db)) as source, closing(sqlite3.connect(db)) as copy:
            source.backup(copy)
        prepare(db, password)
        with serving(db) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            for language in AGENTS:
                take(browser, address, password, language)
            browser.close()


def prepare(db: Path, password: str) -> None:
    """Accounts, what a lead said by the references, one disagreement and one point of coaching a language."""
    hashed = hash_password(password)
    with Store.open(db) as store:
        store.people.add("lead", Post.LEAD, None, hashed)
        for call_id in store.call_ids():
            judge(store, call_id)
        for language, (agent_id, call_id) in AGENTS.items():
            store.people.add(f"agent-{language}", Post.AGENT, agent_id, hashed)
            criterion = disputed(store, call_id)
            said, answered, told = WORDS[language]
            dispute = store.disputes.add(call_id, criterion, agent_id, said, f"agent-{language}")
            store.disputes.answer(dispute.id, Settled.STANDS, answered, "lead")
            store.coaching.add(call_id, criterion, agent_id, Stage.MARKED, "", "lead")
            store.coaching.add(call_id, criterion, agent_id, Stage.TOLD, told, "lead")


def judge(store: Store, call_id: str) -> None:
    """A lead's word on each finding, as the reference of the call has it."""
    path = REFERENCES / f"{call_id}.json"
    if not path.is_file():
        return
    known = json.loads(path.read_text(encoding="utf-8"))["criteria"]
    for finding in store.scorecard(call_id).findings:
        outcome = known.get(finding.criterion)
        if outcome is not None and (outcome != Outcome.NOT_MET or finding.evidence):
            why = "" if outcome == finding.outcome else "reference of the sample call"
            store.reviews.add(call_id, finding.criterion, Outcome(outcome), who="lead", why=why, seen=0)


def disputed(store: Store, call_id: str) -> str:
    """The first criterion that was not met."""
    found = [f.criterion for f in store.scorecard(call_id).findings if f.outcome is Outcome.NOT_MET]
    return found[0] if found else store.scorecard(call_id).findings[0].criterion


def take(browser: Browser, address: str, password: str, language: str) -> None:
    """The pictures in one language."""
    agent, lead = f"agent-{language}", "lead"
    _, call_id = AGENTS[language]
    with signed_in(browser, address, agent, password, language) as page:
        page.goto(f"{address}/mine")
        keep(page, f"own.{language}")
        page.goto(f"{address}/call/{call_id}")
        keep(page.locator(".finding:has(.dispute)").first, f"dispute.{language}")
    with signed_in(browser, address, lead, password, language) as page:
        for name, path in (("call", f"/call/{call_id}"), ("team", "/team"), ("trust", "/trust")):
            page.goto(address + path)
            page.wait_for_timeout(1500)
            keep(page, f"{name}.{language}")


@contextmanager
def signed_in(browser: Browser, address: str, name: str, password: str, language: str) -> Iterator[Page]:
    """A window in which somebody has signed in."""
    context = browser.new_context(
        viewport={"width": 1200, "height": 800}, locale="ja-JP" if language == "ja" else "en-GB"
    )
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    yield page
    context.close()


def keep(shown: Page | Locator, name: str) -> None:
    """One picture, in few colours, since it travels with the package."""
    image = Image.open(BytesIO(shown.screenshot())).convert("RGB")
    path = PICTURES / f"{name}.png"
    image.quantize(COLOURS).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")  # noqa: T201


@contextmanager
def serving(db: Path) -> Iterator[str]:
    """A desk over `db`, on a port of its own."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(db=str(db))
    app = create(db, settings, sound(settings, db))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
