"""Counts to figures that can be trusted: shares and means with intervals, change, agreement. Pure.

Every figure keeps the counts it came from; a ratio is taken last. Where the sample is too small there is
no figure (None), rather than one that means nothing.
"""

from qa.statistics.agreement import Agreement, Standing, Trust
from qa.statistics.change import Change, Direction, mean_change, share_change
from qa.statistics.samples import CONFIDENCE, Interval, Moments, Share
from qa.statistics.weeks import Week, halves, trend_of_means, trend_of_shares, week_of

__all__ = [
    "CONFIDENCE",
    "Agreement",
    "Change",
    "Direction",
    "Interval",
    "Moments",
    "Share",
    "Standing",
    "Trust",
    "Week",
    "halves",
    "mean_change",
    "share_change",
    "trend_of_means",
    "trend_of_shares",
    "week_of",
]
