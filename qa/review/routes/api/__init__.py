"""The same as the pages, as JSON: `/api`, described by `/api/openapi.json`.

Sign in on the page first (the session cookie counts), or through the proxy; every POST carries the token of
`/api/me` in the header X-CSRF-Token. Who may use which route stands in `qa.review.access`, like that of every
page; what people do is done by `qa.review.deeds`, as on the pages.
"""

from qa.review.routes.api import audit, calibration, calls, coaching, decide, disputes, figures

ROUTERS = (
    calls.router,
    decide.router,
    disputes.router,
    coaching.router,
    calibration.router,
    figures.router,
    audit.router,
)
"""One a room of the desk."""
