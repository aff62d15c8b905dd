"""A call's sound: the recording in ranges, and its waveform."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse

from qa.errors import AudioError, RecordingGone
from qa.review.asking import TheCall, TheDesk, TheStore, TheViewer
from qa.review.desk import Desk
from qa.review.languages import catalogue
from qa.review.viewer import Viewer
from qa.store import Listed, Store

router = APIRouter()
PRIVATE = "private, no-cache"
"""Browsers keep it, and ask each time whether they still may: it is somebody's voice."""


@router.api_route("/audio/{call_id:path}", methods=["GET", "HEAD"], name="audio")
def audio(request: Request, call: TheCall, desk: TheDesk, store: TheStore, viewer: TheViewer) -> Response:
    """The recording as browsers play it, whole or in ranges (206, 416), named by its hash (ETag).

    410 where it is gone, 503 where it cannot be made ready: both say what to do.
    """
    recording_id, path = _find(desk, store, viewer, call)
    try:
        copy = desk.sound.browser_copy(path, recording_id)
        found = copy.path.stat()
    except (AudioError, OSError) as error:
        raise _unplayable(viewer, error) from error
    headers = {"ETag": f'"{recording_id}-{found.st_size:x}"', "Cache-Control": PRIVATE}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if request.method == "GET" and _from_the_start(request):
        store.people.note(viewer.name, "heard", call.call_id, address=viewer.address)
    return FileResponse(copy.path, media_type=copy.media_type, headers=headers, stat_result=found)


@router.get("/peaks/{call_id:path}", name="peaks")
def peaks(request: Request, call: TheCall, desk: TheDesk, store: TheStore, viewer: TheViewer) -> Response:
    """The waveform: a byte a step, one channel after the other; the headers say how many, and how fast.

    Worked out when it is first asked for, then kept. Where the recording is gone it can still be drawn.
    """
    names = store.recordings.names(call.call_id)
    kept = store.waveforms.find(names[0].id) if names else None
    if kept is None:
        recording_id, path = _find(desk, store, viewer, call)
        try:
            kept = desk.sound.peaks(path)
        except AudioError as error:
            raise _unplayable(viewer, error) from error
        store.waveforms.keep(recording_id, kept)
    headers = {
        "ETag": f'"{names[0].id}-peaks"',
        "Cache-Control": PRIVATE,
        "X-Channels": str(kept.channels),
        "X-Per-Second": f"{kept.per_second:g}",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(kept.body, media_type="application/octet-stream", headers=headers)


def trouble_with(desk: Desk, store: Store, viewer: Viewer, call: Listed) -> str:
    """Why a call cannot be heard, for its page; empty where its recording is in its place."""
    try:
        _find(desk, store, viewer, call)
    except HTTPException as error:
        return str(error.detail)
    return ""


def _find(desk: Desk, store: Store, viewer: Viewer, call: Listed) -> tuple[str, Path]:
    """The recording's id, and where it lies now."""
    names = store.recordings.names(call.call_id)
    try:
        return names[0].id if names else "", desk.sound.find(names)
    except RecordingGone as error:
        raise HTTPException(410, _gone(viewer, error)) from error


def _gone(viewer: Viewer, error: RecordingGone) -> str:
    _ = catalogue(viewer.language).gettext
    if not error.paths:
        return _(
            "The recording of this call is under no name that qa knows any more."
            " Put it back, and run qa again."
        )
    shown = error.paths if viewer.leads else tuple(Path(path).name for path in error.paths)
    return _(
        "The recording is not where it was: %(names)s."
        " Put it back, or run qa on the folder that it is in now: it is known again by its content."
        " Scorecard and transcript are all here."
    ) % {"names": ", ".join(shown)}


def _unplayable(viewer: Viewer, error: Exception) -> HTTPException:
    _ = catalogue(viewer.language).gettext
    why = str(error) if viewer.leads else ""
    return HTTPException(503, _("The recording cannot be played just now. %(why)s") % {"why": why})


def _from_the_start(request: Request) -> bool:
    """True for the first of the many requests that playing a recording takes."""
    return request.headers.get("range", "bytes=0-").startswith("bytes=0-")
