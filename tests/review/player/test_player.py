"""The player in a real browser: what one sees and hears moves, by mouse, by key, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.audio.playable import look
from tests.review.conftest import PASSWORD
from tests.review.player.conftest import CALL

pytestmark = pytest.mark.slow
CALLS = Path(__file__).parents[3] / "audio_samples" / "calls"
Open = Callable[..., Any]


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Open]:
    """`visit("lead")`: the page of the call, as they see it."""
    contexts = []

    def visited(name: str, hash: str = "", **options: Any) -> Any:
        context = browser.new_context(
            **{"locale": "en", "viewport": {"width": 1440, "height": 900}} | options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error.stack)))
        page.on("console", lambda line: page.errors.append(line.text) if line.type == "error" else None)
        page.goto(f"{address}/sign-in")
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(f"{address}/call/{CALL}{hash}")
        return page

    yield visited
    for context in contexts:
        context.close()


def time_of(page: Any) -> float:
    return float(page.evaluate("document.getElementById('sound').currentTime"))


def wait(page: Any, condition: str, then: str = "") -> None:
    """Until a condition on `sound` holds; then at once `then`, in the page: its policy forbids eval."""
    held = page.evaluate(
        f"""() => new Promise((resolve) => {{
          const sound = document.getElementById("sound");
          const until = performance.now() + 30000;
          const look = () => {{
            if ({condition}) {{ {then}; resolve(true); }}
            else if (performance.now() > until) resolve(false);
            else setTimeout(look, 20);
          }};
          look();
        }})"""
    )
    assert held, condition


def ready(page: Any) -> Any:
    wait(page, "sound.readyState >= 2")
    return page


def test_a_piece_of_evidence_is_heard_from_its_second(visit: Open) -> None:
    page = ready(visit("lead"))
    page.locator("#f-no-interruption a.moment").first.click()
    wait(page, "!sound.paused && sound.currentTime > 8.1")
    assert page.url.endswith("#t=7.80,9.00")
    assert page.locator("#play").get_attribute("aria-label") == "Pause"
    page.keyboard.press("Space")
    assert 7.8 <= time_of(page) < 11
    now = page.locator(".turn.now")
    assert now.get_attribute("aria-current") == "true"
    assert "申し訳" in now.inner_text()
    assert page.locator(".word.now").inner_text() == "申し訳ございません。"
    assert page.errors == []


def test_an_agent_hears_their_own(visit: Open) -> None:
    page = ready(visit("agent-a", "#t=12.5"))
    assert time_of(page) == pytest.approx(12.5, abs=0.05), "a link leads to its second"
    page.locator("#play").click()
    wait(page, "sound.currentTime > 12.8")


def test_a_turn_is_clicked_and_heard(visit: Open) -> None:
    page = ready(visit("lead"))
    page.locator(".turn .said").nth(3).click()
    wait(page, "!sound.paused && sound.currentTime >= 12", "sound.pause()")
    assert "<B> & =1+1" in page.locator(".turn.now").inner_text()


def test_keys(visit: Open) -> None:
    page = ready(visit("lead"))
    press = page.keyboard.press
    press("Space")
    wait(page, "!sound.paused && sound.currentTime > 0.2")
    press("Space")
    wait(page, "sound.paused", "sound.currentTime = 3")
    wait(page, "!sound.seeking")
    before = time_of(page)
    press("ArrowRight")
    assert time_of(page) == pytest.approx(before + 5, abs=0.05)
    press("Shift+ArrowLeft")
    assert time_of(page) == pytest.approx(before + 4, abs=0.05)
    press(">")
    assert page.evaluate("sound.playbackRate") == 1.25
    press("<")
    press("<")
    assert page.evaluate("sound.playbackRate") == 0.75
    press("?")
    assert page.locator("#keys").is_visible()
    press("Space")  # in the dialog, keys are the dialog's
    wait(page, "sound.paused")
    assert not page.locator("#keys").is_visible(), "space presses its button"
    page.fill("#comment-words", "l s [ ] ? <")
    assert page.evaluate("sound.playbackRate") == 0.75, "in a text field, keys are text"
    assert page.locator("#loop").get_attribute("aria-pressed") == "false"


def test_a_moment_is_looped(visit: Open) -> None:
    page = ready(visit("lead", "#t=12.00,14.00"))
    page.keyboard.press("l")
    assert page.locator("#loop").get_attribute("aria-pressed") == "true"
    assert page.locator("#says").inner_text() == "Loop: 0:12 to 0:14"
    page.evaluate(
        "window.least = 99;"
        "sound.addEventListener('seeked', () => { least = Math.min(least, sound.currentTime); })"
    )
    page.keyboard.press("Space")
    wait(page, "window.least < 12.3 && sound.currentTime < 14")
    page.keyboard.press("l")
    assert page.locator("#loop").get_attribute("aria-pressed") == "false"
    wait(page, "sound.currentTime > 14.2")


def test_a_loop_from_here_to_here(visit: Open) -> None:
    page = ready(visit("lead", "#t=2"))
    page.keyboard.press("[")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("]")
    assert page.locator("#says").inner_text() == "Loop: 0:02 to 0:07"
    assert time_of(page) == pytest.approx(2, abs=0.05)
    page.keyboard.press("ArrowLeft")  # elsewhere: the loop ends
    assert page.locator("#loop").get_attribute("aria-pressed") == "false"


def test_silence_is_skipped(visit: Open) -> None:
    page = ready(visit("lead", "#t=13.8"))
    page.keyboard.press("s")
    assert page.locator("#skip-silence").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Space")
    wait(page, "sound.currentTime > 19.5")
    page.reload()
    assert page.locator("#skip-silence").get_attribute("aria-pressed") == "true", "it is remembered"


def loudness(page: Any) -> float:
    """How loud the loudest of the next 0.4 s is, as the loudspeakers get it."""
    return float(
        page.evaluate(
            """async () => {
              const analyser = window.analysed;
              const values = new Float32Array(analyser.fftSize);
              let most = 0;
              for (let n = 0; n < 20; n += 1) {
                await new Promise((resolve) => setTimeout(resolve, 20));
                analyser.getFloatTimeDomainData(values);
                most = Math.max(most, ...values.map(Math.abs));
              }
              return most;
            }"""
        )
    )


def test_a_channel_is_muted(visit: Open) -> None:
    page = ready(visit("lead", "#t=4"))
    page.evaluate(
        """() => {
          const connect = AudioNode.prototype.connect;
          AudioNode.prototype.connect = function (to, ...rest) {
            if (to === this.context.destination) {
              window.analysed ??= this.context.createAnalyser();
              connect.call(this, window.analysed);
            }
            return connect.call(this, to, ...rest);
          };
        }"""
    )
    agent, customer = (page.locator(".channel").nth(n) for n in (0, 1))
    assert [agent.inner_text(), customer.inner_text()] == ["Agent", "Customer"]
    agent.click()
    page.locator("#play").click()
    wait(page, "!sound.paused && sound.currentTime > 4.1")
    assert loudness(page) > 0.2, "the customer speaks, and is heard"
    customer.click()
    assert customer.get_attribute("aria-pressed") == "false"
    page.wait_for_timeout(100)
    assert loudness(page) < 0.01


def test_the_transcript_stops_following_a_reader(visit: Open) -> None:
    page = ready(visit("lead", viewport={"width": 1440, "height": 560}))
    page.locator("#turns").hover()
    page.mouse.wheel(0, 200)
    page.locator("#follow").wait_for(state="visible")
    page.evaluate("sound.currentTime = 13")
    page.locator(".turn.now", has_text="<B>").wait_for()
    top = page.evaluate("document.getElementById('turns').scrollTop")
    page.wait_for_timeout(300)
    assert page.evaluate("document.getElementById('turns').scrollTop") == top
    page.locator("#follow").click()
    assert not page.locator("#follow").is_visible()


def test_the_drawing(visit: Open) -> None:
    page = ready(visit("lead"))
    page.locator("path.sound-agent").wait_for(state="attached")
    page.locator("path.sound-customer").wait_for(state="attached")
    assert page.locator("rect.turn-agent").count() == 3, "two turns, and the legend"
    assert page.locator(".drawn path.mark-interruption").count() == 1
    box = page.locator(".drawn").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 60)
    assert time_of(page) == pytest.approx(10, abs=0.1)
    page.mouse.move(box["x"] + box["width"] * 0.26, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.42, box["y"] + 60, steps=4)
    page.mouse.up()
    assert page.locator("#says").inner_text() == "Loop: 0:05 to 0:08"
    page.locator("#zoom-in").click()
    page.wait_for_timeout(100)
    assert page.evaluate("wave.scrollWidth / wave.clientWidth") == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_phone(visit: Open, language: str) -> None:
    page = ready(
        visit("lead", locale=language, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#play").tap()
    wait(page, "!sound.paused && sound.currentTime > 0.1")
    for box in [button.bounding_box() for button in page.locator("#player button:visible").all()]:
        assert min(box["width"], box["height"]) >= 24
    page.locator(".turn .said").nth(3).tap()
    wait(page, "sound.currentTime >= 12")
    assert page.errors == []


def test_without_javascript(visit: Open, address: str) -> None:
    page = visit("lead", java_script_enabled=False)
    assert page.locator("audio[controls]").get_attribute("src") == f"/audio/{CALL}"
    assert page.locator("audio[controls]").is_visible()
    assert not page.locator(".panel").is_visible()
    assert "申し訳ございません。" in page.locator("#turns").inner_text()


PLAYED = [
    *(next(path for path in sorted(CALLS.iterdir()) if path.suffix == suffix) for suffix in
      (".mp3", ".m4a", ".ogg", ".webm", ".flac")),
]  # fmt: skip


@pytest.mark.parametrize("path", PLAYED, ids=lambda path: path.suffix)
def test_what_is_served_as_it_is_plays_and_seeks(browser: Any, path: Path) -> None:
    """Each format that goes to browsers untouched, as served by type, in this one."""
    source = look(path)
    page = browser.new_page()
    body = path.read_bytes()
    page.route("http://desk.test/sound", lambda route: _ranged(route, body, source.media_type))
    page.route(
        "http://desk.test/",
        lambda route: route.fulfill(body="<audio id=sound src=/sound>", content_type="text/html"),
    )
    page.goto("http://desk.test/")
    wait(page, "sound.readyState >= 1 || sound.error")
    assert page.evaluate("sound.error && sound.error.message") is None
    assert page.evaluate("sound.duration") == pytest.approx(source.seconds, abs=0.2)
    page.evaluate("sound.currentTime = 20.5")
    wait(page, "!sound.seeking")
    assert time_of(page) == pytest.approx(20.5, abs=0.05)
    page.close()


def _ranged(route: Any, body: bytes, media_type: str | None) -> None:
    asked = route.request.headers.get("range", "bytes=0-").removeprefix("bytes=").split("-")
    start, end = int(asked[0]), int(asked[1]) if asked[1] else len(body) - 1
    headers = {
        "content-type": str(media_type),
        "content-range": f"bytes {start}-{end}/{len(body)}",
        "accept-ranges": "bytes",
    }
    route.fulfill(status=206, headers=headers, body=body[start : end + 1])
