"""The guides, as pages of the desk: Markdown from docs/guides, shipped with the package."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse
from markdown_it import MarkdownIt
from markupsafe import Markup

from qa.review.asking import TheViewer
from qa.review.pages import show

router = APIRouter()
GUIDES = ("leads", "agents", "rubric")


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide."""

    name: str
    body: Markup
    template: str = "guide.html"


def folder() -> Path:
    """Where the guides are: in the package, or in the checkout."""
    package = Path(__file__).parents[2]
    shipped = package / "guides"
    return shipped if shipped.is_dir() else package.parent / "docs" / "guides"


@router.get("/guide/pictures/{name}", name="guide_picture")
def guide_picture(name: str) -> Response:
    """A picture of a guide."""
    path = folder() / "pictures" / name
    if not re.fullmatch(r"[a-z0-9.-]+\.png", name) or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="image/png", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/guide/{name}", name="guide")
def guide(request: Request, name: str, viewer: TheViewer) -> Response:
    """A guide in the viewer's language."""
    if name not in GUIDES:
        raise HTTPException(404)
    return show(request, Guide(name, _html(name, viewer.language)))


@functools.cache
def _html(name: str, language: str) -> Markup:
    """Our own Markdown as HTML; links between guides lead to pages of the desk."""
    path = folder() / f"{name}.{language}.md"
    text = re.sub(r"\]\((leads|agents|rubric)\.(?:ja|en)\.md\)", r"](/guide/\1)", path.read_text("utf-8"))
    text = re.sub(r"\]\(pictures/", "](/guide/pictures/", text)
    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))
