"""Asking a model of your own about a call, over HTTP. The only room that opens a connection at night."""

from qa.judge.client import ChatJudge, configured

__all__ = ["ChatJudge", "configured"]
