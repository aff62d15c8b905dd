"""Without JavaScript everything but playing works: Chromium, its scripts off, at a hand-made desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Locator, Page, expect

from tests.review.browser.conftest import SignIn, serving
from tests.review.conftest import PASSWORD

CALL = "a-2/解約 <i>"


@pytest.fixture
def desk(app: FastAPI) -> Iterator[str]:
    """The desk of four calls; no models, no sound."""
    with serving(app) as address:
        yield address


@pytest.fixture(params=[1440, 390])
def plain(request: pytest.FixtureRequest, enter: SignIn) -> SignIn:
    """`plain("lead")`: signed in, in a browser that runs no script."""

    def entered(name: str, language: str = "en") -> Page:
        looks = {"viewport": {"width": request.param, "height": 900}, "java_script_enabled": False}
        return enter(name, language, **looks)

    return entered


def open_call(page: Page, call: str) -> None:
    page.goto("/queue?show=all")
    page.get_by_role("link", name=call, exact=True).click()
    expect(page.get_by_role("heading", name=call, exact=True)).to_be_visible()


def choose(page: Page, name: str) -> Locator:
    """A list to choose from, by its label."""
    return page.get_by_role("combobox", name=name, exact=True)


def finding(page: Page, title: str) -> Locator:
    return page.locator(".finding", has=page.get_by_role("heading", name=title))


def overrule(page: Page, title: str, outcome: str, why: str) -> None:
    card = finding(page, title)
    card.locator(".overrule > summary").click()
    card.get_by_label(outcome, exact=True).check()
    card.locator(".overrule").get_by_label("Why").fill(why)
    card.get_by_role("button", name="Save").click()


def test_scripts_really_are_off(plain: SignIn) -> None:
    page = plain("lead")
    open_call(page, CALL)
    expect(page.locator("#player .panel")).to_be_hidden()  # the script would show it
    page.keyboard.press("n")
    expect(page.locator(".finding:focus")).to_have_count(0)


def test_find_calls(plain: SignIn) -> None:
    page = plain("lead")
    rows = page.locator(".call-row")
    expect(rows).to_have_count(4)
    choose(page, "Agent").select_option("agent-b")
    page.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(2)
    page.get_by_role("link", name="Clear").click()
    expect(rows).to_have_count(4)

    page.get_by_label("Said in the call").fill("壊れて")
    choose(page, "Said by").select_option("customer")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".hit mark").first).to_have_text("壊れて")
    expect(rows).to_have_count(4)
    choose(page, "Said by").select_option("agent")
    page.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(0)
    expect(page.locator(".empty")).to_be_visible()

    page.goto("/queue")
    choose(page, "Criterion").select_option("empathy")
    choose(page, "Outcome").select_option("needs_review")
    page.get_by_label("Score from").fill("10")
    page.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(4)
    page.get_by_label("From day").fill("2026-02-01")
    page.get_by_role("button", name="Show").click()
    expect(rows).to_have_count(0)
    page.get_by_role("link", name="To be decided").click()
    assert "since=2026-02-01" in page.url


def test_decide_comment_mark_and_go_on(plain: SignIn) -> None:
    page = plain("lead")
    open_call(page, CALL)
    overrule(page, "Does not interrupt", "Met", "They had finished")
    card = finding(page, "Does not interrupt")
    expect(card).to_have_attribute("data-outcome", "met")
    expect(card.locator(".history")).to_contain_text("They had finished")
    expect(page.locator(".call-score")).to_contain_text("Machine: 50")
    finding(page, "Says the name").get_by_role("button", name="Agree").click()
    expect(finding(page, "Says the name").locator(".history")).to_contain_text("lead")

    page.get_by_label("At (m:ss)").fill("0:03")
    page.get_by_label("Comment", exact=True).fill("Well done")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#comments")).to_contain_text("0:03 Well done")

    card.get_by_role("button", name="Mark for coaching").click()
    expect(card).to_contain_text("Point to work on")
    card.locator("summary", has_text="Told").click()
    card.get_by_label("What I said to the agent").fill("Wait for a breath")
    card.locator(".coaching").get_by_role("button", name="Save").click()
    expect(card).to_contain_text("Wait for a breath")

    page.get_by_role("button", name="Done with this call").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(CALL)
    page.goto("/queue?show=handled")
    expect(page.locator(".call-row")).to_have_count(1)


def test_disagree_answer_and_read_it(plain: SignIn) -> None:
    agent, lead = plain("agent-a"), plain("lead")
    agent.get_by_role("link", name="My calls").click()
    agent.get_by_role("link", name=CALL, exact=True).click()
    card = finding(agent, "Does not interrupt")
    card.locator("summary", has_text="I disagree").click()
    card.get_by_label("What is wrong with this finding?").fill("They had finished")
    card.get_by_role("button", name="Send to a lead").click()
    expect(card).to_contain_text("A lead will listen again")

    lead.get_by_role("link", name="Disagreements").click()
    lead.get_by_role("link", name=CALL).click()
    overrule(lead, "Does not interrupt", "Met", "I listened again")
    answer = finding(lead, "Does not interrupt").locator(".dispute")
    answer.get_by_label("Changed").check()
    answer.get_by_label("Why").fill("You are right")
    answer.get_by_role("button", name="Answer").click()
    expect(answer).to_contain_text("You are right")

    agent.get_by_role("link", name="Disagreements").click()
    expect(agent.locator(".dispute-row")).to_contain_text("You are right")
    agent.get_by_role("link", name=CALL).click()
    expect(card).to_have_attribute("data-outcome", "met")
    agent.get_by_label("What I want to say to it").fill("Thank you")
    agent.get_by_role("button", name="I have read this").click()
    expect(agent.locator("#read")).to_contain_text("Thank you")


def test_two_leads_at_once(plain: SignIn) -> None:
    first, second = plain("lead"), plain("second")
    open_call(first, CALL)
    open_call(second, CALL)
    overrule(first, "Does not interrupt", "Met", "They had finished")
    overrule(second, "Does not interrupt", "Not applicable", "It did not come up")
    expect(second.get_by_role("heading", name="Somebody was faster")).to_be_visible()
    second.get_by_role("button").last.click()
    expect(finding(second, "Does not interrupt")).to_have_attribute("data-outcome", "not_applicable")


def test_score_blindly_and_compare(plain: SignIn) -> None:
    page = plain("lead")
    page.get_by_role("link", name="Calibration").click()
    page.get_by_label("Title").fill("May")
    page.get_by_label("Calls, drawn at random").fill("2")
    page.get_by_role("button", name="Begin").click()
    page.locator(".plain-list a").first.click()
    card = page.get_by_role("group", name="Does not interrupt")
    card.get_by_label("Met", exact=True).check()
    card.get_by_label("Why").fill("They had finished")
    expect(page.locator("main")).not_to_contain_text("お客様の話を")
    page.get_by_role("button", name="Send, and see both").click()
    row = page.get_by_role("row", name="Does not interrupt")
    expect(row).to_contain_text("Not met")
    expect(row).to_contain_text("They had finished")
    page.get_by_role("link", name="May").click()
    expect(page.get_by_text("Compare")).to_have_count(1)


def test_a_goal_and_the_report(plain: SignIn) -> None:
    page = plain("agent-a")
    choose(page, "What I want to work on").select_option("empathy")
    page.get_by_label("In my own words").fill("Name the feeling")
    page.get_by_role("button", name="Choose").click()
    expect(page.locator("aside")).to_contain_text("Name the feeling")
    page.get_by_role("button", name="No goal").click()
    expect(page.locator("aside")).not_to_contain_text("Name the feeling")


def test_language_theme_password_and_sign_out(plain: SignIn) -> None:
    page = plain("lead")
    page.get_by_role("link", name="lead", exact=True).click()
    choose(page, "Theme").select_option("dark")
    choose(page, "Language").select_option("ja")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("heading", level=1)).to_have_text("アカウント")
    page.get_by_role("button", name="English").click()
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("another one 2")
    page.get_by_label("New password again").fill("another one 2")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("Name").fill("lead")
    page.get_by_label("Password").fill("another one 2")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/queue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
