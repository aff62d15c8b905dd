"""What a lead and an agent do in the morning, in headless Chromium with real audio."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.review.browser.conftest import SignIn

pytestmark = [pytest.mark.models, pytest.mark.slow]
ENGLISH = "en-02-cancel-broadband-stereo"
JAPANESE = "ja-02-double-billing-stereo"
PLAYHEAD = "document.querySelector('audio').currentTime"


def open_call(page: Page, call: str) -> None:
    page.goto("/queue")
    page.get_by_role("link", name=call, exact=True).click()
    expect(page.get_by_role("heading", name=call)).to_be_visible()
    page.wait_for_load_state()  # before the page's script has run, a moment is only gone to, not played


def overrule(page: Page, outcome: str, why: str) -> str:
    """Say something else on the first criterion that is not met; its id."""
    finding = page.locator(".finding[data-outcome=not_met]").first
    criterion = finding.get_attribute("id")
    assert criterion
    finding.locator("summary").click()
    finding.get_by_label(outcome, exact=True).check()
    finding.locator("textarea").fill(why)
    finding.locator(".overrule-body .primary").click()
    expect(page.locator(f"#{criterion}")).to_have_attribute("data-outcome", "met")
    return criterion


def played_past(page: Page, second: float) -> float:
    """The playhead, once it has passed `second`. Asked from here: the page's policy forbids eval."""
    for _ in range(200):
        at = float(page.evaluate(PLAYHEAD))
        if at > second:
            return at
        page.wait_for_timeout(100)
    raise AssertionError(f"the sound stands at {at:.1f} s, not past {second:.1f} s")


def test_find_hear_overrule_and_see_it_counted(enter: SignIn) -> None:
    page = enter("lead")
    expect(page.locator(".call-row")).to_have_count(2)
    open_call(page, ENGLISH)
    before = page.locator(".call-score .score-value").inner_text()
    page.locator(".finding[data-outcome=not_met] .evidence .moment").first.click()
    at = played_past(page, 0.5)
    played_past(page, at + 0.5)
    page.keyboard.press("Space")
    overrule(page, "Met", "It is said at the start")
    after = page.locator(".call-score .score-value").inner_text()
    assert float(after) > float(before)
    expect(page.locator(".call-score")).to_contain_text(f"Machine: {before}")
    page.goto("/queue?show=all")
    row = page.locator(".call-row", has_text=ENGLISH)
    expect(row.locator(".score-value")).to_have_text(after)
    expect(row).to_contain_text("1 reviewed")


def test_all_of_it_by_keyboard(enter: SignIn) -> None:
    page = enter("lead")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/call/**")
    page.wait_for_load_state()  # keys work once the page's script has run
    page.keyboard.press("n")
    page.keyboard.press("n")
    criterion = page.evaluate("document.activeElement.id")
    assert criterion.startswith("f-")
    page.keyboard.press("3")
    page.keyboard.type("There was nothing to judge")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"#{criterion} .history")).to_contain_text("There was nothing to judge")
    page.wait_for_load_state()  # keys work once the page's script has run
    page.keyboard.press("c")
    expect(page.locator("#comments textarea")).to_be_focused()
    page.keyboard.type("Listen to this together")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#comments")).to_contain_text("Listen to this together")
    page.wait_for_load_state()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("d")
    page.wait_for_load_state()
    page.goto("/queue?show=handled")
    expect(page.locator(".call-row")).to_have_count(1)


def test_two_leads_at_once(enter: SignIn) -> None:
    first, second = enter("lead"), enter("second")
    open_call(first, ENGLISH)
    open_call(second, ENGLISH)
    criterion = overrule(first, "Met", "I heard it")
    finding = second.locator(f"#{criterion}")
    finding.locator("summary").click()
    finding.get_by_label("Not applicable", exact=True).check()
    finding.locator("textarea").fill("It did not come up")
    finding.locator(".overrule-body .primary").click()
    expect(second.get_by_role("heading", name="Somebody was faster")).to_be_visible()
    expect(second.locator("main")).to_contain_text("I heard it")
    expect(second.locator("main")).to_contain_text("It did not come up")
    second.get_by_role("link", name=re.compile("Leave it")).click()
    expect(second.locator(f"#{criterion}")).to_have_attribute("data-outcome", "met")


def test_an_agent_sees_only_their_own(enter: SignIn) -> None:
    page = enter("gareth")
    page.goto("/mine/calls")
    expect(page.locator("main")).to_contain_text(ENGLISH)
    expect(page.locator("main")).not_to_contain_text(JAPANESE)
    page.goto(f"/call/{ENGLISH}")
    expect(page.locator(".finding").first).to_be_visible()
    expect(page.locator(".overrule")).to_have_count(0)


def test_search_and_japanese(enter: SignIn) -> None:
    page = enter("lead", "ja")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    page.fill("#said", "お調べできない")
    page.keyboard.press("Enter")
    expect(page.locator(".call-row")).to_have_count(1)
    expect(page.locator(".hit")).to_contain_text("お調べできない")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
