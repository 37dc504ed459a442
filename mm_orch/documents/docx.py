"""A Word document (.docx) into title and Markdown, through mammoth's HTML."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from mm_orch.documents.archive import Archive
from mm_orch.documents.html import read_fragment
from mm_orch.words import Sentence

_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = ("0", "false", "off", "none")
_UNSEEN_SIZE = 4  # half points
_PROPERTIES = "docProps/core.xml"


def read_docx(data: bytes, url: str) -> tuple[str, str]:
    """``(title, Markdown)``; the title is empty where the document names none.

    Raises ``FetchError`` for a document that is damaged, encrypted, or unpacks to too much.
    """
    import mammoth

    archive = Archive(data, url, Sentence("kind.word"))
    copy, title = _readable_copy(archive)
    try:
        html = mammoth.convert_to_html(copy, convert_image=lambda image: [], style_map=_STYLES).value
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, OSError, RecursionError) as error:
        raise archive.damaged(error) from error
    return title, read_fragment(html)


def _readable_copy(archive: Archive) -> tuple[io.BytesIO, str]:
    """``(the document, its title)`` without hidden runs, pictures and macros: XML parts alone, written again."""
    from lxml import etree

    copy = io.BytesIO()
    title = ""
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        for name in archive.names:
            if not name.endswith((".xml", ".rels")):
                continue
            root = archive.xml(name)
            if name == _PROPERTIES:
                title = _title(root)
            _remove_hidden(root)
            written.writestr(name, etree.tostring(root))
    copy.seek(0)
    return copy, title


def _title(root: Any) -> str:
    found = root.xpath("//*[local-name()='title']/text()")
    return str(found[0]).strip() if found else ""


def _remove_hidden(root: Any) -> None:
    """Take out runs that Word does not show."""
    for run in list(root.iter(f"{_WORD}r")):
        properties = run.find(f"{_WORD}rPr")
        if properties is not None and _is_hidden(properties):
            run.getparent().remove(run)


def _is_hidden(properties: Any) -> bool:
    """Marked as hidden, white on nothing, or too small to be seen (sizes are half points)."""
    if any(_is_on(properties, name) for name in ("vanish", "webHidden", "specVanish")):
        return True
    if _value(properties, "color").upper() == "FFFFFF":
        return properties.find(f"{_WORD}shd") is None and properties.find(f"{_WORD}highlight") is None
    size = _value(properties, "sz")
    return size.isdecimal() and int(size[:6]) <= _UNSEEN_SIZE


def _is_on(properties: Any, name: str) -> bool:
    return properties.find(f"{_WORD}{name}") is not None and _value(properties, name) not in _OFF


def _value(properties: Any, name: str) -> str:
    found = properties.find(f"{_WORD}{name}")
    return "" if found is None else str(found.get(f"{_WORD}val", ""))
