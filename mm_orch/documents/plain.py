"""Plain text, Markdown and JSON: title and text, nearly as it is."""

from __future__ import annotations

import json
import re

from mm_orch.documents.soft_breaks import unwrapped

_TITLE_LENGTH = 80
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r"""^title:[ \t]*(["']?)(.+?)\1[ \t]*$""", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$|^(\S.*)\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
_FENCED = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)


def read_markdown(text: str) -> tuple[str, str]:
    """``(title, text)``: the title from the front matter, else the first heading.

    The front matter is taken out, and paragraphs stand on one line each.
    """
    front = _FRONT_MATTER.match(text)
    body = text[front.end() :] if front else text
    titled = _TITLE.search(front[1]) if front else None
    heading = _HEADING.search(_FENCED.sub("", body))
    title = titled[2] if titled else (heading[1] or heading[2]) if heading else first_line(body)
    return title.strip(), unwrapped(body)


def read_json(text: str) -> str:
    """JSON with one value a line and readable characters; what is no JSON as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    except (ValueError, RecursionError):
        return text


def first_line(text: str) -> str:
    """The first line that says something, without its marks, at most 80 characters of it."""
    lines = (line.strip("#=-*~ \t") for line in text.splitlines())
    return next((line for line in lines if line), "")[:_TITLE_LENGTH]
