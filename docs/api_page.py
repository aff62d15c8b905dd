"""docs/api.md: every route of `/api`, from the routes themselves and the table of who may use them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from fastapi.routing import APIRoute

from qa.review.access import EVERYBODY, ROUTES
from qa.review.routes.api import ROUTERS
from qa.review.viewer import Who

INTRODUCTION = """\
# The desk as JSON

<!-- Written by docs/refresh.py. Change the code, then run `make docs`. -->

Everything that the pages of `qa serve` show and do, for programs. `/api/openapi.json` (for whoever has
signed in) describes each body and each answer.

- **Sign in** as on the page: the session cookie counts, or the trusted proxy's header. Agents get their own
  calls only; a call that is somebody else's looks like one that there is not (404).
- **Every POST** carries the `csrf_token` of `/api/me` in the header `X-CSRF-Token`; without it: 403.
- **Nothing is overwritten.** What people say is added. A word on an outcome that somebody else reviewed
  since (`seen`), a second disagreement while one waits, a second blind score: 409.
- **Blind sets**: until whoever began a set has scored a call of it, the machine's word on that call is kept
  from them: `/api/calls` leaves it out, and the call itself where a score, an outcome or a flag is asked for;
  `/api/calls/{call_id}` is 403, and the set compares nothing.
- A call id stands in a path as it is, percent-encoded (`/` as `%2F`). Times in a call are seconds from its
  start; dates and times are ISO 8601.
- What is wrong is said in `detail`: 401 not signed in, 403 not yours to do, 404 no such thing, 409 too
  late, 422 makes no sense, 503 the database is busy.

```sh
curl --cookie qa_session=… https://desk.example/api/me
curl --cookie qa_session=… -H 'X-CSRF-Token: …' -H 'Content-Type: application/json' \\
     -d '{"criterion": "empathy", "words": "I said it at 0:12"}' https://desk.example/api/disputes/CALL
```
"""


def page() -> str:
    """The page."""
    lines = [INTRODUCTION, "| route | who | what it does |", "|---|---|---|"]
    lines += [f"| `{method} {path}` | {who} | {does} |" for method, path, who, does in rows()]
    return "\n".join([*lines, ""])


def rows() -> Iterator[tuple[str, str, str, str]]:
    """(method, path, who may, what it does) of every route, in the order of the desk's rooms."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                (method,) = route.methods
                does = " ".join(inspect.getdoc(route.endpoint).split()).replace("|", "\\|")
                yield method, route.path.replace(":path", ""), _who(ROUTES[route.name]), does


def _who(allowed: frozenset[Who]) -> str:
    if allowed == EVERYBODY:
        return "everybody"
    return ", ".join(who for who in Who if who in allowed)
