"""A judge behind an OpenAI-compatible chat endpoint: vLLM, Ollama, the llama.cpp server.

One request a question, at temperature 0, with the answer's JSON Schema as `response_format`. No redirect is
followed and no proxy used: the text goes to the address in qa.toml and nowhere else. It was redacted before
it came here (`qa.rubric.checks.redact`).
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from qa.errors import JudgeError, SettingsError
from qa.rubric.checks.judge import INSTRUCTIONS, SCHEMA, Answer, Question
from qa.settings import Settings

MOST_BYTES = 1_000_000
"""Of a reply; an answer has a few hundred."""
MOST_TOKENS = 800
GIVE_UP_AFTER = 3
"""Failures in a row after which the judge is left alone for a while: a night must end."""
REST_SECONDS = 300.0
CONNECTIONS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


def configured(settings: Settings, environ: Mapping[str, str] | None = None) -> ChatJudge | None:
    """The judge that qa.toml names; None if it names none. Raises `SettingsError`."""
    if not settings.judge_url:
        return None
    environ = os.environ if environ is None else environ
    key = environ.get(settings.judge_key_env, "") if settings.judge_key_env else ""
    if settings.judge_key_env and not key:
        raise SettingsError(f"judge_key_env: the environment has no {settings.judge_key_env}")
    if not settings.judge_model:
        raise SettingsError("judge_model: name the model that answers at judge_url")
    return ChatJudge(
        settings.judge_url,
        settings.judge_model,
        key=key,
        timeout=settings.judge_timeout,
        most_turns=settings.judge_max_turns,
    )


class ChatJudge:
    """A `Judge` over HTTP. `timeout`: seconds for a whole question, connecting included."""

    def __init__(
        self, url: str, model: str, *, key: str = "", timeout: float = 60.0, most_turns: int = 200
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in CONNECTIONS or not parts.hostname:
            raise SettingsError(f"judge_url: {url!r} is no address such as http://127.0.0.1:8000/v1")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port
        self._path = parts.path.rstrip("/") + "/chat/completions"
        self._model = model
        self._key = key
        self._timeout = timeout
        self.most_turns = most_turns
        self.identity = f"{model}@{parts.hostname}" + (f":{parts.port}" if parts.port else "")
        self._failures = 0
        self._rests_until = 0.0

    def ask(self, question: Question) -> Answer:
        """Its answer. Raises `JudgeError`: slow, unreachable or malformed."""
        if time.monotonic() < self._rests_until:
            raise JudgeError("judge_unreachable", f"failed {GIVE_UP_AFTER} times in a row: not asked")
        try:
            reply = self._post(self._request(question))
        except JudgeError:
            self._failures += 1
            if self._failures >= GIVE_UP_AFTER:
                self._failures, self._rests_until = 0, time.monotonic() + REST_SECONDS
            raise
        self._failures = 0
        return Answer.read(_content(reply))

    def _request(self, question: Question) -> bytes:
        asked = {
            "model": self._model,
            "temperature": 0,
            "seed": 0,
            "max_tokens": MOST_TOKENS,
            "messages": [
                {"role": "system", "content": INSTRUCTIONS},
                {"role": "user", "content": question.as_json()},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(SCHEMA)},
            },
        }
        return json.dumps(asked, ensure_ascii=False).encode("utf-8")

    def _post(self, body: bytes) -> bytes:
        """The reply's bytes. A server that drips byte after byte is cut off in time too."""
        connection = CONNECTIONS[self._scheme](self._host, self._port, timeout=self._timeout)
        late = threading.Event()
        started = time.monotonic()
        deadline: threading.Timer | None = None
        try:
            connection.connect()
            left = max(0.0, self._timeout - (time.monotonic() - started))
            deadline = threading.Timer(left, _cut, (connection.sock, late))
            deadline.daemon = True
            deadline.start()
            return self._exchange(connection, body)
        except (OSError, http.client.HTTPException) as error:
            if late.is_set() or isinstance(error, TimeoutError):
                raise JudgeError("judge_slow", f"{self._timeout:g} s") from error
            raise JudgeError("judge_unreachable", str(error) or type(error).__name__) from error
        finally:
            if deadline is not None:
                deadline.cancel()
            connection.close()

    def _exchange(self, connection: http.client.HTTPConnection, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        connection.request("POST", self._path, body, headers)
        with connection.getresponse() as response:
            if response.status != http.client.OK:
                raise JudgeError("judge_unreachable", f"HTTP {response.status} {response.reason}")
            reply = response.read(MOST_BYTES + 1)
            if len(reply) > MOST_BYTES:
                raise JudgeError("judge_malformed", f"more than {MOST_BYTES} bytes")
            if response.length:
                raise http.client.IncompleteRead(reply, response.length)
            return reply


def _cut(sock: socket.socket, late: threading.Event) -> None:
    """End whatever is being waited for. (The connection lets go of its socket once a reply begins.)"""
    late.set()
    with contextlib.suppress(OSError):  # it ended by itself at the same moment
        sock.shutdown(socket.SHUT_RDWR)


def _content(reply: bytes) -> str:
    """What the model said. Raises `JudgeError`."""
    try:
        document: Any = json.loads(reply)
        content = document["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as error:
        raise JudgeError("judge_malformed", "no chat completion") from error
    if not isinstance(content, str):
        raise JudgeError("judge_malformed", "no text in the chat completion")
    return content
