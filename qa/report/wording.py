"""What reports say, in Japanese and English, and how they write numbers and dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from qa.model import Message, Role
from qa.report.transcripts import ROLES
from qa.statistics import Change, Direction, Interval, Moments, Share, Standing
from qa.store.coaching import Stage

TEXTS: Mapping[str, Message] = MappingProxyType(
    {
        "title": Message("{name}さんの通話", "{name}'s calls"),
        "team_title": Message("チームの通話", "The team's calls"),
        "period": Message("{first}から{last}までの通話{calls}件", "{calls} calls, {first} to {last}"),
        "undated": Message("通話{calls}件", "{calls} calls"),
        "start": Message(
            "まず、うまくいったことからお伝えします。次に、取り組むことをひとつだけ。",
            "First what went well; then one thing to work on.",
        ),
        "good": Message("うまくいったこと", "What went well"),
        "good_none": Message(
            "お聞かせできる場面は、まだ集まっていません。通話が増えたら、ここから始まります。",
            "There is no moment to listen to yet. With more calls the report begins here.",
        ),
        "praise": Message("お客様からのお礼", "Callers thanked you"),
        "listen": Message("聞いてみてください", "Worth a listen"),
        "work": Message("次に取り組むこと、ひとつ", "One thing to work on"),
        "work_none": Message(
            "いま取り上げることはありません。この調子で続けてください。",
            "Nothing to single out for now. Keep going like this.",
        ),
        "own_goal": Message("ご自分で選んだ目標です", "The goal you chose yourself"),
        "said": Message("このときの会話", "What was said"),
        "no_moment": Message(
            "この期間には、これが足りなかった場面はありません。",
            "In these weeks there is no moment in which it was missing.",
        ),
        "could_say": Message("たとえば、こう言えます", "What could be said, for example"),
        "could_say_source": Message("評価基準の例文です", "Examples from the rubric"),
        "meaning": Message("この項目で見ていること", "What is looked at"),
        "met_in": Message("できていた通話", "Met in"),
        "score": Message("点数の平均", "Mean score"),
        "trend": Message("変化", "Change"),
        "trend_none": Message(
            "まだ変化は言えません(前半と後半に{least}件ずつ必要です)",
            "Nothing can be said of a change yet (needs {least} calls in each half of the weeks)",
        ),
        "up": Message(
            "後半は前半より{amount}ポイント上がりました(95%区間 {low}〜{high})",
            "Later weeks are up by {amount} points on the earlier ones (95 % interval {low} to {high})",
        ),
        "down": Message(
            "後半は前半より{amount}ポイント下がりました(95%区間 {low}〜{high})",
            "Later weeks are down by {amount} points on the earlier ones (95 % interval {low} to {high})",
        ),
        "unclear": Message(
            "前半と後半に、はっきりした差はありません(95%区間 {low}〜{high}ポイント)",
            "No clear difference between earlier and later weeks (95 % interval {low} to {high} points)",
        ),
        "share": Message("{of}件中{count}件", "{count} of {of}"),
        "interval": Message("95%区間 {low}〜{high}", "95 % interval {low}–{high}"),
        "nothing": Message("まだなし", "none yet"),
        "one_call": Message("区間を示すには通話が足りません", "too few calls for an interval"),
        "context": Message("背景", "Context"),
        "apart": Message(
            "次の通話{apart}件は、平均に入れていません。回線や混雑、暴言は、あなたの評価ではないからです。",
            "{apart} calls are not averaged in: a bad line, a full queue or abuse says nothing about you.",
        ),
        "apart_none": Message(
            "音質の悪い通話、混雑した時間の通話、暴言のあった通話はありませんでした。",
            "No call had poor audio, a busy hour or abuse.",
        ),
        "poor-audio": Message("音質が悪い", "Poor audio"),
        "harassment": Message("お客様からの暴言", "Abuse by the caller"),
        "busy-hour": Message("混雑した時間", "Busy hour"),
        "calls": Message("{count}件", "{count} calls"),
        "coaching": Message("一緒に取り組んでいること", "What we are working on together"),
        "marked": Message("これから話します", "To be talked about"),
        "told": Message("伝えた", "Told"),
        "understood": Message("伝わった", "Understood"),
        "changed": Message("変わった", "Changed"),
        "dropped": Message("取り下げ", "Taken back"),
        "before": Message("前", "Before"),
        "after": Message("後", "After"),
        "change_none": Message(
            "変化を言うには、前後に{least}件ずつ必要です",
            "To speak of a change, {least} calls are needed on each side",
        ),
        "changed_up": Message("よくなりました", "It got better"),
        "changed_down": Message("下がりました", "It went down"),
        "changed_unclear": Message("はっきりした差はまだありません", "No clear difference yet"),
        "all": Message("項目ごとの結果", "All criteria"),
        "criterion": Message("項目", "Criterion"),
        "undecided": Message("人が確認", "For a person"),
        "by_week": Message("週ごと", "By week"),
        "week_dot": Message("{monday}の週: {value}({calls}件)", "Week of {monday}: {value} ({calls} calls)"),
        "advice_only": Message("参考のみ", "Advice only"),
        "advice_why": Message(
            "この項目は、人の判断と合わないことが多いため、点数に入れていません。",
            "People disagree with the machine on this one too often, so it does not count.",
        ),
        "how": Message("この報告の読み方", "How to read this"),
        "how_text": Message(
            "機械が通話を聞いて、評価基準の項目ごとに「達成」「未達成」「該当なし」「要確認」を付けました。"
            "人が見直した結果は、機械の結果より優先されます。1件の点数は偶然に左右されるので、平均と95%区間を"
            "示しています。区間が広いときは、まだよく分からないという意味です。",
            "A machine listened and marked each criterion met, not met, not applicable or for a person to "
            "check. Where a person looked again, their word counts. One call is chance, so you see means "
            "with 95 % intervals; a wide interval means that not much is known yet.",
        ),
        "disagree": Message(
            "納得できない結果があれば、デスクの通話の画面で「異議を出す」を押し、理由を書いてください。"
            "リーダーが聞き直して答えます。異議は、評価に不利になりません。",
            "If you disagree with a finding, open the call on the desk, choose “I disagree” and say why. "
            "A lead listens again and answers. It is never held against you.",
        ),
        "agent": Message("担当者", "Agent"),
        "agents": Message("担当者ごと", "By agent"),
        "team_all": Message("全員", "Everybody"),
        "set_apart": Message("平均の外", "Set apart"),
        "number": Message("件数", "Calls"),
        "mean": Message("平均", "Mean"),
        "team_how": Message(
            "点は平均、線は95%区間です。線が長いほど、まだよく分かっていません。"
            "音質が悪い・混雑・暴言の通話は平均に入れず、「平均の外」に数えています。",
            "Dots are means, lines their 95 % intervals: the longer the line, the less is known. Calls with "
            "poor audio, in a busy hour or with abuse are not averaged in: they are counted as set apart.",
        ),
        "nobody": Message("まだ採点された通話がありません。", "No call is scored yet."),
    }
)
DIRECTIONS: Mapping[Direction, str] = MappingProxyType(
    {Direction.UP: "▲", Direction.DOWN: "▼", Direction.UNCLEAR: "="}
)
"""A sign besides the words: read without colour."""


class Wording:
    """Says things in one language."""

    def __init__(self, language: str) -> None:
        self.language = "ja" if language == "ja" else "en"

    def __call__(self, name: str, /, **values: object) -> str:
        """The text called `name`, filled in."""
        return TEXTS[name].text(self.language).format(**values)

    def text(self, message: Message) -> str:
        """A message in this language."""
        return message.text(self.language)

    def role(self, role: Role) -> str:
        """Who somebody is."""
        return ROLES[role].text(self.language)

    def stage(self, stage: Stage) -> str:
        """How far a point has come."""
        return self(stage.value)

    def day(self, day: date | None) -> str:
        """`2026年1月5日`, `5 Jan 2026`."""
        if day is None:
            return "–"
        if self.language == "ja":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {day:%b} {day.year}"

    def short(self, day: date | datetime | None) -> str:
        """`1月5日`, `5 Jan`."""
        if day is None:
            return "–"
        return f"{day.month}月{day.day}日" if self.language == "ja" else f"{day.day} {day:%b}"

    def share(self, share: Share) -> str:
        """`24件中18件(75%、95%区間 55〜88%)`."""
        interval = share.interval
        if interval is None:
            return self("nothing")
        percent = f"{100 * share.count / share.of:.0f}"
        told = self("share", count=share.count, of=share.of)
        ends = self("interval", low=f"{100 * interval.low:.0f}", high=f"{100 * interval.high:.0f}")
        return f"{told}({percent}%、{ends}%)" if self.language == "ja" else f"{told} ({percent} %, {ends} %)"

    def mean(self, moments: Moments) -> str:
        """`82.4 (95 % interval 77.0–87.8)`."""
        if moments.mean is None:
            return self("nothing")
        interval = moments.interval
        ends = self._ends(interval) if interval else self("one_call")
        return f"{moments.mean:.1f}({ends})" if self.language == "ja" else f"{moments.mean:.1f} ({ends})"

    def _ends(self, interval: Interval) -> str:
        return self("interval", low=f"{interval.low:.1f}", high=f"{interval.high:.1f}")

    def trend(self, change: Change | None, least: int, scale: float = 100) -> str:
        """A sentence about a change over the weeks. `scale`: 100 for shares, 1 for scores."""
        if change is None:
            return self("trend_none", least=least)
        return self(
            change.direction.value,
            amount=f"{abs(change.amount) * scale:.0f}",
            low=f"{change.interval.low * scale:+.0f}",
            high=f"{change.interval.high * scale:+.0f}",
        )

    def changed(self, change: Change | None, least: int) -> str:
        """A sentence about what the calls after a talk say."""
        if change is None:
            return self("change_none", least=least)
        low, high = f"{change.interval.low * 100:+.0f}", f"{change.interval.high * 100:+.0f}"
        ends = self("interval", low=low, high=high)
        told = self(f"changed_{change.direction.value}")
        return f"{told}({ends}ポイント)" if self.language == "ja" else f"{told} ({ends} points)"

    def sign(self, change: Change | None) -> str:
        """▲ ▼ = or nothing."""
        return DIRECTIONS[change.direction] if change else ""


STANDINGS: Mapping[Standing, Message] = MappingProxyType(
    {
        Standing.COUNTS: Message("点数に入る", "Counts"),
        Standing.UNPROVEN: Message("確認がまだ少ない", "Too few checks yet"),
        Standing.ADVICE: TEXTS["advice_only"],
    }
)
